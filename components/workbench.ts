import type * as pulumi from "@pulumi/pulumi";
import type { StepReport } from "../converter/types";
import { createAccess } from "./access";
import { convert } from "./conversion";
import { Until } from "./enums";
import { find } from "./findings";
import { createHelper, createWorkbenchState } from "./helper";
import { type Ready, publishable } from "./image";
import { after, type Migration, reaches } from "./migration";
import { recallPublished } from "./publishedImage";
import { stepReports } from "./report";
import { attachVolumes, createVolumes } from "./volumes";

/** What steps 1 to 5 come to. */
export interface Converted {
  /**
   * Resolves once the checks have passed, and rejects with their error: what a resource that is never made gives would
   * otherwise be waited for without end.
   */
  checked: pulumi.Output<unknown>;
  /** Each step's record; absent where the workbench is gone. */
  reports?: pulumi.Output<StepReport[]>;
  /** What can be published; absent where `until` stops before. */
  ready?: Ready;
}

/** Steps 1 to 5: a helper converts a copy of the source, and boots it. */
export function convertSource(migration: Migration): Converted {
  const found = find(migration.name, migration.args, migration.parent);
  const access = createAccess(migration, found);
  const volumes = createVolumes(migration, found);
  const helper = createHelper(migration, found, access, volumes);
  const attachments = attachVolumes(migration, found, helper, volumes);
  const steps = convert(migration, found, helper, volumes, attachments);
  const reports = stepReports(steps);
  if (!reaches(migration.args, Until.Publish)) return { checked: found, reports };

  const rest = createWorkbenchState(migration, helper, after(found, [steps[steps.length - 1].command]));
  const made = publishable(migration, found, volumes, reports);
  return { checked: found, reports, ready: { made, dependsOn: [rest] } };
}

/** Instead of steps 1 to 5, once the workbench is removed: what they came to. */
export function recallConversion(migration: Migration): Converted {
  const made = recallPublished(migration);
  return { checked: made, ready: { made, dependsOn: [] } };
}

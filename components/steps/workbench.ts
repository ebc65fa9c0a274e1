import * as pulumi from "@pulumi/pulumi";
import type { StepReport } from "../../converter/types";
import { createAccess } from "./access";
import { convert, stepReports } from "./conversion";
import { Until } from "../enums";
import type { Findings } from "../findings/findings";
import { connectToHelper, createHelper, idsOf } from "./helper";
import { startHelper, stopHelper } from "./helperPower";
import { reaches } from "../asked";
import { after, type Migration } from "../together/migration";
import type { Publishable } from "../published/publishable";
import { publishable, type Ready } from "./publishable";
import type { SourceReport } from "../report/reportedSource";
import { isDryPreparation } from "../sourceKind";
import { readySource } from "./source";
import { inTurn } from "./turn";
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
  /** What was found of the source, and done to it; undefined once the workbench is removed. */
  sourceReport: pulumi.Output<SourceReport | undefined>;
  /** The helper, once its work is done and it is at rest; undefined where there is none any more. */
  helperId: pulumi.Output<string | undefined>;
}

/**
 * Steps 1 to 5: a helper converts a copy of the source, and boots it. Where it was stopped before, it is started before the
 * first step that is left; after the last one it is stopped, unless it shall keep running.
 */
export function convertSource(migration: Migration, found: pulumi.Output<Findings>): Converted {
  const { args } = migration;
  const turn = inTurn(found, args.helper.waitFor);
  let helperIsMade: (id: pulumi.Output<string>) => void = () => undefined;
  const source = readySource(migration, turn, new Promise((made) => (helperIsMade = made)));
  const sourceReport = source.report.apply((report): SourceReport | undefined => report);
  if (isDryPreparation(args)) return { checked: turn, sourceReport, helperId: turn.apply(() => undefined) };
  const access = createAccess(migration, found, source);
  const volumes = createVolumes(migration, turn, source);
  const instance = createHelper(migration, turn, access, volumes);
  helperIsMade(instance.id);
  const attachments = attachVolumes(migration, turn, { instance }, volumes);
  const started = startHelper(migration, turn, instance, attachments);
  const helper = { instance, connection: connectToHelper(instance, migration, access, started) };
  const before = started.apply((all): pulumi.Resource[] => [...attachments, ...all]);
  const steps = convert(migration, turn, helper, volumes, before as pulumi.Output<pulumi.Resource[]>);
  const reports = stepReports(steps);
  const { command: last } = steps[steps.length - 1];
  const stopped = stopHelper(migration, turn, instance, last);

  const atRest = pulumi.all([instance.id, reports, idsOf(stopped), turn]);
  const made = reaches(args, Until.Publish) ? publishable(migration, turn, volumes, reports) : undefined;
  const dependsOn = stopped.apply((all): pulumi.Resource[] => [last, ...all]);
  const ready = made && { made, dependsOn: dependsOn as pulumi.Output<pulumi.Resource[]> };
  const helperId = atRest.apply(([id]): string | undefined => id);
  return { checked: turn, reports, ready, sourceReport, helperId };
}

/** Instead of steps 1 to 5, once the workbench is removed: what they came to. */
export function recallConversion(made: pulumi.Output<Publishable>): Converted {
  const ready = { made, dependsOn: after(made) };
  const none = made.apply(() => undefined);
  return { checked: made, ready, sourceReport: none, helperId: none };
}

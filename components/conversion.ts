import * as pulumi from "@pulumi/pulumi";
import { remote } from "@pulumi/command";
import type { StepName } from "../converter/types";
import { CONVERTER_PATH, stepCommand, WRITING_STEPS } from "./commands";
import { type ConverterBundle, readBundle } from "./converterBundle";
import { Until } from "./enums";
import type { Findings } from "./findings";
import type { Helper } from "./helper";
import { after, type Migration, reaches, skipsRehearsal } from "./migration";
import type { Volumes } from "./volumes";

/** The commands of a conversion, in order. */
export type Steps = { step: StepName; command: remote.Command }[];

/** Everything that a step is run with. */
interface Bench {
  migration: Migration;
  found: pulumi.Output<Findings>;
  helper: Helper;
  volumes: Volumes;
  bundle: ConverterBundle;
}

/** Seconds that a rehearsal may take at most when nothing is said; its real limit is measured on the helper. */
const REHEARSAL_SECONDS = 3600;

/** What may change without running a finished step again: everything but `triggers`. A replacement takes the new values. */
const FROZEN_COMMAND = ["connection", "create", "environment", "stdin", "interpreter", "logging"];
const FROZEN_COPY = ["connection", "source"];

/** Runs the converter on the helper, as far as `until` says: one command a step, each after the one before. */
export function convert(
  migration: Migration,
  found: pulumi.Output<Findings>,
  helper: Helper,
  volumes: Volumes,
  attachments: pulumi.Resource[],
): Steps {
  const bench: Bench = { migration, found, helper, volumes, bundle: readBundle() };
  const steps: Steps = [];
  let before: pulumi.Resource[] = [copyConverter(bench), ...attachments];
  for (const step of stepNames(migration)) {
    const command = runStep(step, bench, before);
    steps.push({ step, command });
    before = [command];
  }
  return steps;
}

/** Which steps `until` asks for, and `rehearsal.skip` leaves. */
function stepNames({ args }: Migration): StepName[] {
  if (!reaches(args, Until.Rehearse)) return ["inspect"];
  const steps: StepName[] = ["inspect", ...WRITING_STEPS];
  return skipsRehearsal(args) ? steps : [...steps, "rehearse"];
}

function copyConverter({
  migration: { name, parent, key },
  found,
  helper,
  bundle,
}: Bench): remote.CopyToRemote {
  return new remote.CopyToRemote(
    `${name}-converter`,
    {
      connection: helper.connection,
      source: new pulumi.asset.FileAsset(bundle.path),
      remotePath: CONVERTER_PATH,
      triggers: [...key, helper.instance.id],
    },
    { parent, dependsOn: after(found), deletedWith: helper.instance, ignoreChanges: FROZEN_COPY },
  );
}

/**
 * The key alone is not enough of a trigger: going back to an old key after a failed conversion would find the later
 * steps "unchanged" and publish a blank disk. The destination's id is what they were really done to.
 */
function runStep(step: StepName, bench: Bench, dependsOn: pulumi.Resource[]): remote.Command {
  const { migration, found, helper, volumes } = bench;
  return new remote.Command(
    `${migration.name}-${step}`,
    {
      connection: helper.connection,
      create: createScript(step, bench),
      triggers: [...migration.key, volumes.destination.id],
      logging: "stderr",
      addPreviousOutputInEnv: false,
    },
    {
      parent: migration.parent,
      dependsOn: after(found, dependsOn),
      deletedWith: helper.instance,
      ignoreChanges: FROZEN_COMMAND,
    },
  );
}

function createScript(step: StepName, { migration, volumes, bundle }: Bench): pulumi.Output<string> {
  const { guest, destination: asked, rehearsal } = migration.args;
  const { source, destination } = volumes;
  return pulumi
    .all([source.id, destination.id, destination.size, guest?.families, asked?.grow, asked?.layout])
    .apply(([sourceVolumeId, destinationVolumeId, sizeGb, families, grow = false, layout]) =>
      stepCommand({
        step,
        sourceVolumeId,
        destinationVolumeId,
        expect: bundle.digest,
        families,
        grow,
        layout,
        sizeGb,
        rehearsalSeconds: rehearsal?.timeoutSeconds ?? REHEARSAL_SECONDS,
        skipRehearsal: skipsRehearsal(migration.args),
      }),
    );
}

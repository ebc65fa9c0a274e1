import * as pulumi from "@pulumi/pulumi";
import { remote } from "@pulumi/command";
import type { StepName } from "../../converter/types";
import { waitForCloudInit } from "./cloudInit";
import { printsSecretly } from "./confidential";
import { CONVERTER_PATH, FROZEN_COMMAND, stepCommand, WRITING_STEPS } from "./commands";
import { type ConverterBundle, readBundle } from "./converterBundle";
import { type Dialled, tellOfDial } from "./dials";
import { Until } from "../enums";
import type { Findings } from "../lookups/findings";
import { type Helper, knownByOwnKey } from "./helper";
import { after, type Migration, reaches, skipsRehearsal } from "../migration";
import { commandTimeout, helperSeconds, rehearsalSeconds, stepSeconds, stepTimeout } from "./timeouts";
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

const FROZEN_COPY = ["connection", "source", "remotePath"];

/** Runs the converter on the helper, as far as `until` says: one command a step, each after the one before. */
export function convert(
  migration: Migration,
  found: pulumi.Output<Findings>,
  helper: Helper,
  volumes: Volumes,
  ready: pulumi.Output<pulumi.Resource[]>,
): Steps {
  let bench: Bench = { migration, found, helper, volumes, bundle: readBundle() };
  const steps: Steps = [];
  const copied = copyConverter(bench);
  let before = ready.apply((all): pulumi.Resource[] => [copied, ...all]) as pulumi.Output<pulumi.Resource[]>;
  for (const step of stepNames(migration)) {
    const command = runStep(step, bench, before);
    steps.push({ step, command });
    if (step === "inspect") bench = { ...bench, helper: knownByOwnKey(helper, command) };
    before = after(found, [command]);
  }
  return steps;
}

/** Which steps `until` asks for, and `rehearsal.skip` leaves. */
function stepNames({ args }: Migration): StepName[] {
  if (!reaches(args, Until.Rehearse)) return ["inspect"];
  const steps: StepName[] = ["inspect", ...WRITING_STEPS];
  return skipsRehearsal(args) ? steps : [...steps, "rehearse"];
}

function copyConverter({ migration, found, helper, bundle }: Bench): remote.CopyToRemote {
  const { name, args, parent, key } = migration;
  const copy = new remote.CopyToRemote(
    `${name}-converter`,
    {
      connection: helper.connection,
      source: new pulumi.asset.FileAsset(bundle.path),
      remotePath: CONVERTER_PATH,
      triggers: [...key, helper.instance.id],
    },
    {
      parent,
      dependsOn: after(found),
      deletedWith: helper.instance,
      ignoreChanges: FROZEN_COPY,
      customTimeouts: commandTimeout(helperSeconds(args)),
    },
  );
  tellOfDial(copy, helper.connection, DIALLED, parent);
  return copy;
}

const DIALLED: Dialled = {
  called: "the helper",
  checkNetwork:
    "helper.allowedCidrs has to have the address that the helper sees this machine by (curl https://checkip.amazonaws.com), and " +
    "helper.subnetId a way to it: an internet gateway for a public address, else helper.jumpHost or a VPN.",
  checkLogin: "The helper knows its key from its first boot: look at its console for cloud-init.",
};

/**
 * The key alone is not enough of a trigger: going back to an old key after a failed conversion would find the later
 * steps "unchanged" and publish a blank disk. The destination's id is what they were really done to.
 */
function runStep(step: StepName, bench: Bench, dependsOn: pulumi.Output<pulumi.Resource[]>): remote.Command {
  const { migration, helper, volumes } = bench;
  return new remote.Command(
    `${migration.name}-${step}`,
    {
      connection: helper.connection,
      create: createScript(step, bench),
      stdin: step === "inspect" ? waitForCloudInit(helperSeconds(migration.args)) : undefined,
      triggers: [...migration.key, volumes.destination.id],
      logging: "stderr",
      addPreviousOutputInEnv: false,
    },
    {
      parent: migration.parent,
      dependsOn,
      deletedWith: helper.instance,
      ignoreChanges: FROZEN_COMMAND,
      customTimeouts: stepTimeout(step, migration.args),
      ...printsSecretly(migration.args),
    },
  );
}

function createScript(
  step: StepName,
  { migration: { args }, volumes, bundle }: Bench,
): pulumi.Output<string> {
  const { guest, destination: asked } = args;
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
        seconds: stepSeconds(step, args, sizeGb),
        rehearsalSeconds: rehearsalSeconds(args),
        skipRehearsal: skipsRehearsal(args),
      }),
    );
}

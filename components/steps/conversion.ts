import * as pulumi from "@pulumi/pulumi";
import type { StepName, StepReport } from "../../converter/types";
import { type Child, child } from "./child";
import { waitForCloudInit } from "./cloudInit";
import { CONVERTER_PATH, stepCommand } from "./commands";
import { printed, printsSecretly } from "./confidential";
import { type ConverterBundle, readBundle } from "../converterBundle";
import { type Dialled, tellOfDial } from "./dials";
import { Until } from "../enums";
import type { Findings } from "../findings/findings";
import { type Helper, knownByOwnKey } from "./helper";
import { reaches, skipsRehearsal } from "../asked";
import { after, type Migration } from "../together/migration";
import { parseStepReport } from "../report/report";
import { type RoleIn, rolesIn } from "../resources";
import { helperSeconds, rehearsalSeconds, stepSeconds } from "./timeouts";
import type { Volumes } from "./volumes";

/** The commands of a conversion, in order. */
export type Steps = { step: StepName; command: Child<ConversionStep> }[];

type ConversionStep = RoleIn<"command">;

/** Everything that a step is run with. */
interface Bench {
  migration: Migration;
  found: pulumi.Output<Findings>;
  helper: Helper;
  volumes: Volumes;
  bundle: ConverterBundle;
}

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

/** Each step's record, once it has run. */
export function stepReports(steps: Steps): pulumi.Output<StepReport[]> {
  return pulumi.all(
    steps.map(({ step, command }) => printed(command).apply((text) => parseStepReport(step, text))),
  );
}

/** Which steps `until` asks for, and `rehearsal.skip` leaves. */
function stepNames({ args }: Migration): ConversionStep[] {
  if (!reaches(args, Until.Rehearse)) return ["inspect"];
  return rolesIn("command").filter((step) => step !== "rehearse" || !skipsRehearsal(args));
}

function copyConverter({ migration, found, helper, bundle }: Bench): Child<"converter"> {
  const { connection, instance } = helper;
  const copy = child(
    migration,
    "converter",
    { connection, source: new pulumi.asset.FileAsset(bundle.path), remotePath: CONVERTER_PATH },
    { dependsOn: after(found), deletedWith: instance, doneTo: instance.id },
  );
  tellOfDial(copy, connection, DIALLED, migration.parent);
  return copy;
}

const DIALLED: Dialled = {
  called: "the helper",
  checkNetwork:
    "helper.allowedCidrs has to have the address that the helper sees this machine by (curl https://checkip.amazonaws.com), and " +
    "helper.subnetId a way to it: an internet gateway for a public address, else helper.jumpHost or a VPN.",
  checkLogin: "The helper knows its key from its first boot: look at its console for cloud-init.",
};

function runStep(
  step: ConversionStep,
  bench: Bench,
  dependsOn: pulumi.Output<pulumi.Resource[]>,
): Child<ConversionStep> {
  const { migration, helper, volumes } = bench;
  return child(
    migration,
    step,
    {
      connection: helper.connection,
      create: createScript(step, bench),
      stdin: step === "inspect" ? waitForCloudInit(helperSeconds(migration.args)) : undefined,
    },
    {
      dependsOn,
      deletedWith: helper.instance,
      doneTo: volumes.destination.id,
      ...printsSecretly(migration.args),
    },
  );
}

function createScript(
  step: ConversionStep,
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

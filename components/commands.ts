import type { StepName } from "../converter/types";

/** Where the converter lies on the helper. */
export const CONVERTER_PATH = "/root/pv-to-hvm.cjs";

/** The steps that write the destination, in order. They never change: a finished conversion gets no new command. */
export const WRITING_STEPS = ["partition", "copy", "configure", "install-grub", "verify"] as const;

/** What a step's command is made of. */
export interface StepCommand {
  step: StepName;
  sourceVolumeId: string;
  destinationVolumeId: string;
  /** Digest of the converter that must be found on the helper. */
  expect: string;
  /** `--for`; absent for the converter's own default. */
  families?: string[];
  grow: boolean;
  /** `--layout`; absent for the converter's own default. */
  layout?: string;
  /** GiB of the destination, which a step's time limit grows with. */
  sizeGb: number;
  /** Seconds that a rehearsal may take. */
  rehearsalSeconds: number;
  /** None will follow: a guest that cannot be rehearsed is not refused. */
  skipRehearsal: boolean;
}

/**
 * What is run on the helper for a step: short and free of secrets, since an error shows the whole of it. The first step
 * waits for cloud-init, whose exit status 2 means "done, with warnings". `timeout` bounds every step: neither the
 * engine's time limits nor Ctrl-C end a running session.
 */
export function stepCommand(command: StepCommand): string {
  const run = `timeout -k 30 ${secondsFor(command)} node ${CONVERTER_PATH} --expect ${command.expect} ${stepArguments(command).join(" ")}`;
  return command.step === "inspect" ? `${WAIT_FOR_CLOUD_INIT} && ${run}` : run;
}

const WAIT_FOR_CLOUD_INIT =
  "{ cloud-init status --wait >&2 || [ $? -eq 2 ] || { tail -n 20 /var/log/cloud-init-output.log >&2; " +
  "echo 'FAILED: cloud-init did not get the helper ready; its last lines stand above' >&2; exit 1; }; }";

function stepArguments({ step, ...command }: StepCommand): string[] {
  if (step === "rehearse") {
    return [step, command.destinationVolumeId, "--json", "--timeout", String(command.rehearsalSeconds)];
  }
  const families = command.families ? ["--for", command.families.join(",")] : [];
  const grow = command.grow ? ["--grow"] : [];
  const layout = command.layout ? ["--layout", command.layout] : [];
  const unproven = command.skipRehearsal ? ["--no-rehearsal"] : [];
  const disks = [command.sourceVolumeId, command.destinationVolumeId];
  return [step, ...disks, "--json", ...families, ...layout, ...grow, ...unproven];
}

const MINUTE = 60;

/**
 * Seconds after which a step is ended. Blocks of a volume load from its snapshot when first read, in the worst case at
 * about 5 MB/s: 4 minutes a GiB.
 */
export function secondsFor({ step, sizeGb, rehearsalSeconds }: StepCommand): number {
  if (step === "rehearse") return rehearsalSeconds + 5 * MINUTE;
  if (step === "partition") return 10 * MINUTE;
  return 60 * MINUTE + sizeGb * 4 * MINUTE;
}

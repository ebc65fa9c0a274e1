import type { RoleIn } from "../resources";

/** Where the converter lies on the helper. */
export const CONVERTER_PATH = "/root/pv-to-hvm.cjs";

/** What a step's command is made of. */
export interface StepCommand {
  step: RoleIn<"command">;
  sourceVolumeId: string;
  destinationVolumeId: string;
  /** Digest of the converter that must be found on the helper. */
  expect: string;
  /** `--for`; absent for the converter's own default. */
  families?: string[];
  grow: boolean;
  /** `--layout`; absent for the converter's own default. */
  layout?: string;
  /** Seconds after which it is ended. */
  seconds: number;
  /** Seconds that a rehearsal may take. */
  rehearsalSeconds: number;
  /** None will follow: a guest that cannot be rehearsed is not refused. */
  skipRehearsal: boolean;
}

/**
 * What is run on the helper for a step: short and free of secrets, since an error shows the whole of it. The first step
 * becomes what it is by a script on its standard input, `waitForCloudInit`. `timeout` bounds every step: neither the
 * engine's time limits nor Ctrl-C end a running session.
 */
export function stepCommand(command: StepCommand): string {
  const { step, seconds, expect } = command;
  const run = `timeout -k 30 ${seconds} node ${CONVERTER_PATH} --expect ${expect} ${stepArguments(command).join(" ")}`;
  return `${step === "inspect" ? `sh -s ${run}` : run} ${tellingOfTheLimit(command)}`;
}

/** `timeout` ends with status 124, and says nothing. */
function tellingOfTheLimit({ step, seconds }: StepCommand): string {
  const argument = step === "rehearse" ? "rehearsal.timeoutSeconds" : "timeouts.stepSeconds";
  const said = `ended after ${seconds} s, its limit: run it again, or raise ${argument}`;
  return `|| { s=$?; [ $s -ne 124 ] || echo '${said}' >&2; exit $s; }`;
}

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

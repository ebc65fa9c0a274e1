/**
 * KVM or TCG. /dev/kvm may open and still be useless (a virtual machine whose host pretends), so it is tried: a boot
 * sector must count to its end within five seconds, which TCG does in one. A first word proves nothing: there are hosts
 * that carry out each instruction of such a guest by themselves. There the sector speaks at once and counts for minutes
 * (measured, Firecracker on Linux 6.18), and GRUB comes up, but no kernel does.
 */
import { existsSync } from "node:fs";
import { FailedError, RefusedError } from "../errors";
import { type Runner, run } from "../run";
import type { Accelerator } from "./qemu";
import { runTrial } from "./trial";
import { runsInTcg } from "./virtualization";

export type { Accelerator };
export type AcceleratorChoice = Accelerator | "auto";

const TRIAL_SECONDS = 5;

/**
 * The accelerator to use. Throws `FailedError` if KVM was asked for by name and does not work, and `RefusedError`
 * where nothing but TCG within TCG is left.
 */
export async function chooseAccelerator(
  choice: AcceleratorChoice,
  runner: Runner = run,
): Promise<Accelerator> {
  if (choice !== "tcg" && existsSync("/dev/kvm") && (await kvmWorks(runner))) return "kvm";
  if (choice === "kvm") {
    throw new FailedError(
      `KVM: a boot sector did not run to its end within ${TRIAL_SECONDS} s. Take an instance type with nested virtualization (C8i, M8i, R8i), or --accel tcg.`,
    );
  }
  if (await runsInTcg(runner)) throw new RefusedError([TCG_IN_TCG]);
  return "tcg";
}

/** Measured: GRUB after 26 s, no root filesystem within 1065 s; the guest's own time-outs strike long before. */
const TCG_IN_TCG = {
  subject: "rehearsal",
  found:
    "this machine is itself emulated without hardware virtualization (TCG), and a guest emulated in it is over ten times too slow to be judged.",
  advice:
    "Rehearse on a machine of its own kind: an instance type with nested virtualization (C8i, M8i, R8i) or any that is not emulated. The component's rehearsal.skip publishes without one.",
};

async function kvmWorks(runner: Runner): Promise<boolean> {
  return (await runTrial("kvm", TRIAL_SECONDS, runner)).ended;
}

/** How fast this machine emulates, measured, and the time limits that follow from it. */
import type { Runner } from "../run";
import type { Accelerator } from "./qemu";
import { runTrial } from "./trial";

/** What the trial takes on the machine on which the limits were found: two quiet cores without KVM. Seconds. */
const REFERENCE_SECONDS = 0.7;
/** And until GRUB is heard there, from an NVMe disk. Seconds. */
const REFERENCE_GRUB_SECONDS = 1.5;
const LONGEST_TRIAL = 60;

/** The times of a rehearsal, in seconds. */
export interface Limits {
  /** Until a boot that still goes on has failed. */
  total: number;
  /** Without a line, a read or a write: it has stopped. */
  silence: number;
  /** From GRUB's error to the kernel of a fallback entry: GRUB itself waits for ten seconds. */
  fallback: number;
  /** From the login prompt to the first DHCP request, and to the first write; or as long as the prompt took to come. */
  grace: number;
  /** Without a login prompt, from the last of disk, network and console: there is no getty on the serial port. */
  login: number;
}

/** Found with the reference machine, where a Debian 12 is at its prompt after a minute. */
const REFERENCE: Limits = { total: 600, silence: 150, fallback: 30, grace: 60, login: 120 };

/** How many times as long as the reference machine this one takes for the same; at least 1. */
export async function measureSlowness(accelerator: Accelerator, runner: Runner): Promise<number> {
  const { seconds } = await runTrial(accelerator, LONGEST_TRIAL, runner);
  return slownessOf(seconds, REFERENCE_SECONDS);
}

/** The same by what the boot itself shows: GRUB's first line. A machine that got busy meanwhile is seen so. */
export function slownessByGrub(grubSecond: number | undefined): number {
  return slownessOf(grubSecond ?? 0, REFERENCE_GRUB_SECONDS);
}

/** A faster machine gets no shorter limits: the guest's own time-outs (systemd's 90 s for a device) go by the clock. */
function slownessOf(seconds: number, reference: number): number {
  return Math.max(1, Math.round((seconds / reference) * 10) / 10);
}

/** The limits on a machine of that slowness. `cap`: no rehearsal takes longer, whatever was measured. Seconds. */
export function limitsFor(slowness: number, cap: number): Limits {
  const scaled = (seconds: number) => Math.round(seconds * slowness);
  return {
    total: Math.min(cap, scaled(REFERENCE.total)),
    silence: scaled(REFERENCE.silence),
    fallback: scaled(REFERENCE.fallback),
    grace: REFERENCE.grace,
    login: scaled(REFERENCE.login),
  };
}

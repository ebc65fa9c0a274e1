/** Step `rehearse`: boots the converted disk on a throw-away overlay; nothing is written to the disk. */
import { createHash } from "node:crypto";
import type { AcceleratorChoice } from "../boot/accelerator";
import type { DiskBus } from "../boot/hardware";
import { refuseCrampedOverlay } from "../boot/overlaySpace";
import { rehearse as boot } from "../boot/rehearsal";
import { monotonicMs, secondsSince } from "../clock";
import { withDisk } from "../disk/bytes";
import type { Disk } from "../disk/disk";
import { missingForRehearsal } from "../disk/programs";
import { readRecord } from "../disk/record";
import { serialOf } from "../disk/volume";
import { RefusedError } from "../errors";
import type { Log } from "../progress";
import type { Runner } from "../run";
import type { Rehearsal, StepReport } from "../types";
import { examine } from "./rehearsedGuest";
import { nameOf } from "./step";

export interface RehearseRequest {
  disk: Disk;
  /** The most that a boot may take; what it may on this machine is measured. */
  timeoutSeconds: number;
  memoryMb: number;
  accelerator: AcceleratorChoice;
  /** Default: the first one that the guest has a driver for. */
  diskBus?: DiskBus;
  /** Where the whole of the serial console is to be kept. */
  consoleFile?: string;
  runner: Runner;
  log: Log;
}

/** A serial for disks that are no EBS volumes. */
const NO_VOLUME = "vol-00000000000000000";

/**
 * Rehearses the boot. The outcome is FAILED if it did not come up. Throws a `RefusedError` if it cannot be
 * rehearsed: QEMU or free space is missing, it has no disk that the guest could drive, or this machine is emulated itself.
 */
export async function rehearse(request: RehearseRequest): Promise<StepReport> {
  const started = monotonicMs();
  const { disk, runner, log, timeoutSeconds, memoryMb, accelerator, consoleFile } = request;
  const missing = [...(await missingForRehearsal(runner)), ...(await refuseCrampedOverlay())];
  if (missing.length > 0) throw new RefusedError(missing);
  const { hardware, expected, warnings } = await examine(disk, request.diskBus, runner);
  const serial = serialOf(disk.volumeId ?? NO_VOLUME);
  const limits = { timeoutSeconds, memoryMb, accelerator };
  const machine = { disk: disk.path, serial, hardware, expected, consoleFile, ...limits };
  const rehearsal = await boot(machine, runner, log);
  return {
    format: 1,
    step: "rehearse",
    outcome: rehearsal.booted ? "NOCHANGE" : "FAILED",
    summary: summarize(rehearsal),
    seconds: secondsSince(started),
    fingerprint: await fingerprintOn(disk),
    destination: nameOf(disk),
    rehearsal,
    warnings,
  };
}

async function fingerprintOn(disk: Disk): Promise<string> {
  const record = disk.sizeBytes >= 2 ** 20 ? await withDisk(disk.path, "read", readRecord) : undefined;
  return (
    record?.fingerprint ??
    createHash("sha256")
      .update(`${disk.volumeId ?? disk.identity} ${disk.sizeBytes}`)
      .digest("hex")
  );
}

function summarize({ booted, rungs, why, advice, ...machine }: Rehearsal): string {
  const how = `${machine.accelerator}, disk ${machine.diskBus}, network card ${machine.networkCard}`;
  const top = rungs.filter(({ second }) => second !== undefined).at(-1);
  if (booted) return `booted to ${top?.name} in ${top?.second} s (${how})`;
  return `did not boot: ${why}; highest rung ${top?.name ?? "none"} (${how}). ${advice}`;
}

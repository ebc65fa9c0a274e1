/** Step `rehearse`: boots the converted disk on a throw-away overlay; nothing is written to the disk. */
import { createHash } from "node:crypto";
import { type Hardware, PLAIN_HARDWARE, chooseHardware } from "../boot/hardware";
import type { AcceleratorChoice } from "../boot/accelerator";
import { type RehearsalResult, rehearse as boot } from "../boot/rehearsal";
import { highest } from "../boot/ladder";
import { readAt, withDisk } from "../disk/bytes";
import type { Disk } from "../disk/disk";
import { withFilesystem } from "../disk/mount";
import { activePartition } from "../disk/partitionTable";
import { missingForRehearsal } from "../disk/programs";
import { readRecord } from "../disk/record";
import { serialOf } from "../disk/volume";
import { FailedError, RefusedError } from "../errors";
import { readGuest } from "../guest/inspect";
import { GuestTree } from "../guest/tree";
import type { Log } from "../progress";
import type { Runner } from "../run";
import type { Advice, GuestFacts, Rehearsal, StepReport } from "../types";
import { nameOf, secondsSince } from "./step";

export interface RehearseRequest {
  disk: Disk;
  timeoutSeconds: number;
  memoryMb: number;
  accelerator: AcceleratorChoice;
  runner: Runner;
  log: Log;
}

/** A serial for disks that are no EBS volumes. */
const NO_VOLUME = "vol-00000000000000000";

/** Rehearses the boot. The outcome is FAILED where it did not come up; `RefusedError` where QEMU is missing. */
export async function rehearse(request: RehearseRequest): Promise<StepReport> {
  const started = Date.now();
  const { disk, runner, log, timeoutSeconds, memoryMb, accelerator } = request;
  const missing = await missingForRehearsal(runner);
  if (missing.length > 0) throw new RefusedError(missing);
  const { hardware, warnings } = await hardwareFor(disk, runner);
  const serial = serialOf(disk.volumeId ?? NO_VOLUME);
  const result = await boot(
    { disk: disk.path, serial, hardware, timeoutSeconds, memoryMb, accelerator },
    runner,
    log,
  );
  return {
    format: 1,
    step: "rehearse",
    outcome: result.rehearsal.booted ? "NOCHANGE" : "FAILED",
    summary: summarize(result),
    seconds: secondsSince(started),
    fingerprint: await fingerprintOn(disk),
    destination: nameOf(disk),
    rehearsal: result.rehearsal,
    warnings,
  };
}

/** The hardware that the guest on the disk can drive, as its own initramfs says. */
async function hardwareFor(disk: Disk, runner: Runner): Promise<{ hardware: Hardware; warnings: Advice[] }> {
  const { startBytes, sizeBytes } = activePartition(
    await withDisk(disk.path, "read", (handle) => readAt(handle, 0, 512)),
  );
  const window = { path: disk.path, offset: startBytes, size: sizeBytes, readOnly: true };
  try {
    const guest = await withFilesystem(window, runner, (root) => readGuest(new GuestTree(root), runner));
    return { hardware: chooseHardware(defaultKernel(guest)), warnings: [] };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const found = `its guest cannot be read (${error.message.split("\n")[0]}), so IDE and e1000 are tried.`;
    return {
      hardware: PLAIN_HARDWARE,
      warnings: [{ subject: disk.path, found, advice: "Nothing to do where it boots." }],
    };
  }
}

function defaultKernel({ bootFile, kernels }: GuestFacts): GuestFacts["kernels"][number] {
  const wanted = bootFile.entries[bootFile.defaultEntry]?.kernel;
  const found =
    kernels.find((kernel) => kernel.path === wanted) ??
    kernels.find((kernel) => sameName(kernel.path, wanted));
  if (!found)
    throw new FailedError(
      `rehearsal: the default entry names ${wanted ?? "no kernel"}, which is not among the guest's kernels.`,
    );
  return found;
}

/** The menu may name a link (`/vmlinuz`) or leave `/boot` out. */
function sameName(path: string, wanted: string | undefined): boolean {
  return wanted !== undefined && path.split("/").at(-1) === wanted.split("/").at(-1);
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

function summarize({ rehearsal, why }: RehearsalResult): string {
  const how = `${rehearsal.accelerator}, disk ${rehearsal.diskBus}, network card ${rehearsal.networkCard}`;
  const top = topRung(rehearsal);
  if (rehearsal.booted) return `booted to ${top?.name} in ${top?.second} s (${how})`;
  return `did not boot: ${why}; highest rung ${top?.name ?? "none"} (${how}). ${adviceAt(top?.name)}`;
}

function topRung({ rungs }: Rehearsal): Rehearsal["rungs"][number] | undefined {
  const top = highest({
    rungs: Object.fromEntries(
      rungs.filter((rung) => rung.second !== undefined).map((rung) => [rung.name, rung]),
    ),
  });
  return rungs.find((rung) => rung.name === top);
}

/** Where to look, by how far it came. */
function adviceAt(rung: Rehearsal["rungs"][number]["name"] | undefined): string {
  switch (rung) {
    case undefined:
      return "Check that the disk was converted (verify), or give it more time (--timeout).";
    case "grub":
      return "GRUB did not start the kernel: read its lines, and the boot menu's default entry.";
    case "kernel":
    case "init":
      return "The kernel did not reach its root filesystem: read its lines, root= and the drivers in the initramfs.";
    default:
      return "The system came up part of the way: read its lines (fstab, services), or give it more time (--timeout).";
  }
}

/** The command `restore`: a converted guest's own files, put back as they were before. */
import * as fs from "node:fs";
import { monotonicMs, secondsSince } from "../clock";
import { withDisk } from "../disk/bytes";
import { withClaim } from "../disk/claim";
import { type Disk, findDisk } from "../disk/disk";
import { readDisk } from "../disk/parts";
import { readRecord, writeRecord } from "../disk/record";
import { usesOf } from "../disk/use";
import { RefusedError, UsageError } from "../errors";
import { CHANGED_FILES, readChangedFiles } from "../guest/backup";
import { withGuest } from "../guest/mounts";
import { type Restoration, carryOut, planRestoration, refuseChanged } from "../guest/restore";
import { GuestTree } from "../guest/tree";
import type { Log } from "../progress";
import type { Runner } from "../run";
import type { Advice, RestoredFile, StepReport } from "../types";
import { withRestored } from "./progress";
import { nameOf } from "./step";

export interface RestoreRequest {
  /** A disk, or the folder that the guest's root is mounted on. */
  guest: string;
  /** It was said to be a folder. */
  isFolder: boolean;
  /** Also files that were changed after the conversion. */
  force: boolean;
  runner: Runner;
  log: Log;
}

/** The source has its old initramfs still; keeping each a second time would fill small roots. */
const ONLY_FILES: Advice = {
  subject: "boot",
  found:
    "the guest's files are those of a PV guest again; partition table, boot loader and rebuilt initramfs are as the conversion made them.",
  advice: "To start it as PV again, take the source: its bytes never changed.",
};

/** The disk's record lies outside every filesystem. */
const NOT_RECORDED: Advice = {
  subject: "record",
  found: "only the guest's folder was named, so the disk's own record still counts the guest as converted.",
  advice:
    "Where the disk is to be converted again: unmount it, and run restore once more with the disk's name.",
};

/**
 * Restores every file that the conversion changed. Throws `RefusedError`, with nothing written, where the guest was not
 * converted, or has files that somebody changed since.
 */
export async function restore(request: RestoreRequest): Promise<StepReport> {
  const started = monotonicMs();
  const { guest, isFolder } = request;
  const isTree = isFolder || isDirectory(guest);
  const { restored, disk } = isTree ? await restoreFolder(request) : await restoreDisk(request);
  const changed = restored.filter(({ action }) => action !== "unchanged").length;
  return {
    format: 1,
    step: "restore",
    outcome: changed > 0 ? "CHANGED" : "NOCHANGE",
    summary: summarize(restored, changed),
    seconds: secondsSince(started),
    fingerprint: "",
    ...(disk ? { destination: nameOf(disk) } : {}),
    restored,
    warnings: changed > 0 ? [ONLY_FILES, ...(disk ? [] : [NOT_RECORDED])] : [],
  };
}

function summarize(restored: RestoredFile[], changed: number): string {
  const count = (action: RestoredFile["action"]) => restored.filter((one) => one.action === action).length;
  if (changed === 0) return `nothing to do: ${restored.length} files are the originals already`;
  return `${count("restored")} files put back as they were, ${count("removed")} removed, ${count("unchanged")} were the originals already`;
}

interface Restored {
  restored: RestoredFile[];
  disk?: Disk;
}

async function restoreFolder({ guest, force, runner }: RestoreRequest): Promise<Restored> {
  if (!isDirectory(guest))
    throw new UsageError(`--root ${guest}: is no folder. Name the one that the guest's root is mounted on.`);
  const tree = new GuestTree(guest);
  const plan = planOrRefuse(tree, guest, force);
  refuseReadOnly(guest);
  return { restored: await carryOut(tree, plan, runner) };
}

function isDirectory(name: string): boolean {
  return fs.statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuseReadOnly(folder: string): void {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
  } catch {
    const found = "is mounted read-only, or not yours to write to.";
    throw new RefusedError([{ subject: folder, found, advice: `As root: mount -o remount,rw ${folder}` }]);
  }
}

/** The guest is looked at read-only first, so that a refusal leaves not even a mount's trace on the disk. */
async function restoreDisk({ guest: name, force, runner, log }: RestoreRequest): Promise<Restored> {
  const disk = await findDisk(name, runner, log);
  await refuseInUse(disk, runner);
  const restored = await withClaim(disk, log, async () => {
    const { parts } = await readDisk(disk.path, disk.sizeBytes, runner);
    const guest = { path: disk.path, parts };
    await withGuest({ ...guest, readOnly: true }, runner, ({ tree }) =>
      Promise.resolve(planOrRefuse(tree, disk.path, force)),
    );
    log(`restoring the guest's files on ${disk.path}`);
    // First what the record says: interrupted, the disk must not pass for a converted one.
    await recordRestoration(disk);
    return withGuest({ ...guest, readOnly: false }, runner, ({ tree }) =>
      carryOut(tree, planOrRefuse(tree, disk.path, force), runner),
    );
  });
  return { restored, disk };
}

/** Without a record the disk was copied from a converted one, and there is none who would go by it. */
async function recordRestoration({ path }: Disk): Promise<void> {
  await withDisk(path, "write", async (handle) => {
    const record = await readRecord(handle);
    if (record && !record.restored) await writeRecord(handle, withRestored(record, new Date()));
  });
}

async function refuseInUse(disk: Disk, runner: Runner): Promise<void> {
  const uses = await usesOf(disk, runner);
  if (uses.length === 0) return;
  const found = `is in use: ${uses.map(({ how }) => how).join(", ")}.`;
  const advice = "Unmount and detach it, or name the folder that its root is mounted on.";
  throw new RefusedError([{ subject: disk.path, found, advice }]);
}

function planOrRefuse(tree: GuestTree, name: string, force: boolean): Restoration[] {
  const files = readChangedFiles(tree);
  if (files === undefined) {
    const found = `there is no list of the files that a conversion changed (${CHANGED_FILES}).`;
    const advice =
      "Name the converted disk, or the folder that its root is mounted on. A conversion that was not finished: run it to its end first.";
    throw new RefusedError([{ subject: name, found, advice }]);
  }
  const plan = planRestoration(tree, files);
  const reasons = force ? [] : refuseChanged(plan);
  if (reasons.length > 0) throw new RefusedError(reasons);
  return plan;
}

/**
 * A source device is set read-only while this program works on it: the kernel then keeps every program from writing to it,
 * this one too. Afterwards it is what it was before, or whatever is attached under that name next could not be written to.
 * Several runs may work on one source at a time, so the last of them takes it back: each leaves a note while it works.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { withUndo } from "../cleanup";
import type { Runner } from "../run";
import { withClaim } from "./claim";
import type { Disk } from "./disk";
import { forgetHold, holdsOn, noteHold } from "./leftovers";
import { usesOf } from "./use";

/** Of this process: a step that is run by another one does not take it back under that. */
const held = new Set<string>();

/**
 * Runs `work` with the device set read-only. A file is left alone: it is only ever opened for reading. So is a device that
 * something else may be writing to: that is for the inspection to refuse, and a mounted filesystem would be hurt by it.
 */
export async function withReadOnly<T>(disk: Disk, runner: Runner, work: () => Promise<T>): Promise<T> {
  if (disk.kind === "file" || held.has(disk.identity)) return work();
  if ((await usesOf(disk, runner)).some(({ writing }) => writing)) return work();
  held.add(disk.identity);
  return withUndo(
    () => alone(disk, () => release(disk, runner)).finally(() => held.delete(disk.identity)),
    async () => {
      await alone(disk, () => hold(disk, runner));
      return work();
    },
  );
}

async function hold(disk: Disk, runner: Runner): Promise<void> {
  const name = holdName(disk);
  const others = holdsOn(name);
  // Read-only by another run, at work or killed: it was writable where that one found it so.
  const wasWritable = others.some((one) => one.wasWritable) || !(await isReadOnly(disk, runner));
  noteHold(name, wasWritable);
  others.filter(({ isGone }) => isGone).forEach(forgetHold);
  await set(disk, "--setro", runner);
}

async function release(disk: Disk, runner: Runner): Promise<void> {
  const holds = holdsOn(holdName(disk));
  const isLast = holds.every(({ isMine, isGone }) => isMine || isGone);
  if (isLast && holds.some(({ wasWritable }) => wasWritable)) await set(disk, "--setrw", runner);
  holds.filter(({ isMine, isGone }) => isMine || isGone).forEach(forgetHold);
}

/** One process at a time looks at the notes and acts by them. */
function alone<T>(disk: Disk, work: () => Promise<T>): Promise<T> {
  return withClaim({ ...disk, identity: `read-only ${disk.identity}` }, () => undefined, work);
}

/** The name by which notes speak of a disk. */
export function holdName({ identity }: Disk): string {
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}

async function isReadOnly({ path }: Disk, runner: Runner): Promise<boolean> {
  const { stdout } = await runner(["blockdev", "--getro", path], {
    purpose: `asking whether ${path} is read-only`,
  });
  return stdout.trim() !== "0";
}

/** A device that is gone by now has nothing to be taken back. */
async function set({ path }: Disk, how: "--setro" | "--setrw", runner: Runner): Promise<void> {
  if (!fs.existsSync(path)) return;
  const purpose = `setting ${path} ${how === "--setro" ? "read-only" : "writable again"}`;
  await runner(["blockdev", how, path], { purpose });
}

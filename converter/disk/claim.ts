/**
 * One conversion at a time on a destination. Ctrl-C in `pulumi up` ends the connection, not what runs at its other end
 * (a session without a terminal goes on): the step that is started again must not write beside the first.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { withUndo } from "../cleanup";
import type { Log } from "../progress";
import { withFreeSpace } from "../freeSpace";
import type { Disk } from "./disk";
import { claimFile, startOf } from "./leftovers";

const PAUSE_MS = 500;

/** Runs `work` while no other process of this program works on the disk; waits for one that does, and says so. */
export async function withClaim<T>(disk: Disk, log: Log, work: () => Promise<T>): Promise<T> {
  const file = claimOn(disk);
  let isTaken = false;
  const undo = async () => void (isTaken && fs.rmSync(file, { force: true }));
  return withUndo(undo, async () => {
    const holder = holderOf(file);
    const taken = () => (isTaken = true);
    if (!(await take(file, taken))) {
      log(`waiting for the pv-to-hvm that is at work on ${disk.path} (process ${holder?.pid ?? "unknown"})`);
      while (!(await take(file, taken))) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return work();
  });
}

function claimOn({ identity }: Disk): string {
  return claimFile(createHash("sha256").update(identity).digest("hex").slice(0, 16));
}

/**
 * Takes the claim where nobody alive holds it: whole, under another name first, so that no one reads half of it. `taken` is
 * called in the same breath.
 */
async function take(file: string, taken: () => void): Promise<boolean> {
  const mine = `${file}.${process.pid}`;
  try {
    await withFreeSpace({ folder: path.dirname(file), what: "a claim on the destination" }, async () =>
      fs.writeFileSync(mine, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600 }),
    );
    if (isStale(file)) clearStale(file, `${mine}.stale`);
    fs.linkSync(mine, file);
    taken();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/** Of a process that is gone: killed, or of a machine that has restarted since. */
function isStale(file: string): boolean {
  const holder = holderOf(file);
  return holder !== undefined && startOf(holder.pid) !== holder.start;
}

/** Moved away and looked at again: between the two looks another process may have cleared it and taken its own. */
function clearStale(file: string, away: string): void {
  try {
    fs.renameSync(file, away);
    if (!isStale(away)) fs.linkSync(away, file);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    fs.rmSync(away, { force: true });
  }
}

function holderOf(file: string): { pid: number; start: string } | undefined {
  try {
    const [pid, start] = fs.readFileSync(file, "utf8").split(" ");
    return { pid: Number(pid), start };
  } catch {
    return undefined;
  }
}

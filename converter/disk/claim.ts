/**
 * Allows only one conversion at a time on a destination. Ctrl-C in `pulumi up` ends the connection, but not the program on the
 * helper (a session without a terminal continues). If the step is then started again, it must not write beside the first.
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

/** Runs `work` while no other process of this program works on the disk. If one does, says so and waits for it. */
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
 * Takes the claim if no living process holds it. The file is written under another name first, so that no process reads half
 * of it. `taken` is called at once, before anything else can run.
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

/** Whether the process that holds the claim is gone: it was killed, or the machine has restarted. */
function isStale(file: string): boolean {
  const holder = holderOf(file);
  return holder !== undefined && startOf(holder.pid) !== holder.start;
}

/** Moves the claim away and checks it again: meanwhile another process may have cleared the stale one and taken its own. */
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

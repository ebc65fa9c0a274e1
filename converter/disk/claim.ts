/**
 * One conversion at a time on a destination. Ctrl-C in `pulumi up` ends the connection, not what runs at its other end
 * (a session without a terminal goes on): the step that is started again must not write beside the first.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { withUndo } from "../cleanup";
import { type Log, withHeartbeat } from "../progress";
import type { Disk } from "./disk";
import { startOf } from "./leftovers";

const PAUSE_MS = 500;

/** Runs `work` while no other process of this program works on the disk; waits for one that does, and says so. */
export async function withClaim<T>(disk: Disk, log: Log, work: () => Promise<T>): Promise<T> {
  const file = claimFile(disk);
  const holder = holderOf(file);
  if (!take(file)) {
    const what = `waiting for the pv-to-hvm that is at work on ${disk.path} (process ${holder?.pid ?? "unknown"})`;
    log(what);
    await withHeartbeat(what, log, () => waitFor(file));
  }
  return withUndo(async () => fs.rmSync(file, { force: true }), work);
}

function claimFile({ identity }: Disk): string {
  const name = createHash("sha256").update(identity).digest("hex").slice(0, 16);
  return path.join(os.tmpdir(), `pv-to-hvm-claim-${name}`);
}

async function waitFor(file: string): Promise<void> {
  while (!take(file)) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

/** Takes the claim where nobody alive holds it: whole, under another name first, so that no one reads half of it. */
function take(file: string): boolean {
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, `${process.pid} ${startOf(process.pid)}`, { mode: 0o600 });
  try {
    if (isStale(file)) fs.rmSync(file, { force: true });
    fs.linkSync(mine, file);
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

function holderOf(file: string): { pid: number; start: string } | undefined {
  try {
    const [pid, start] = fs.readFileSync(file, "utf8").split(" ");
    return { pid: Number(pid), start };
  } catch {
    return undefined;
  }
}

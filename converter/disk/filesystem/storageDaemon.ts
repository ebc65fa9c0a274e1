/** QEMU's storage daemon: shows a disk as a file (FUSE), one with an overlay on it for example, without a virtual machine. */
import * as fs from "node:fs";
import * as path from "node:path";
import { withUndo } from "../../cleanup";
import { monotonicMs } from "../../clock";
import { FailedError } from "../../errors";
import { type Runner, dyingWithThisProgram } from "../../run";

const POLL_MS = 20;
/** How long the daemon is given to hear that it is to end. Milliseconds. */
const ASK_AGAIN_MS = 500;
/** How long the daemon may take to show the disk, or to end. Milliseconds. */
const PATIENCE_MS = 30_000;
/** Longer than any conversion: a week, in seconds. */
const TIMEOUT_SECONDS = 7 * 24 * 3600;

export interface Exported {
  /** The disk below the overlay: never written. */
  device: string;
  sizeBytes: number;
  /** The qcow2 image that takes what is written. */
  overlay: string;
  /** A folder of the caller's own: the file is made in it. */
  folder: string;
  writable: boolean;
}

/** Shows the overlay on the disk as a file while `work` runs. Afterwards all that was written is in the overlay. */
export function withExported<T>(
  exported: Exported,
  runner: Runner,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const purpose = `showing ${exported.device} with an overlay`;
  return withShown({ ...exported, purpose, nodes: nodesOf(exported), node: "overlay" }, runner, work);
}

/** What the daemon is to show. */
export interface Shown {
  /** Opens the error message, as a present participle. */
  purpose: string;
  /** Its block nodes (`--blockdev`), each after those that it is made of. */
  nodes: object[];
  /** The name of the node that is shown. */
  node: string;
  sizeBytes: number;
  /** A folder of the caller's own: the file is made in it. */
  folder: string;
  writable: boolean;
}

/** Shows a node as a file while `work` runs. */
export async function withShown<T>(
  shown: Shown,
  runner: Runner,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const file = path.join(shown.folder, "disk");
  const pidFile = path.join(shown.folder, "pid");
  fs.writeFileSync(file, "");
  const state = { over: false };
  const running = runner(dyingWithThisProgram(daemonCommand(shown, file, pidFile)), {
    purpose: shown.purpose,
    timeoutSeconds: TIMEOUT_SECONDS,
    background: true,
  }).finally(() => (state.over = true));
  // Its failure is told where it is waited for.
  running.catch(() => undefined);
  // After the start, in the same breath: on a signal it is asked to end before the runner's own undo kills it.
  return withUndo(
    () => stop(pidFile, state, running),
    async () => {
      await Promise.race([untilShown(file, shown.sizeBytes, state), running]);
      return work(file);
    },
  );
}

function daemonCommand({ nodes, node, writable }: Shown, file: string, pidFile: string): string[] {
  return [
    "qemu-storage-daemon",
    ...nodes.flatMap((options) => ["--blockdev", JSON.stringify(options)]),
    "--export",
    JSON.stringify({ type: "fuse", id: "export", "node-name": node, mountpoint: file, writable }),
    "--pidfile",
    pidFile,
  ];
}

/** The disk, read-only, below the overlay. */
export function nodesOf({ device, overlay, writable }: Exported): object[] {
  const driver = fs.statSync(device).isBlockDevice() ? "host_device" : "file";
  const readOnly = { "read-only": !writable };
  return [
    { driver, "node-name": "disk", filename: device, "read-only": true },
    { driver: "raw", "node-name": "below", file: "disk", "read-only": true },
    { driver: "file", "node-name": "file", filename: overlay, ...readOnly },
    { driver: "qcow2", "node-name": "overlay", file: "file", backing: "below", ...readOnly },
  ];
}

/** The file has its size as soon as the disk is seen through it. */
async function untilShown(file: string, sizeBytes: number, state: { over: boolean }): Promise<void> {
  for (const end = monotonicMs() + PATIENCE_MS; !state.over;) {
    if (fs.statSync(file).size === sizeBytes) return;
    if (monotonicMs() > end) {
      throw new FailedError(
        `overlay: qemu-storage-daemon did not show ${file} within ${PATIENCE_MS / 1000} s. Check that /dev/fuse can be opened here.`,
      );
    }
    await pause(POLL_MS);
  }
}

/**
 * Ended by SIGTERM, it writes what it still holds, and takes the file away. It is asked until it ends: its handler only sets a
 * flag, and a signal that comes between its look at the flag and its sleep wakes nobody (QEMU 7.2: seen to sleep for ever).
 */
async function stop(pidFile: string, state: { over: boolean }, running: Promise<unknown>): Promise<void> {
  const lastStart = monotonicMs() + PATIENCE_MS;
  while (!state.over) {
    const pid = fs.existsSync(pidFile) ? Number(fs.readFileSync(pidFile, "utf8")) : 0;
    if (pid === 0 && monotonicMs() > lastStart) return;
    if (pid > 0) askToEnd(pid);
    await Promise.race([running, pause(pid > 0 ? ASK_AGAIN_MS : POLL_MS)]);
  }
}

function askToEnd(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended, and this program has not heard of it yet.
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

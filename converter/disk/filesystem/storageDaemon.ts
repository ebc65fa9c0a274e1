/** QEMU's storage daemon: shows a disk with an overlay on it as a file (FUSE), without a virtual machine. */
import * as fs from "node:fs";
import * as path from "node:path";
import { withUndo } from "../../cleanup";
import { monotonicMs } from "../../clock";
import { FailedError } from "../../errors";
import { type Runner, dyingWithThisProgram } from "../../run";

const POLL_MS = 20;
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
export async function withExported<T>(
  exported: Exported,
  runner: Runner,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const file = path.join(exported.folder, "disk");
  const pidFile = path.join(exported.folder, "pid");
  fs.writeFileSync(file, "");
  const state = { over: false };
  const running = runner(dyingWithThisProgram(daemonCommand(exported, file, pidFile)), {
    purpose: `showing ${exported.device} with an overlay`,
    timeoutSeconds: TIMEOUT_SECONDS,
    background: true,
  }).finally(() => (state.over = true));
  // Its failure is told where it is waited for.
  running.catch(() => undefined);
  // After the start, in the same breath: on a signal it is asked to end before the runner's own undo kills it.
  return withUndo(
    () => stop(pidFile, state, running),
    async () => {
      await Promise.race([shown(file, exported.sizeBytes, state), running]);
      return work(file);
    },
  );
}

/** The daemon's command: the disk, read-only, below the overlay. */
export function daemonCommand(
  { device, overlay, writable }: Exported,
  file: string,
  pidFile: string,
): string[] {
  const driver = fs.statSync(device).isBlockDevice() ? "host_device" : "file";
  const blockdev = (options: object) => ["--blockdev", JSON.stringify(options)];
  return [
    "qemu-storage-daemon",
    ...blockdev({ driver, "node-name": "disk", filename: device, "read-only": true }),
    ...blockdev({ driver: "raw", "node-name": "below", file: "disk", "read-only": true }),
    ...blockdev({ driver: "file", "node-name": "file", filename: overlay, "read-only": !writable }),
    ...blockdev({
      driver: "qcow2",
      "node-name": "overlay",
      file: "file",
      backing: "below",
      "read-only": !writable,
    }),
    "--export",
    JSON.stringify({ type: "fuse", id: "export", "node-name": "overlay", mountpoint: file, writable }),
    "--pidfile",
    pidFile,
  ];
}

/** The file has its size as soon as the disk is seen through it. */
async function shown(file: string, sizeBytes: number, state: { over: boolean }): Promise<void> {
  for (const end = monotonicMs() + PATIENCE_MS; !state.over;) {
    if (fs.statSync(file).size === sizeBytes) return;
    if (monotonicMs() > end) {
      throw new FailedError(
        `overlay: qemu-storage-daemon did not show ${file} within ${PATIENCE_MS / 1000} s. Check that /dev/fuse can be opened here.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Ended by SIGTERM, it writes what it still holds, and takes the file away. */
async function stop(pidFile: string, state: { over: boolean }, running: Promise<unknown>): Promise<void> {
  for (const end = monotonicMs() + PATIENCE_MS; !state.over && monotonicMs() < end;) {
    const pid = fs.existsSync(pidFile) ? Number(fs.readFileSync(pidFile, "utf8")) : 0;
    if (pid > 0) {
      process.kill(pid, "SIGTERM");
      await running;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Reaches a partition through a loop device at its offset, never through the partition's own device node. That works for
 * devices and files, on kernels without partition parsers, and in containers without udev.
 */
import * as fs from "node:fs";
import * as os from "node:os";
import { type FileHandle, open } from "node:fs/promises";
import { withUndo } from "../cleanup";
import { FailedError } from "../errors";
import { withFreeSpace } from "../freeSpace";
import type { Runner } from "../run";
import { forgetLoop, noteLoop } from "./leftovers";

export interface Window {
  path: string;
  /** Bytes, a multiple of 512. Default 0. */
  offset?: number;
  /** Bytes. Default: to the end. */
  size?: number;
  readOnly: boolean;
}

const LOOP_MAJOR = "7";
/** How often to try: another process may take the free loop device before this one attaches it. */
const ATTEMPTS = 20;

/** Shows a part of a disk as a device while `work` runs. */
export async function withLoop<T>(
  window: Window,
  runner: Runner,
  work: (device: string) => Promise<T>,
): Promise<T> {
  let held: Held | undefined;
  let attaching: Attaching | undefined;
  const undo = async () => (held ? held.close() : attaching && takeBack(attaching, runner));
  return withUndo(undo, async () => {
    const noted = await attach(window, runner, (begun) => (attaching = begun));
    held = await holdAndDetach(noted.device, runner);
    forgetLoop(noted.note);
    return work(noted.device);
  });
}

type Held = Pick<FileHandle, "close">;

/** A loop device that is about to show a file, and the note that says so. */
interface Attaching {
  device: string;
  note: string;
  path: string;
}

/** A signal or an error came between attaching and holding. */
async function takeBack({ device, note, path }: Attaching, runner: Runner): Promise<void> {
  if (shownBy(device) === path)
    await runner(["losetup", "--detach", device], { purpose: `detaching ${device}` });
  forgetLoop(note);
}

/** The file that a loop device shows. Undefined if it is no loop device, or free. */
export function shownBy(device: string): string | undefined {
  const file = `/sys/class/block/${device.split("/").at(-1)}/loop/backing_file`;
  return fs.existsSync(file)
    ? fs
        .readFileSync(file, "utf8")
        .trim()
        .replace(/ \(deleted\)$/, "")
    : undefined;
}

/**
 * A device that is detached while it is open disappears when the last process closes it (loop(4), LO_FLAGS_AUTOCLEAR). So none
 * is left behind, however this program ends.
 */
async function holdAndDetach(device: string, runner: Runner): Promise<FileHandle> {
  const hold = await open(device, "r");
  await runner(["losetup", "--detach", device], { purpose: `detaching ${device}` });
  return hold;
}

async function attach(
  window: Window,
  runner: Runner,
  begin: (attaching?: Attaching) => void,
): Promise<Attaching> {
  for (let attempt = 1; ; attempt++) {
    const device = await freeLoop(runner);
    const note = await withFreeSpace({ folder: os.tmpdir(), what: "a note of a loop device" }, async () =>
      noteLoop(device, window.path),
    );
    const attaching = { device, note, path: window.path };
    begin(attaching);
    const result = await runner(losetupCommand(window, device), {
      purpose: `attaching ${window.path} as a loop device`,
      accept: attempt < ATTEMPTS ? [0, 1] : [0],
    });
    if (result.exitCode === 0) {
      if (!window.readOnly) await makeWritable(device, runner);
      return attaching;
    }
    begin(undefined);
    forgetLoop(note);
    await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
  }
}

/** A loop device keeps the read-only mark that `blockdev --setro` gave it, even for the next file that it shows. */
async function makeWritable(device: string, runner: Runner): Promise<void> {
  await runner(["blockdev", "--setrw", device], { purpose: `making ${device} writable` });
}

/** `losetup`'s arguments for a window. */
export function losetupCommand({ path, offset = 0, size, readOnly }: Window, device: string): string[] {
  const limit = size === undefined ? [] : ["--sizelimit", String(size)];
  return [
    "losetup",
    ...(readOnly ? ["--read-only"] : []),
    "--offset",
    String(offset),
    ...limit,
    device,
    path,
  ];
}

/** The name of a free loop device. Makes its node if nothing else (udev) does. */
async function freeLoop(runner: Runner): Promise<string> {
  const { stdout } = await runner(["losetup", "--find"], { purpose: "looking for a free loop device" });
  const { device, number } = parseFreeLoop(stdout);
  if (!fs.existsSync(device)) {
    // 1: another process made it meanwhile.
    await runner(["mknod", "-m", "660", device, "b", LOOP_MAJOR, number], {
      purpose: `making ${device}`,
      accept: [0, 1],
    });
  }
  return device;
}

/** Parses `losetup --find`. It adds "(lost)" if /dev does not have the kernel's device. Throws `FailedError` for anything else. */
export function parseFreeLoop(text: string): { device: string; number: string } {
  const found = /^(\/dev\/loop(\d+))(?: \(lost\))?$/.exec(text.trim());
  if (found) return { device: found[1], number: found[2] };
  throw new FailedError(
    `loop device: losetup --find says "${text.trim()}". Load the loop module (modprobe loop), as root.`,
  );
}

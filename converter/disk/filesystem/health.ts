/** Whether a filesystem is whole, told without writing a byte of it. */
import * as path from "node:path";
import type { Runner } from "../../run";
import { PAUSES_MS } from "../copy/retry";
import { withScratch } from "../../scratch";
import type { FilesystemFacts } from "../../types";
import { readAt, withDisk } from "../bytes";
import type { Superblock } from "./filesystem";

/** e2fsck takes its time on large filesystems. Seconds. */
const CHECK_TIMEOUT = 4 * 3600;

/**
 * Up to this size a filesystem is gone through from end to end. Of a larger one its own word is taken: e2fsck took 19 s
 * and 180 MB for an empty one of 16 TiB (measured), and takes hours and gigabytes for a full one. Nothing is lost by that:
 * the map of free blocks is held against its counts before it is copied by, and e2fsck goes through the copy before
 * anything else is done to that. An EBS volume had 1 TiB at most until 2015, when PV images were no longer made. Bytes.
 */
const CHECKED_BYTES = 2 ** 40;

export interface Health {
  /** Undefined: beyond what a preening e2fsck mends. */
  health?: FilesystemFacts["health"];
  /** What the checker said, its last lines. */
  said: string[];
  /** It was not gone through: it counts itself as whole. */
  isOwnWord?: boolean;
  /** The checker could not read the disk: its words for that. They say nothing of the filesystem. */
  unreadable?: string;
}

export interface Checking {
  /** Between attempts to read the disk. Milliseconds. */
  pausesMs?: number[];
  /** Whether it is gone through from end to end, up to the size at which that takes hours. Default true. */
  whole?: boolean;
}

/**
 * Checks the filesystem on a device or file. A journal that has not been replayed makes every check of the rest
 * meaningless, so such a filesystem is judged on its copy. A disk that could not be read is asked again after a pause.
 */
export async function checkHealth(
  device: string,
  superblock: Pick<Superblock, "type" | "needsRecovery" | "blockCount" | "blockSizeBytes">,
  runner: Runner,
  { pausesMs = PAUSES_MS, whole = true }: Checking = {},
): Promise<Health> {
  if (superblock.needsRecovery) return { health: "recovers", said: [] };
  const isLarge = superblock.blockCount * superblock.blockSizeBytes > CHECKED_BYTES;
  if ((isLarge || !whole) && (await saysClean(device, superblock.type)))
    return { health: "clean", said: [], isOwnWord: true };
  const check = () => (superblock.type === "xfs" ? checkXfs(device, runner) : checkExt(device, runner));
  for (const pause of pausesMs) {
    const health = await check();
    if (health.unreadable === undefined) return health;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return check();
}

/** `Error reading block 201 (Input/output error)`: the line of a checker that met one. */
function unreadableIn(text: string): string | undefined {
  const line = text.split("\n").find((one) => /Input\/output error/.test(one));
  return line?.replace(/\.? +(Ignore error\?.*)?$/, "").trim();
}

/** `s_state` of an ext superblock, and what it says when the kernel unmounted cleanly and never met a fault. */
const STATE = { offset: 1024 + 0x3a, clean: 1 };
/** `sb_features_incompat` of an XFS v5 superblock (0 in v4), and the bit that asks for xfs_repair before anything else. */
const INCOMPATIBLE = { offset: 216, needsRepair: 0x10 };

/** Whether a filesystem counts itself as whole. An XFS with nothing in its log does, unless it asks for a repair. */
function saysClean(device: string, type: FilesystemFacts["type"]): Promise<boolean> {
  return withDisk(device, "read", async (disk) => {
    if (type !== "xfs") return (await readAt(disk, STATE.offset, 2)).readUInt16LE() === STATE.clean;
    const word = (await readAt(disk, INCOMPATIBLE.offset, 4)).readUInt32BE();
    return (word & INCOMPATIBLE.needsRepair) === 0;
  });
}

/** xfs_repair knows whole and damaged alone: XFS mends nothing by itself that its log has not. */
async function checkXfs(device: string, runner: Runner): Promise<Health> {
  const { exitCode, stdout, stderr } = await runner(["xfs_repair", "-n", device], {
    purpose: `checking the filesystem of ${device}`,
    timeoutSeconds: CHECK_TIMEOUT,
    accept: [0, 1, 2],
  });
  if (exitCode === 0) return { health: "clean", said: [] };
  return { said: faultsIn(stdout + stderr), unreadable: unreadableIn(stdout + stderr) };
}

/** What xfs_repair found: neither its phases nor what it would have done about it, and no line twice. */
function faultsIn(text: string): string[] {
  const lines = text
    .split("\n")
    .filter((line) => !/^(Phase \d|\s+- |No modify flag|would |Inode allocation btrees)/.test(line));
  return [...new Set(lastLines(lines.join("\n")))];
}

async function checkExt(device: string, runner: Runner): Promise<Health> {
  const check = await runner(["e2fsck", "-fn", device], {
    purpose: `checking the filesystem of ${device}`,
    timeoutSeconds: CHECK_TIMEOUT,
    accept: [0, 4, 8, 12],
  });
  if (check.exitCode === 0) return { health: "clean", said: [] };
  const unreadable = unreadableIn(check.stdout + check.stderr);
  const said = lastLines(check.stdout + check.stderr);
  return unreadable === undefined ? predictPreening(device, said, runner) : { said, unreadable };
}

/** Runs the preening on a scratch image that holds the metadata alone (sparse: it takes little room). */
async function predictPreening(device: string, found: string[], runner: Runner): Promise<Health> {
  return withScratch({ kind: "check", what: `a copy of the metadata of ${device}` }, async (folder) => {
    const image = path.join(folder, "metadata.img");
    const taken = await runner(["e2image", "-r", device, image], {
      purpose: `taking the metadata of ${device}`,
      timeoutSeconds: CHECK_TIMEOUT,
      accept: [0, 1, 8],
    });
    if (taken.exitCode !== 0) return { said: [...found, ...lastLines(taken.stderr)] };
    const preen = await runner(["e2fsck", "-fp", image], {
      purpose: `trying whether e2fsck mends ${device}`,
      timeoutSeconds: CHECK_TIMEOUT,
      accept: [0, 1, 2, 4, 8, 12],
    });
    return preen.exitCode <= 1
      ? { health: "preenable", said: found }
      : { said: lastLines((preen.stdout + preen.stderr).replaceAll(`${image}: `, "")) };
  });
}

/** e2fsck's name and version, and its call to run it by hand: the advice is this program's own. */
const NOISE = /^(e2fsck|e2image) \d|UNEXPECTED INCONSISTENCY|^\(i\.e\., without/;

function lastLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/\.$/, ""))
    .filter((line) => line !== "" && !NOISE.test(line))
    .slice(-6);
}

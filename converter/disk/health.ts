/** Whether a filesystem is whole, told without writing a byte of it. */
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import type { Runner } from "../run";
import type { FilesystemFacts } from "../types";
import type { Superblock } from "./filesystem";

/** e2fsck takes its time on large filesystems. Seconds. */
const CHECK_TIMEOUT = 4 * 3600;

export interface Health {
  /** Undefined: beyond what a preening e2fsck mends. */
  health?: FilesystemFacts["health"];
  /** What the checker said, its last lines. */
  said: string[];
}

/**
 * Checks the filesystem on a device or file. A journal that has not been replayed makes every check of the rest
 * meaningless, so such a filesystem is judged on its copy.
 */
export async function checkHealth(
  device: string,
  superblock: Pick<Superblock, "type" | "needsRecovery">,
  runner: Runner,
): Promise<Health> {
  if (superblock.needsRecovery) return { health: "recovers", said: [] };
  return superblock.type === "xfs" ? checkXfs(device, runner) : checkExt(device, runner);
}

/** xfs_repair knows whole and damaged alone: XFS mends nothing by itself that its log has not. */
async function checkXfs(device: string, runner: Runner): Promise<Health> {
  const { exitCode, stdout, stderr } = await runner(["xfs_repair", "-n", device], {
    purpose: `checking the filesystem of ${device}`,
    timeoutSeconds: CHECK_TIMEOUT,
    accept: [0, 1, 2],
  });
  return exitCode === 0 ? { health: "clean", said: [] } : { said: faultsIn(stdout + stderr) };
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
  return predictPreening(device, lastLines(check.stdout + check.stderr), runner);
}

/** Runs the preening on a scratch image that holds the metadata alone (sparse: it takes little room). */
async function predictPreening(device: string, found: string[], runner: Runner): Promise<Health> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pv-to-hvm-check-"));
  try {
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
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
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

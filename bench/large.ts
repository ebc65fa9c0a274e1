/** A disk of almost 16 TiB, as sparse as its file, with the sample's guest on it. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Print } from "./numbers";
import { runSelf } from "./once";

const TIB = 2 ** 40;
const RUNS = 3;

/** Seconds and memory of inspecting it and planning its conversion; e2fsck and its like are not counted as memory. */
export function benchLargeDisk(folder: string, sample: string, print: Print): void {
  const disk = makeLargeDisk(folder, sample);
  const told = Array.from({ length: RUNS }, () => runSelf(["converter-once", "inspect", disk]));
  console.log("\next4, 16 TiB, sparse");
  print(
    "inspected and its conversion planned",
    "s",
    told.map(({ seconds }) => seconds),
  );
  print(
    "  memory of the converter",
    "MB",
    told.map(({ megabytes }) => megabytes),
  );
  fs.rmSync(disk);
}

/** Makes it in the folder. Gives its file. */
export function makeLargeDisk(folder: string, sample: string): string {
  const disk = join(folder, "large");
  fs.writeFileSync(disk, "");
  // A file on ext4 ends just below 16 TiB.
  fs.truncateSync(disk, 16 * TIB - 2 ** 30);
  withMounted(sample, folder, (guest) =>
    execFileSync("mke2fs", ["-q", "-F", "-t", "ext4", "-d", guest, disk], { stdio: "ignore" }),
  );
  return disk;
}

function withMounted(image: string, folder: string, work: (root: string) => void): void {
  const root = fs.mkdtempSync(join(folder, "guest-"));
  execFileSync("mount", ["-o", "loop,ro,noload", image, root]);
  try {
    work(root);
  } finally {
    execFileSync("umount", [root]);
  }
}

/** One menu, asked three times: GRUB 0.97 about the source, the report, and GRUB 2 about the result. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Plan } from "../../converter/types";
import { scratchFolder } from "../converter/disk/images";
import { convertTree, type Files, MENU, planFor, UUID, writeGuest } from "./guest";
import { bareDisk, fillPartition, partitionedDisk } from "./machine/disks";
import { emptyConvertedDisk, fillConvertedDisk, startedByGrub2 } from "./machine/grub2";
import { startedByLegacy } from "./machine/grubLegacy";
import type { Started } from "./machine/boot";

/** Where the source's filesystem lies. */
export type Lying = "bare" | "partition";

export interface ThreeWays {
  /** What GRUB 0.97 starts from the source. */
  legacy: Started;
  /** The plan, or why there is none. */
  plan: Plan | string[];
  /** The menu of the result, and what GRUB 2 starts from it; absent where it was refused. */
  result?: { menu: string; started: Started };
}

let loader: Promise<string> | undefined;

/** The converted disk with nothing on it, made once for each file of tests, whose end takes the scratch folders away. */
async function emptyDisk(plan: Plan): Promise<string> {
  const there = await loader;
  if (there !== undefined && fs.existsSync(there)) return there;
  loader = emptyConvertedDisk(path.join(scratchFolder(), "empty.img"), plan.boot);
  return loader;
}

export async function askThreeWays(files: Files, lying: Lying = "bare"): Promise<ThreeWays> {
  const tree = writeGuest(files);
  const disk = path.join(scratchFolder(), "disk.img");
  try {
    const legacy = await startedByLegacy(
      lying === "bare" ? bareDisk(tree, disk) : fillPartition(tree, partitionedDisk(disk), UUID),
      lying === "bare" ? "(hd0)" : "(hd0,0)",
    );
    const plan = await planFor(tree, { part: lying === "bare" ? 0 : 1 });
    if (Array.isArray(plan)) return { legacy, plan };
    convertTree(tree, plan);
    const started = await startedByGrub2(fillConvertedDisk(await emptyDisk(plan), tree, disk, UUID));
    return { legacy, plan, result: { menu: fs.readFileSync(tree + MENU, "utf8"), started } };
  } finally {
    fs.rmSync(tree, { recursive: true, force: true });
    fs.rmSync(path.dirname(disk), { recursive: true, force: true });
  }
}

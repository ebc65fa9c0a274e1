/** The made-up families of the converter's tests as plain folders: what a running guest's root looks like from inside. */
import * as fs from "node:fs";
import * as path from "node:path";
import { FIXTURES } from "../converter/families/phonyGuests";
import { writeGenerator } from "../converter/families/generators";
import type { Guest } from "../converter/families/guests";
import { writeKernel } from "../converter/families/kernels";
import { LAYOUTS } from "../converter/families/layouts";
import { readTexts, writeTexts } from "../converter/families/treeFiles";
import { volumesOf } from "../matrix/layouts";
import { scratchFolder } from "../converter/disk/images";
import { sh } from "../matrix/shell";

/** Folders that every root has; the first ones are what links of a merged /usr lead to. */
const FOLDERS = [
  "usr/bin",
  "usr/sbin",
  "usr/lib",
  "bin",
  "sbin",
  "lib",
  "etc",
  "var/lib",
  "proc",
  "sys",
  "dev",
  "tmp",
];

/** Whether the guest's /boot is a filesystem of its own. */
export function hasOwnBoot({ layout }: Guest): boolean {
  return volumesOf(LAYOUTS[layout]).some(({ volume }) => volume.point === "/boot");
}

/** Calls `work` with the guest's root in a folder, its /boot mounted there where the layout has one of its own. */
export async function withTree<T>(guest: Guest, work: (root: string) => T | Promise<T>): Promise<T> {
  const root = scratchFolder();
  fs.mkdirSync(path.join(root, "boot"));
  if (hasOwnBoot(guest)) sh("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", `${root}/boot`);
  try {
    writeTree(root, guest);
    return await work(root);
  } finally {
    if (hasOwnBoot(guest)) sh("umount", `${root}/boot`);
  }
}

/** Writes its texts, kernels and programs. */
export function writeTree(root: string, guest: Guest): void {
  writeTexts(root, guest.texts ?? readTexts(path.join(FIXTURES, guest.folder, "before")));
  for (const folder of FOLDERS) fs.mkdirSync(path.join(root, folder), { recursive: true });
  for (const [name, same] of guest.hardLinks ?? []) fs.linkSync(root + same, root + name);
  for (const kernel of guest.kernels) writeKernel(root, kernel);
  if (guest.generator) writeGenerator(root, guest.generator);
  if (guest.packages) fs.writeFileSync(`${root}/bin/${guest.packages}`, "", { mode: 0o755 });
}

/** Makes a guest of the table: its disk with everything on it, and a blank one for the conversion. */
import * as fs from "node:fs";
import * as path from "node:path";
import { readTable } from "../../matrix/checker/table";
import { volumesOn, withGuest } from "../../matrix/checker/volumes";
import { volumesOf } from "../../matrix/layouts";
import { sh } from "../../matrix/shell";
import { scratchFolder } from "../disk/images";
import type { Guest } from "./guests";
import { writeGenerator } from "./generators";
import { makeImage, uuidOf } from "./image";
import { writeKernel } from "./kernels";
import { LAYOUTS } from "./layouts";
import { writeOddFiles } from "./oddFiles";
import { readTexts, writeTexts } from "./treeFiles";
import { type TreeManifest, treeManifest } from "./treeManifest";

export const FIXTURES = path.join(__dirname, "fixtures");
const MIB = 2 ** 20;

export interface PhonyDisks {
  folder: string;
  source: string;
  destination: string;
  /** The guest's tree as it is on the source. */
  tree: TreeManifest;
}

/** How a test's guest differs from the table's. */
export interface Changes {
  /** Bytes of the destination. Default: the source's size and 8 MiB. */
  destinationBytes?: number;
  /** The last touch, with all filesystems mounted below the guest's root. */
  touch?: (root: string) => void;
}

/** Makes both disks in a folder that `removeFolders` takes away. */
export function makeDisks(guest: Guest, changes: Changes = {}): PhonyDisks {
  const folder = scratchFolder();
  const [source, destination] = ["source.img", "destination.img"].map((name) => path.join(folder, name));
  let tree: TreeManifest = new Map();
  makeImage(LAYOUTS[guest.layout], source, (root) => {
    writeGuest(root, guest);
    changes.touch?.(root);
    tree = treeManifest(root);
  });
  fs.writeFileSync(destination, "");
  fs.truncateSync(destination, changes.destinationBytes ?? fs.statSync(source).size + 8 * MIB);
  return { folder, source, destination, tree };
}

/** Works in the guest of a converted disk, mounted as the table's layout says, whatever its own /etc/fstab does. */
export function insideConverted<T>({ layout }: Guest, disk: string, work: (root: string) => T): T {
  const found = volumesOn(disk, readTable(disk));
  const mounts = volumesOf(LAYOUTS[layout]).flatMap(({ volume }, index) => {
    const own = found.find(({ uuid }) => uuid === uuidOf(index + 1));
    return own && volume.point.startsWith("/") ? [{ point: volume.point, volume: own }] : [];
  });
  return withGuest(disk, mounts, "ro", work);
}

/** Folders that every root has. */
const FOLDERS = [
  "proc",
  "sys",
  "dev",
  "tmp",
  "root",
  "var/lib",
  "usr/lib",
  "usr/bin",
  "usr/sbin",
  "lib",
  "bin",
  "sbin",
];

function writeGuest(root: string, guest: Guest): void {
  writeTexts(root, guest.texts ?? readTexts(path.join(FIXTURES, guest.folder, "before")));
  for (const folder of FOLDERS) fs.mkdirSync(path.join(root, folder), { recursive: true });
  if (!fs.lstatSync(`${root}/sbin/init`, { throwIfNoEntry: false }))
    fs.writeFileSync(`${root}/sbin/init`, "", { mode: 0o755 });
  fs.writeFileSync(`${root}/etc/passwd`, "root:x:0:0:root:/root:/bin/sh\n");
  for (const [name, same] of guest.hardLinks ?? []) fs.linkSync(root + same, root + name);
  for (const kernel of guest.kernels) writeKernel(root, kernel);
  if (guest.generator) writeGenerator(root, guest.generator);
  if (guest.packages) fs.writeFileSync(`${root}/bin/${guest.packages}`, "", { mode: 0o755 });
  writeOddFiles(root);
  markMenu(root);
}

/** Attributes that an editor loses which writes a new file and renames it. */
function markMenu(root: string): void {
  const menu = ["boot/grub/grub.conf", "boot/grub/menu.lst"].find((name) => isFile(path.join(root, name)));
  if (menu === undefined) return;
  fs.chmodSync(path.join(root, menu), 0o600);
  fs.chownSync(path.join(root, menu), 0, 4);
  sh("setfattr", "-n", "security.selinux", "-v", "system_u:object_r:boot_t:s0", path.join(root, menu));
}

function isFile(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

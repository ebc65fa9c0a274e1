/**
 * Loop devices belong to the whole host: one that a program in a container made, and had no time to detach before the
 * container was ended, would stay, and keep the container's filesystem with it.
 */
import * as fs from "node:fs";
import { run } from "../../converter/run";

/** `major:minor` of a filesystem, as losetup prints it. */
type FilesystemId = string;

/** The filesystems that belong to a container alone: its root, and its /dev, where its names for volumes are. */
export function filesystemsOf(initPid: number): FilesystemId[] {
  const folders = ["/", "/dev"].map((folder) => `/proc/${initPid}/root${folder}`);
  return folders
    .filter((folder) => fs.existsSync(folder))
    .map((folder) => filesystemId(fs.statSync(folder).dev));
}

/** Frees the loop devices whose backing file lies on one of these filesystems. */
export async function freeLoopsOn(filesystems: FilesystemId[]): Promise<void> {
  const { stdout } = await run(["losetup", "--list", "--noheadings", "--output", "NAME,BACK-MAJ:MIN"], {
    purpose: "listing loop devices",
  });
  for (const name of loopsOn(stdout, filesystems)) {
    // 1: freed in between, by its last mount.
    await run(["losetup", "--detach", name], { purpose: `freeing ${name}`, accept: [0, 1] });
  }
}

/** The names in losetup's list whose backing file lies on one of these filesystems. */
export function loopsOn(list: string, filesystems: FilesystemId[]): string[] {
  const rows = list.split("\n").map((line) => line.trim().split(/\s+/));
  return rows.filter(([, id]) => id !== undefined && filesystems.includes(id)).map(([name]) => name);
}

/** Linux's encoding of a device number: twelve bits of the major above eight of the minor, the minor's rest on top. */
export function filesystemId(device: number): FilesystemId {
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  return `${major}:${minor}`;
}

/** Who uses a disk at this moment: mounts, loop devices, device mapper and md, or whoever claimed it for himself alone. */
import { constants } from "node:fs";
import * as fs from "node:fs";
import * as fsp from "node:fs/promises";
import * as path from "node:path";
import type { Runner } from "../run";
import { type Disk, identityOf } from "./disk";
import { listLoops, type LoopEntry, majorMinor } from "./loops";

export interface Use {
  /** In words: `mounted at /mnt`. */
  how: string;
  /** It may write to the disk. */
  writing: boolean;
}

/** Everything that is known to use the disk. Empty: nothing. */
export async function usesOf(disk: Disk, runner: Runner): Promise<Use[]> {
  const loops = await loopsOver(disk, runner);
  const names = [disk.path, ...partitionsOf(disk), ...loops.map((loop) => loop.name)];
  const mounts = parseMounts(fs.readFileSync("/proc/self/mounts", "utf8")).filter(({ device }) =>
    names.includes(device),
  );
  const uses = [
    ...mounts.map(({ folder, readOnly }) => ({ how: `mounted at ${folder}`, writing: !readOnly })),
    ...loops.map(({ name, readOnly }) => ({ how: `attached as ${name}`, writing: !readOnly })),
    ...holdersOf(disk).map((name) => ({ how: `held by ${name}`, writing: true })),
  ];
  return uses.length === 0 && (await isClaimed(disk))
    ? [{ how: "claimed by another program", writing: true }]
    : uses;
}

/** Whether the disk may not be opened by one program alone. Says nothing of files: no claim is known for them. */
async function isClaimed(disk: Disk): Promise<boolean> {
  if (disk.kind === "file") return false;
  try {
    await (await fsp.open(disk.path, constants.O_RDONLY | constants.O_EXCL)).close();
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return true;
    throw error;
  }
}

/** Reads /proc/self/mounts: blanks in names are written as octal numbers. */
export function parseMounts(text: string): { device: string; folder: string; readOnly: boolean }[] {
  return text
    .split("\n")
    .map((line) => line.split(" ").map(unescapeOctal))
    .filter((fields) => fields.length >= 4)
    .map(([device, folder, , options]) => ({ device, folder, readOnly: options.split(",").includes("ro") }));
}

function unescapeOctal(text: string): string {
  return text.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

async function loopsOver(disk: Disk, runner: Runner): Promise<{ name: string; readOnly: boolean }[]> {
  return (await listLoops(runner))
    .filter((entry) => isOver(entry, disk))
    .map((entry) => ({ name: entry.name, readOnly: entry.ro }));
}

/**
 * Loop devices are the whole computer's: one that another container made over its own /dev/nvme1n1 shows that name here
 * as well. A device's node is told from others of the same name by where it lies.
 */
function isOver(entry: LoopEntry, disk: Disk): boolean {
  const stat = entry["back-file"] ? statOf(entry["back-file"]) : undefined;
  if (stat === undefined || identityOf(stat) !== disk.identity) return false;
  const place = entry["back-maj:min"]?.trim();
  if (!stat.isBlockDevice() || !place || entry["back-ino"] === null) return true;
  return place === majorMinor(stat.dev) && entry["back-ino"] === stat.ino;
}

function statOf(name: string): fs.Stats | undefined {
  try {
    return fs.statSync(name);
  } catch {
    return undefined;
  }
}

/** Device mapper, md and the like over the disk or a partition of it. */
function holdersOf(disk: Disk): string[] {
  if (disk.kind === "file") return [];
  return [disk.path, ...partitionsOf(disk)].flatMap((device) =>
    listFolder(path.join("/sys/class/block", path.basename(device), "holders")),
  );
}

/** `/dev/nvme1n1p1` … of a whole disk, as far as the kernel knows any. */
function partitionsOf(disk: Disk): string[] {
  if (disk.kind === "file") return [];
  const folder = path.join("/sys/class/block", path.basename(disk.path));
  return listFolder(folder)
    .filter((name) => fs.existsSync(path.join(folder, name, "partition")))
    .map((name) => path.join("/dev", name));
}

function listFolder(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

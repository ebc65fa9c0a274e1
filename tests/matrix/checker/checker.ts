/**
 * The independent checker: reads a converted disk from its first sector to the last file of the guest, with programs
 * and code of its own. It knows of the conversion only what anyone may: the disk.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { attempt, withFolder } from "../shell";
import { checkBootCode } from "./bootCode";
import type { Finding } from "./finding";
import { type Converted, checkConsolesAndNetwork, checkFstab, checkMenu, readFstab } from "./rules";
import { readTable, type Table } from "./table";
import { resolve, type Volume, volumesOn, withDevice, withGuest, withVolume } from "./volumes";

/** The places in which PV-GRUB looks for its menu, on each filesystem. */
const MENUS = ["boot/grub/menu.lst", "grub/menu.lst"];

/**
 * Everything that is looked at on a converted disk. Findings that are not ok are faults of the conversion.
 * @param families those that it was converted for: `xen`, `nitro`.
 */
export function checkDisk(disk: string, families: string[]): Finding[] {
  const table = readTable(disk);
  const volumes = volumesOn(disk, table);
  return [
    ...checkTable(table),
    ...checkBootCode(disk, table),
    ...volumes.flatMap((volume) => checkFilesystem(disk, volume)),
    ...inGuest(disk, "ro", (guest) => [
      ...checkMenu(guest, menuFile(guest), families),
      ...checkFstab(guest),
      ...checkConsolesAndNetwork(guest),
    ]),
  ];
}

/** Partitions lie from 1 MiB on and do not overlap. */
function checkTable({ kind, slices }: Table): Finding[] {
  const data = slices
    .filter(({ type }) => !["5", "f", "85"].includes(type))
    .sort((a, b) => a.start - b.start);
  const overlapping = data.filter(
    (slice, index) => index > 0 && slice.start < data[index - 1].start + data[index - 1].length,
  );
  const active = slices.filter((slice) => slice.active).length;
  return [
    { name: "there are partitions", ok: data.length > 0, seen: `${kind}, ${data.length}` },
    {
      name: "no partition overlaps another",
      ok: overlapping.length === 0,
      seen: overlapping.map(({ number }) => number).join() || "none",
    },
    { name: "one partition is active", ok: kind === "gpt" || active === 1, seen: `${active}` },
  ];
}

const CHECKERS: Record<string, string[]> = {
  ext2: ["e2fsck", "-fn"],
  ext3: ["e2fsck", "-fn"],
  ext4: ["e2fsck", "-fn"],
  xfs: ["xfs_repair", "-n"],
};

function checkFilesystem(disk: string, volume: Volume): Finding[] {
  const checker = CHECKERS[volume.type];
  if (checker === undefined) return [];
  const where = volume.mapper ?? `partition ${volume.partition}`;
  const { status, stdout, stderr } = withDevice(disk, volume, true, (device) =>
    attempt([...checker, device]),
  );
  const seen =
    status === 0 ? `${volume.type}, clean` : (stderr + stdout).trim().split("\n").slice(-3).join("; ");
  return [{ name: `the filesystem of ${where} is sound`, ok: status === 0, seen }];
}

/** Works in the guest's own tree, put together by its own /etc/fstab. Throws where no root filesystem is to be found. */
export function inGuest<T>(disk: string, mode: "ro" | "rw", work: (guest: Converted) => T): T {
  const volumes = volumesOn(disk, readTable(disk));
  const system = volumes.find((volume) => isSystem(disk, volume));
  if (system === undefined) throw new Error("no filesystem of the disk holds /etc/fstab: there is no guest");
  const lines = withGuest(disk, [{ point: "/", volume: system }], "ro", (root) =>
    readFstab(fs.readFileSync(path.join(root, "etc/fstab"), "utf8")),
  );
  const others = lines.flatMap(({ device, point }) => {
    const volume = resolve(device, volumes);
    return volume && volume !== system && point.startsWith("/") ? [{ point, volume }] : [];
  });
  const boot = others.find(({ point }) => point === "/boot")?.volume ?? system;
  return withGuest(disk, [{ point: "/", volume: system }, ...others], mode, (root) =>
    work({ root, volumes, system, boot }),
  );
}

function isSystem(disk: string, volume: Volume): boolean {
  if (CHECKERS[volume.type] === undefined) return false;
  return withFolder((folder) =>
    withVolume(disk, volume, folder, "ro", () => fs.existsSync(path.join(folder, "etc/fstab"))),
  );
}

/** The menu, every link resolved inside the guest. Throws where there is none. */
export function menuFile({ root, boot, system }: Converted): string {
  const top = boot === system ? root : path.join(root, "boot");
  const found = MENUS.map((name) => path.join(top, name)).find((name) =>
    fs.lstatSync(name, { throwIfNoEntry: false }),
  );
  if (found === undefined) throw new Error("no menu.lst where PV-GRUB looks for it");
  return followed(root, found, 8);
}

function followed(root: string, file: string, hops: number): string {
  if (!fs.lstatSync(file).isSymbolicLink()) return file;
  if (hops === 0) throw new Error(`${file}: a circle of links`);
  const target = fs.readlinkSync(file);
  const next = target.startsWith("/") ? path.join(root, target) : path.join(path.dirname(file), target);
  return followed(root, next, hops - 1);
}

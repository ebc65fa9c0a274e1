/** Partitions and what is in them, in words. */
import { SECTOR, formatBytes } from "../disk/sizes";
import type { Content, DiskFacts, FilesystemFacts, MountFacts, PartFacts, PartitionPlan } from "../types";

const TYPES: Record<string, string> = {
  "05": "extended",
  "0f": "extended",
  "82": "swap",
  "83": "Linux",
  "8e": "LVM",
  fd: "RAID",
  "0FC63DAF-8483-4772-8E79-3D69D8477DE4": "Linux",
  "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F": "swap",
  "E6D6D379-F507-44C2-A23C-238F2A3DF928": "LVM",
  "21686148-6449-6E6F-744E-656564454649": "BIOS boot",
  "C12A7328-F81F-11D2-BA4B-00A0C93EC93B": "EFI system",
  "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709": "Linux root",
  "44479540-F297-41B2-9AF7-D131D5F0458A": "Linux root",
};

const HEALTH: Record<FilesystemFacts["health"], string> = {
  clean: "clean",
  preenable: "with small faults, mended on the copy",
  recovers: "its journal still to be replayed, on the copy",
};

/** What kind of table a disk has: `MBR 0x1a2b3c4d, 2 partitions`. */
export function describeTable({ table, tableId, parts }: DiskFacts): string {
  if (table === "none") return "no partition table, one filesystem on the bare disk";
  const name = [table.toUpperCase(), ...(tableId === undefined ? [] : [tableId])].join(" ");
  return `${name}, ${parts.length} ${parts.length === 1 ? "partition" : "partitions"}`;
}

/** A row for each part, and for each logical volume below its group's: what `table` takes. */
export function describeParts(source: DiskFacts, mounts: MountFacts[]): string[][] {
  return source.parts.flatMap((part) => [
    [...place(part, part.number), describeContent(part.content) + mountedAs(mounts, part.number)],
    ...logicalVolumes(part, mounts),
  ]);
}

function logicalVolumes({ number, content }: PartFacts, mounts: MountFacts[]): string[][] {
  if (content.kind !== "lvm") return [];
  const { name, volumes } = content.volumeGroup;
  return volumes.map((volume) => {
    const kind = volume.extents === undefined ? ` (${volume.kind})` : "";
    const mounted = mountedAs(mounts, number, `${name}/${volume.name}`);
    const what = `${volume.name}${kind}: ${describeContent(volume.content)}${mounted}`;
    return ["", formatBytes(volume.sizeBytes), "", "", what];
  });
}

/** The destination's partitions: what `table` takes. `what`: what a copied part of the source holds, by its number. */
export function describePlanned(partitions: PartitionPlan[], what: Map<number, string>): string[][] {
  return partitions.map((one) => [...place(one, one.number), describeRole(one, what)]);
}

function describeRole({ role, from }: PartitionPlan, what: Map<number, string>): string {
  switch (role) {
    case "copy":
      return what.get(from ?? 0) ?? "";
    case "extended":
      return "holds the logical ones";
    case "bios-boot":
      return "GRUB's core image, new";
    case "efi-system":
      return "for booting by UEFI, new";
  }
}

function place(
  { startBytes, sizeBytes, type, active }: Omit<PartFacts, "number" | "content">,
  number: number,
): string[] {
  const kind = type === undefined ? "" : (TYPES[type] ?? type) + (active ? ", active" : "");
  return [
    number === 0 ? "" : String(number),
    number === 0 ? "" : formatBytes(sizeBytes),
    number === 0 ? "" : `sector ${startBytes / SECTOR}`,
    kind,
  ];
}

function mountedAs(mounts: MountFacts[], part: number, logicalVolume?: string): string {
  const mount = mounts.find((one) => one.part === part && one.logicalVolume === logicalVolume);
  return mount === undefined ? "" : `, the guest's ${mount.point}`;
}

/** What a part or logical volume holds: `ext4 "root", 512 MiB of 1 GiB used, clean`. */
export function describeContent(content: Content): string {
  switch (content.kind) {
    case "filesystem":
      return describeFilesystem(content.filesystem);
    case "swap":
      return `swap${quoted(content.label)}`;
    case "lvm":
      return `volume group ${content.volumeGroup.name}`;
    case "extended":
      return "holds the logical ones";
    case "unknown":
      return "nothing that is known";
    case "other":
      return content.type + quoted(content.label);
  }
}

function describeFilesystem(filesystem: FilesystemFacts): string {
  const { blockCount, freeBlocks, blockSizeBytes, type, label, health } = filesystem;
  const [used, whole] = [blockCount - freeBlocks, blockCount].map((count) =>
    formatBytes(count * blockSizeBytes),
  );
  return `${type}${quoted(label)}, ${used} of ${whole} used, ${HEALTH[health]}`;
}

function quoted(label: string | undefined): string {
  return label === undefined || label === "" ? "" : ` "${label}"`;
}

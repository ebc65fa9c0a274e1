/** What a partition or a logical volume holds. */
import type { Runner } from "../run";
import type { Content, PartFacts } from "../types";
import { withDisk } from "./bytes";
import { readFilesystem } from "./filesystem/filesystem";
import { readVolumeGroup } from "./lvm/lvm";
import { type DiskExtents, type ReadBytes, readerOf, sizeOf } from "./extents";
import { type Signature, readSignature } from "./signature";
import { formatUuid } from "./uuid";

/**
 * Reads what lies on a part of a disk. blkid decides what it is, since it knows what contradicts what; the rest is read
 * from the bytes. Nothing is activated, mounted or written.
 */
export async function readContent(
  path: string,
  part: Pick<PartFacts, "startBytes" | "sizeBytes">,
  runner: Runner,
): Promise<Content> {
  const { startBytes, sizeBytes } = part;
  const place: DiskExtents = { path, extents: [{ startBytes, sizeBytes }] };
  const content = await readPlace(place, runner);
  if (content.kind !== "other" || content.type !== "LVM2_member") return content;
  const volumeGroup = await withDisk(path, "read", (disk) =>
    readVolumeGroup(readerOf(disk, place.extents), startBytes, sizeBytes),
  );
  if (!volumeGroup) return content;
  for (const volume of volumeGroup.volumes) {
    if (volume.extents) volume.content = await readPlace({ path, extents: volume.extents }, runner);
  }
  return { kind: "lvm", volumeGroup };
}

async function readPlace(place: DiskExtents, runner: Runner): Promise<Content> {
  const [first] = place.extents;
  const signature = await readSignature(place.path, runner, first);
  return withDisk(place.path, "read", (disk) =>
    interpret(signature, readerOf(disk, place.extents), sizeOf(place)),
  );
}

async function interpret(signature: Signature, read: ReadBytes, sizeBytes: number): Promise<Content> {
  const { type, uuid, label } = signature;
  if (type === undefined) return { kind: "unknown" };
  if (/^(ext[234]|xfs)$/.test(type)) {
    const found = await readFilesystem(read);
    if (found) {
      const health = found.needsRecovery ? "recovers" : "clean";
      return { kind: "filesystem", filesystem: { ...found, health } };
    }
  }
  if (type === "swap") return { kind: "swap", ...(sizeBytes > SWAP_PAGE ? await readSwap(read) : {}) };
  return { kind: "other", type, ...(uuid ? { uuid } : {}), ...(label ? { label } : {}) };
}

/** Of every x86 machine. */
const SWAP_PAGE = 4096;
const SWAP_HEADER = { offset: 1024 + 12, bytes: 32 };

/** UUID and label of a swap area (util-linux, include/swapheader.h); of its first version, and unnamed, neither. */
async function readSwap(read: ReadBytes): Promise<{ uuid?: string; label?: string }> {
  const header = await read(SWAP_HEADER.offset, SWAP_HEADER.bytes);
  const magic = await read(SWAP_PAGE - 10, 10);
  if (!header || magic?.toString("latin1") !== "SWAPSPACE2") return {};
  const label = header.toString("utf8", 16, 32).replace(/\0.*$/s, "");
  const named = header.subarray(0, 16).some((byte) => byte !== 0);
  return { ...(named ? { uuid: formatUuid(header.subarray(0, 16)) } : {}), ...(label ? { label } : {}) };
}

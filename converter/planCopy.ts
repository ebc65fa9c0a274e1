import type {
  Content,
  CopyPlan,
  DestinationPlan,
  Facts,
  FilesystemFacts,
  MountFacts,
  PartCopyPlan,
  PartFacts,
} from "./types";

/** All that a swap area is known by lies in its first page, which is 64 KiB at most. */
export const SWAP_HEADER_BYTES = 64 * 1024;

/** What is read of each part that the destination has a partition for. */
export function planCopy({ source, mounts, helper }: Facts, destination: DestinationPlan): CopyPlan {
  const copied = destination.partitions.flatMap(({ role, from }) => (role === "copy" ? [from] : []));
  const parts = source.parts
    .filter(({ number }) => copied.includes(number))
    .map((part) => planPart(part, mounts, helper?.replays === true));
  return { bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), parts };
}

function planPart(part: PartFacts, mounts: MountFacts[], replays: boolean): PartCopyPlan {
  const { number, sizeBytes, content } = part;
  const what = describe(part, mounts);
  switch (content.kind) {
    case "filesystem":
      return { part: number, what, ...planFilesystem(content.filesystem, replays) };
    case "swap": {
      const bytes = Math.min(SWAP_HEADER_BYTES, sizeBytes);
      const why = "what was swapped out is of no use to another boot";
      return { part: number, what, method: "header", bytes, why };
    }
    case "lvm":
      return { part: number, what, ...planVolumeGroup(part, content.volumeGroup, replays) };
    default:
      return { part: number, what, ...whole(sizeBytes, "not known what of it is in use") };
  }
}

type Method = Omit<PartCopyPlan, "part" | "what">;

/** By the free-space map, unless the journal holds a newer one: copied by a stale map, fresh files come out wrong. */
function planFilesystem(filesystem: FilesystemFacts, replays: boolean): Method {
  const bytes = usedBytes(filesystem);
  if (!filesystem.needsRecovery) {
    return {
      method: "used-blocks",
      bytes,
      why: "cleanly unmounted, so its map of free blocks holds",
    };
  }
  if (replays) {
    const why = "its journal is replayed on an overlay: the map of free blocks on the disk is older";
    return { method: "replayed", bytes, why };
  }
  const why = "its journal needs recovery and this machine has no overlay for it, so no map can be trusted";
  const { blockCount, blockSizeBytes } = filesystem;
  return { ...whole(blockCount * blockSizeBytes, why), replaysOnCopy: true };
}

/** Labels and metadata, then each volume by what it holds; extents of no volume hold nothing. */
function planVolumeGroup(
  { sizeBytes }: PartFacts,
  { dataStartBytes, volumes }: Extract<Content, { kind: "lvm" }>["volumeGroup"],
  replays: boolean,
): Method {
  const odd = volumes.find(({ extents }) => extents === undefined);
  if (odd) return whole(sizeBytes, `its volume ${odd.name} is ${odd.kind}`);
  const planned = volumes.map((volume) => planVolume(volume.content, volume.sizeBytes, replays));
  return {
    method: planned.some(({ method }) => method === "replayed") ? "replayed" : "used-blocks",
    ...(planned.some(({ replaysOnCopy }) => replaysOnCopy) ? { replaysOnCopy: true } : {}),
    bytes: dataStartBytes + planned.reduce((sum, { bytes }) => sum + bytes, 0),
    why: "its metadata, and each of its volumes by what that holds",
  };
}

/** How the content of a logical volume is copied. */
export function planVolume(content: Content, sizeBytes: number, replays: boolean): Method {
  const { method, bytes, why, replaysOnCopy } = planPart(
    { number: 0, startBytes: 0, sizeBytes, content },
    [],
    replays,
  );
  return { method, bytes, why, ...(replaysOnCopy ? { replaysOnCopy } : {}) };
}

function whole(bytes: number, why: string): Method {
  return { method: "all-blocks", bytes, why };
}

function usedBytes({ blockCount, freeBlocks, blockSizeBytes }: FilesystemFacts): number {
  return (blockCount - freeBlocks) * blockSizeBytes;
}

function describe({ number, content }: PartFacts, mounts: MountFacts[]): string {
  const point = mounts.find(({ part, logicalVolume }) => part === number && !logicalVolume)?.point;
  switch (content.kind) {
    case "filesystem":
      return `${content.filesystem.type} filesystem${point === undefined ? "" : ` of ${point}`}`;
    case "lvm":
      return `LVM volume group ${content.volumeGroup.name}`;
    case "swap":
      return "swap";
    case "other":
      return content.type;
    default:
      return "unknown content";
  }
}

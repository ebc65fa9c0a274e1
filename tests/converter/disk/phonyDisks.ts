/** Facts of disks that never were, for what is decided from facts alone. */
import { MIB } from "../../../converter/disk/sizes";
import type {
  Content,
  DiskFacts,
  FilesystemFacts,
  MountFacts,
  Options,
  PartFacts,
} from "../../../converter/types";

export const GIB = 1024 * MIB;
export const TIB = 1024 * GIB;

export const FILESYSTEM: FilesystemFacts = {
  ...{ type: "ext4", uuid: "61104677-c6eb-4839-b8f0-8d63cebdf9a8", blockSizeBytes: 4096, blockCount: 1000 },
  ...{ freeBlocks: 10, features: [], needsRecovery: false, health: "clean" },
};
export const EXT4: Content = { kind: "filesystem", filesystem: FILESYSTEM };
export const SWAP: Content = { kind: "swap" };
export const EXTENDED: Content = { kind: "extended" };

export const optionsOf = (layout: Options["layout"], grow = false): Options => ({
  for: ["xen"],
  layout,
  grow,
});
export const rootOn = (part: number): MountFacts => ({ point: "/", part, filesystem: FILESYSTEM });

/** A part in MiB. */
export function part(number: number, start: number, size: number, rest: Partial<PartFacts> = {}): PartFacts {
  return { number, startBytes: start * MIB, sizeBytes: size * MIB, type: "83", content: EXT4, ...rest };
}

export function disk(table: DiskFacts["table"], sizeBytes: number, parts: PartFacts[]): DiskFacts {
  return {
    path: "/dev/source",
    sizeBytes,
    table,
    tableId: table === "mbr" ? "0x1a2b3c4d" : undefined,
    parts,
  };
}

export const bare = (sizeBytes: number) =>
  disk("none", sizeBytes, [{ number: 0, startBytes: 0, sizeBytes, content: EXT4 }]);

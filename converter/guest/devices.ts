import type { DiskFacts, MountFacts, PartFacts } from "../types";
import { DISK_NAME, type Identity, identityIn, logicalVolumeIn, mapperName, PLACE_NAME } from "./deviceNames";

export { logicalVolumeIn } from "./deviceNames";

/** Something on the source disk that a guest's file may name. */
export interface NamedVolume {
  /** Partition number; 0: the bare disk. */
  part: number;
  /** `group/volume`, where it is a logical volume. */
  logicalVolume?: string;
  kind: "filesystem" | "swap";
  /** `ext4`, `vfat` …; absent for swap. */
  type?: string;
  uuid?: string;
  label?: string;
  /** The partition's own name: the table's identity and the number (MBR), or a GUID (GPT). It is kept. */
  partUuid?: string;
}

/**
 * Letters of the disk that a PV guest booted from: `a`; `e` where Red Hat 6's blkfront moved sda four letters on.
 */
const ROOT_LETTERS = ["a", "e"];

/** What a device in the guest's files means on its own disk, and under which name it is found on every instance family. */
export class GuestDevices {
  readonly volumes: NamedVolume[];
  private readonly root: NamedVolume;
  private readonly letters: string[];
  private readonly rootNumber: number;
  /** What the names by place of the guest's own disk begin with. */
  private readonly stems: string[];

  /**
   * @param mounts the root first
   * @param rootNames what the guest calls its root (`root=`, the `/` line of fstab): tells which letter its disk has
   * @param names every device that the guest's files name: where all names by place are of one disk, it is its own
   */
  constructor(
    source: Pick<DiskFacts, "parts" | "tableId">,
    mounts: MountFacts[],
    rootNames: string[] = [],
    names: string[] = [],
  ) {
    this.volumes = source.parts.flatMap((part) => volumesOf(part, partUuidOf(part, source.tableId)));
    this.root = this.volumeOf(mounts[0]);
    const parsed = rootNames.map((name) => DISK_NAME.exec(name)).filter((found) => found !== null);
    this.letters = parsed.length > 0 ? parsed.map((found) => found[1]) : ROOT_LETTERS;
    this.rootNumber = Number(parsed.find((found) => found[2] !== "")?.[2] ?? 1);
    this.stems = ownStems(rootNames, names);
  }

  /** Whether a device is named by where it is plugged in, and not by LABEL=, UUID= or a volume group. */
  isDiskName(device: string): boolean {
    return DISK_NAME.test(device) || PLACE_NAME.test(device);
  }

  /**
   * What the device is on the guest's own disk; `undefined` if it is on another one, or nowhere, or where several have
   * that name: whichever the first of them is, a boot may find another.
   */
  find(device: string): NamedVolume | undefined {
    const identity = identityIn(device);
    if (identity) {
      const bearers = this.bearers(identity);
      return bearers.length === 1 ? bearers[0] : undefined;
    }
    const [, stem, number] = PLACE_NAME.exec(device) ?? [];
    if (stem !== undefined) return this.stems.includes(stem) ? this.findNumber(number) : undefined;
    const disk = DISK_NAME.exec(device);
    if (disk) return this.letters.includes(disk[1]) ? this.findNumber(disk[2]) : undefined;
    const logicalVolume = logicalVolumeIn(device);
    return this.volumes.find(
      (volume) => volume.logicalVolume === logicalVolume && logicalVolume !== undefined,
    );
  }

  /** What a LABEL=, UUID= or PARTUUID= leads to where it is no name: all the volumes that have it, two or more. */
  namesakes(device: string): NamedVolume[] {
    const identity = identityIn(device);
    const bearers = identity ? this.bearers(identity) : [];
    return bearers.length > 1 ? bearers : [];
  }

  /**
   * The name under which the device is found on every family: the UUID in place of a disk's name. LABEL=, UUID= and
   * volume groups stay as they are, and so does what is not on the guest's own disk.
   */
  stableName(device: string): string {
    if (!this.isDiskName(device)) return device;
    const found = this.find(device);
    return found ? (this.identityOf(found) ?? device) : device;
  }

  /**
   * As `stableName`, for the root: a name that leads nowhere (a label that the filesystem has no more; Ubuntu 12.04 after
   * a hand conversion, j3tm0t0/pv2hvm#3) becomes the root's own.
   */
  stableRoot(device: string): string {
    const found = this.find(device);
    const isRoot = found?.part === this.root.part && found.logicalVolume === this.root.logicalVolume;
    if (isRoot) return this.stableName(device);
    return (
      this.identityOf(this.root) ?? (this.root.logicalVolume ? mapperName(this.root.logicalVolume) : device)
    );
  }

  /**
   * On the bare disk xvda and xvda1 are both the filesystem, while xvda2 and xvda3 are instance storage (sda2 and sda3 of
   * an m1.small; Fedora's 32-bit images have their swap there).
   */
  private findNumber(digits: string): NamedVolume | undefined {
    const bare = this.volumes.find(({ part }) => part === 0);
    if (bare) return digits === "" || Number(digits) === this.rootNumber ? bare : undefined;
    return this.volumes.find(
      ({ part, logicalVolume }) => logicalVolume === undefined && part === Number(digits),
    );
  }

  private bearers(identity: Identity): NamedVolume[] {
    return this.volumes.filter((volume) => hasIdentity(volume, identity));
  }

  /**
   * By what nothing else on the disk is called. A logical volume has its name for that: it is the same wherever its disk is
   * plugged in.
   */
  private identityOf({ logicalVolume, uuid, label }: NamedVolume): string | undefined {
    if (logicalVolume !== undefined) return undefined;
    const names = [uuid && `UUID=${uuid}`, label && `LABEL=${label}`].filter((name) => name !== undefined);
    return names.find((name) => name !== "" && this.namesakes(name).length === 0);
  }

  private volumeOf(mount: MountFacts): NamedVolume {
    const { part, logicalVolume, filesystem } = mount;
    return (
      this.volumes.find((one) => one.part === part && one.logicalVolume === logicalVolume) ?? {
        ...{ part, logicalVolume, kind: "filesystem" as const, type: filesystem.type },
        ...{ uuid: filesystem.uuid, label: filesystem.label },
      }
    );
  }
}

/** Of the names by place those of the guest's own disk: its root's, or the only one that there is. */
function ownStems(rootNames: string[], names: string[]): string[] {
  const stemsOf = (all: string[]) => [...new Set(all.flatMap((name) => PLACE_NAME.exec(name)?.[1] ?? []))];
  const roots = stemsOf(rootNames);
  if (roots.length > 0) return roots;
  const all = stemsOf(names);
  return all.length === 1 ? all : [];
}

/** As the kernel reads it from the table: an MBR's signature and the number, or the partition's own GUID. */
function partUuidOf({ number, guid }: PartFacts, tableId = ""): string | undefined {
  if (guid !== undefined) return guid;
  const signature = /^0x([0-9a-f]{8})$/i.exec(tableId)?.[1];
  return signature && number > 0 ? `${signature}-${number.toString(16).padStart(2, "0")}` : undefined;
}

function volumesOf({ number: part, content }: PartFacts, partUuid: string | undefined): NamedVolume[] {
  if (content.kind !== "lvm")
    return volume(part, content).map((one) => (partUuid === undefined ? one : { ...one, partUuid }));
  const { name: group, volumes } = content.volumeGroup;
  return volumes.flatMap((one) => volume(part, one.content, `${group}/${one.name}`));
}

function volume(part: number, content: PartFacts["content"], logicalVolume?: string): NamedVolume[] {
  const place = logicalVolume === undefined ? { part } : { part, logicalVolume };
  switch (content.kind) {
    case "filesystem": {
      const { type, uuid, label } = content.filesystem;
      return [{ ...place, kind: "filesystem", type, uuid, label }];
    }
    case "swap":
      return [{ ...place, kind: "swap", uuid: content.uuid, label: content.label }];
    case "other":
      return [{ ...place, kind: "filesystem", type: content.type, uuid: content.uuid, label: content.label }];
    default:
      return [];
  }
}

function hasIdentity(volume: NamedVolume, { kind, value }: Identity): boolean {
  return kind === "label" ? volume.label === value : volume[kind]?.toLowerCase() === value.toLowerCase();
}

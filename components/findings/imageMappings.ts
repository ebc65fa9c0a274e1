import type { GetAmiResult } from "@pulumi/aws/ec2/getAmi";
import type { Problem } from "../checks/problems";
import type { Note } from "../together/candidate";

/** What an image says of its disks. */
export type Mapped = Pick<
  GetAmiResult,
  "blockDeviceMappings" | "imageId" | "rootDeviceName" | "rootSnapshotId"
>;

/** One disk of an image. */
export interface Mapping {
  deviceName: string;
  /** The snapshot that its volume is made of; absent of a blank volume and of an instance store. */
  snapshotId?: string;
  /** GiB of its volume; absent of an instance store. */
  sizeGb?: number;
  /** The name of an instance store: `ephemeral0`. */
  virtualName?: string;
}

/** `ebs` is a map of strings with the Terraform provider's names; what is not there is empty. */
export function mappingsOf({ blockDeviceMappings = [] }: Partial<Mapped>): Mapping[] {
  return blockDeviceMappings
    .filter(({ noDevice }) => !noDevice)
    .map(({ deviceName, ebs = {}, virtualName }) => ({
      deviceName,
      snapshotId: ebs.snapshot_id || undefined,
      sizeGb: Number(ebs.volume_size) || undefined,
      virtualName: virtualName || undefined,
    }));
}

/**
 * The disk that an image starts from: the one of its root device's name; else the only one with a snapshot, or the one whose
 * name begins the root device's. Old images name `/dev/sda1` for their root and map `/dev/sda`, and EC2 starts them.
 */
export function rootMapping(image: Mapped): Mapping | undefined {
  const mappings = mappingsOf(image);
  const { rootDeviceName, rootSnapshotId } = image;
  const named = mappings.find(({ deviceName }) => deviceName === rootDeviceName);
  if (named) return { ...named, snapshotId: rootSnapshotId || named.snapshotId };
  if (rootSnapshotId) return { deviceName: rootDeviceName, snapshotId: rootSnapshotId };
  const ofSnapshots = mappings.filter(({ snapshotId }) => snapshotId !== undefined);
  if (ofSnapshots.length === 1) return ofSnapshots[0];
  return ofSnapshots.find(({ deviceName }) => rootDeviceName.startsWith(deviceName));
}

/** The disks beside the root's. */
function besideRoot(image: Mapped): Mapping[] {
  const root = rootMapping(image);
  return mappingsOf(image).filter(({ deviceName }) => deviceName !== root?.deviceName);
}

/**
 * What becomes of an image's other volumes has to be said: the new image has its root alone, and whoever launches it would miss
 * what was on them. Instance stores hold nothing of an image: of them a note tells.
 */
export function checkOtherMappings(image: Mapped, isIgnored: boolean): Problem[] {
  const volumes = besideRoot(image).filter(({ sizeGb }) => sizeGb !== undefined);
  if (volumes.length === 0 || isIgnored) return [];
  const reason = `maps volumes beside its root, which the new image would not have: ${volumes.map(inWords).join(", ")}`;
  const fix = "Set source.otherVolumes to ignore to leave them behind; their snapshots stay as they are.";
  return [{ path: "source.imageId", reason, fix }];
}

/** What is left behind of an image. */
export function noteOnMappings(image: Mapped): Note[] {
  const others = besideRoot(image);
  const volumes = others.filter(({ sizeGb }) => sizeGb !== undefined).map(inWords);
  const stores = others.filter(({ virtualName }) => virtualName !== undefined).map(inWords);
  const left: Note = {
    level: "warn",
    text: `${image.imageId} maps volumes beside its root, which are left behind: ${volumes.join(", ")}.`,
  };
  const lost: Note = {
    level: "info",
    text: `${image.imageId} maps instance stores, which the new image does not: ${stores.join(", ")}. A launch can map them.`,
  };
  return [...(volumes.length > 0 ? [left] : []), ...(stores.length > 0 ? [lost] : [])];
}

function inWords({ deviceName, snapshotId, sizeGb, virtualName }: Mapping): string {
  if (virtualName !== undefined) return `${deviceName} ${virtualName}`;
  const of = snapshotId === undefined ? "a blank volume" : snapshotId;
  return `${deviceName} ${of} (${sizeGb} GiB)`;
}

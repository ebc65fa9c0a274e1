import type { MetadataTokens } from "../enums";

/** What an image is made of. */
export interface Publishable {
  /** The volume that was seen booting; with `rehearsal.skip`, the one that was verified. */
  volumeId: string;
  /** The registered name. */
  imageName: string;
  architecture: string;
  rootDeviceName: string;
  /** GiB of the volume. */
  sizeGb: number;
  /** `simple` where every kernel that may boot has the driver, ixgbevf; else empty. */
  sriovNetSupport: string;
  /** UUID of the root filesystem. */
  filesystemUuid: string;
  /** The snapshot that the source disk was made of; undefined where nobody has recorded it. */
  sourceSnapshotId?: string;
  /** It is published without a rehearsal. */
  unproven: boolean;
  /** See `Findings.startsAgain`. */
  startedAgain: boolean;
  /** What an instance of it asks of who reads its metadata, where nobody says otherwise. */
  metadataTokens: MetadataTokens;
}

/** The root device names that EC2 boots HVM images from by convention. */
const HVM_ROOT_DEVICES = ["/dev/sda1", "/dev/xvda"];

/** The new image's root device name: the old one's where HVM images use it too, else `/dev/sda1`. */
export function hvmRootDeviceName(old: string | undefined): string {
  return old !== undefined && HVM_ROOT_DEVICES.includes(old) ? old : HVM_ROOT_DEVICES[0];
}

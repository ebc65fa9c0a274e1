import type { Filter } from "./tags";
import { passes, requireKnownFilter } from "./tags";
import type { VolumeRecord } from "./volumes";

/** By EC2's names: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
const FIELDS: Record<string, (volume: VolumeRecord) => string | undefined> = {
  "attachment.delete-on-termination": ({ attachment }) =>
    attachment && String(attachment.deleteOnTermination),
  "attachment.device": ({ attachment }) => attachment?.deviceName,
  "attachment.instance-id": ({ attachment }) => attachment?.instanceId,
  "attachment.status": ({ attachment }) => attachment?.state,
  "availability-zone": (volume) => volume.availabilityZone,
  "create-time": (volume) => volume.createTime,
  encrypted: (volume) => String(volume.encrypted),
  size: (volume) => String(volume.sizeGb),
  "snapshot-id": (volume) => volume.snapshotId,
  status: (volume) => volume.state,
  "volume-id": (volume) => volume.volumeId,
  "volume-type": (volume) => volume.volumeType,
};

/** Refuses a filter that DescribeVolumes, as the local cloud has it, does not know. */
export function requireVolumeFilters(filters: Filter[]): void {
  filters.forEach(({ name }) => requireKnownFilter(name, FIELDS));
}

/** Whether a volume passes every filter. */
export function passesVolumeFilters(volume: VolumeRecord, filters: Filter[]): boolean {
  return passes(volume, filters, FIELDS);
}

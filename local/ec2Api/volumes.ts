import { passesVolumeFilters, requireVolumeFilters } from "../cloud/volumeFilters";
import type { VolumeRecord } from "../cloud/volumes";
import { DONE, type Handler, tagSet } from "./handler";
import { cut, pageIn } from "./pages";
import type { XmlElements } from "./xml";

export const describeVolumes: Handler = (cloud, query) => {
  const [ids, filters, request] = [query.list("VolumeId"), query.filters(), pageIn(query)];
  requireVolumeFilters(filters);
  return async () => {
    const records =
      ids.length > 0
        ? await Promise.all(ids.map((id) => cloud.volumes.describe(id)))
        : await cloud.volumes.list();
    const passing = records.filter((record) => passesVolumeFilters(record, filters));
    const { page, nextToken } = cut(passing, ({ volumeId }) => volumeId, request);
    return { volumeSet: page.map(volume), nextToken };
  };
};

export const deleteVolume: Handler = (cloud, query) => {
  const id = query.required("VolumeId");
  return async () => {
    await cloud.volumes.delete(id);
    return DONE;
  };
};

function volume(record: VolumeRecord): XmlElements {
  const { volumeId, sizeGb, snapshotId, availabilityZone, state, createTime, attachment } = record;
  const { volumeType, iops, throughput, encrypted, kmsKeyId } = record;
  return {
    ...{ volumeId, size: sizeGb, snapshotId: snapshotId ?? "", availabilityZone, status: state, createTime },
    ...{ volumeType, iops, throughput, encrypted, kmsKeyId },
    attachmentSet: attachment
      ? [
          {
            ...{ volumeId, instanceId: attachment.instanceId, device: attachment.deviceName },
            ...{ status: attachment.state, deleteOnTermination: attachment.deleteOnTermination },
          },
        ]
      : [],
    tagSet: tagSet(record.tags),
  };
}

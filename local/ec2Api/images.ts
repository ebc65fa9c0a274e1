import type { ImageRecord } from "../cloud/images";
import type { BlockDeviceMapping } from "../cloud/imageRules";
import { DONE, type Handler, tagSet } from "./handler";
import { cut, pageIn } from "./pages";
import type { XmlElements } from "./xml";

/** No image is ever disabled here, so `IncludeDisabled` shows no more. */
export const describeImages: Handler = (cloud, query) => {
  const [ids, filters, owners] = [query.list("ImageId"), query.filters(), query.list("Owner")];
  const [includeDeprecated, request] = [query.flag("IncludeDeprecated"), pageIn(query)];
  query.flag("IncludeDisabled");
  return async () => {
    for (const id of ids) await cloud.images.describe(id);
    const imageIds = ids.length > 0 ? ids : undefined;
    const records = await cloud.images.search({ filters, owners, imageIds, includeDeprecated });
    const { page, nextToken } = cut(records, ({ imageId }) => imageId, request);
    return { imagesSet: page.map(image), nextToken };
  };
};

export const deregisterImage: Handler = (cloud, query) => {
  const id = query.required("ImageId");
  return async () => {
    await cloud.images.deregister(id);
    return DONE;
  };
};

function image(record: ImageRecord): XmlElements {
  const { imageId, name, description, state, ownerId, isPublic, creationDate, deprecationTime } = record;
  const { architecture, virtualizationType, rootDeviceName, enaSupport, sriovNetSupport, bootMode } = record;
  return {
    ...{ imageId, name, description, imageState: state, imageOwnerId: ownerId, isPublic },
    ...{ creationDate, deprecationTime, architecture, imageType: "machine", hypervisor: "xen" },
    ...{ virtualizationType, rootDeviceType: "ebs", rootDeviceName, enaSupport, sriovNetSupport, bootMode },
    ...{ kernelId: record.kernelId, ramdiskId: record.ramdiskId },
    blockDeviceMapping: record.blockDeviceMappings.map(mapping),
    tagSet: tagSet(record.tags),
  };
}

function mapping({ deviceName, virtualName, ebs }: BlockDeviceMapping): XmlElements {
  if (!ebs) return { deviceName, virtualName };
  const { snapshotId, volumeSizeGb, volumeType, deleteOnTermination, encrypted, iops, throughput } = ebs;
  return {
    deviceName,
    ebs: {
      snapshotId,
      volumeSize: volumeSizeGb,
      volumeType,
      deleteOnTermination,
      encrypted,
      iops,
      throughput,
    },
  };
}

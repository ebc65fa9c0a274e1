import { ACCOUNT_ID } from "./account";
import type { ImageRecord } from "./images";
import { passes, requireKnownFilter, type Filter } from "./tags";

export interface ImageQuery {
  filters?: Filter[];
  /** Account numbers, `self`, `amazon` or `aws-marketplace`. Default: everybody's. */
  owners?: string[];
  imageIds?: string[];
  /** Deprecated images of others show only with this. One's own always show. */
  includeDeprecated?: boolean;
  /** Disabled images show only with this. */
  includeDisabled?: boolean;
}

const FIELDS: Record<string, (image: ImageRecord) => string | string[] | undefined> = {
  architecture: (image) => image.architecture,
  "block-device-mapping.device-name": (image) =>
    image.blockDeviceMappings.map((mapping) => mapping.deviceName),
  "block-device-mapping.snapshot-id": (image) =>
    image.blockDeviceMappings.map((mapping) => mapping.ebs?.snapshotId ?? "").filter(Boolean),
  "boot-mode": (image) => image.bootMode,
  "creation-date": (image) => image.creationDate,
  description: (image) => image.description,
  "ena-support": (image) => String(image.enaSupport),
  hypervisor: () => "xen",
  "image-id": (image) => image.imageId,
  "image-type": () => "machine",
  "is-public": (image) => String(image.isPublic),
  "kernel-id": (image) => image.kernelId,
  name: (image) => image.name,
  "owner-id": (image) => image.ownerId,
  "product-code": (image) => image.productCodes ?? [],
  "product-code.type": (image) => (image.productCodes ?? []).map(() => "marketplace"),
  "ramdisk-id": (image) => image.ramdiskId,
  "root-device-name": (image) => image.rootDeviceName,
  "root-device-type": (image) => (image.imageLocation === undefined ? "ebs" : "instance-store"),
  "sriov-net-support": (image) => image.sriovNetSupport,
  state: (image) => (image.isDisabled ? "disabled" : image.state),
  "virtualization-type": (image) => image.virtualizationType,
};

/** DescribeImages: which images a query finds at this time. An unknown filter is refused, never ignored. */
export function searchImages(images: ImageRecord[], query: ImageQuery, now: Date): ImageRecord[] {
  const filters = query.filters ?? [];
  filters.forEach(({ name }) => requireKnownFilter(name, FIELDS));
  return images
    .filter((image) => query.includeDisabled === true || image.isDisabled !== true)
    .filter((image) => isVisible(image, query.includeDeprecated ?? false, now))
    .filter((image) => isOwnedByOneOf(image, query.owners))
    .filter((image) => query.imageIds?.includes(image.imageId) ?? true)
    .filter((image) => passes(image, filters, FIELDS));
}

function isVisible(image: ImageRecord, includeDeprecated: boolean, now: Date): boolean {
  if (image.ownerId === ACCOUNT_ID) return true;
  const deprecated = image.deprecationTime !== undefined && new Date(image.deprecationTime) <= now;
  // One that is shared with an account by name shows as its own do.
  if (image.launchPermissions?.includes(ACCOUNT_ID)) return true;
  return image.isPublic && (includeDeprecated || !deprecated);
}

/** The aliases `amazon` and `aws-marketplace` own no image here. */
function isOwnedByOneOf(image: ImageRecord, owners?: string[]): boolean {
  if (!owners || owners.length === 0) return true;
  return owners.some((owner) => (owner === "self" ? ACCOUNT_ID : owner) === image.ownerId);
}

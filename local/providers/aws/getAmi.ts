import { ec2Arn } from "../../cloud/account";
import type { ImageQuery } from "../../cloud/imageFilters";
import type { BlockDeviceMapping } from "../../cloud/imageRules";
import type { ImageRecord } from "../../cloud/images";
import type { Properties } from "../provider";
import { rootSnapshotOf } from "./ami";
import type { Client } from "./client";
import { requireKnownArguments, theOne } from "./functionArguments";
import { filtersIn, flag, tagFiltersIn, text, texts } from "./values";

const QUERY = ["filters", "includeDeprecated", "nameRegex", "owners"];

/** aws:ec2/getAmi:getAmi */
export async function getAmi(client: Client, args: Properties): Promise<Properties> {
  const known = [...QUERY, "allowUnsafeFilter", "mostRecent", "tags"];
  requireKnownArguments("aws:ec2/getAmi:getAmi", args, known);
  requireSafe(args);
  const found = newestFirst(await searchImages(client, args));
  return { ...args, ...describe(theOne(found, flag(args, "mostRecent") ?? false)) };
}

/** aws:ec2/getAmiIds:getAmiIds, newest first unless `sortAscending`. */
export async function getAmiIds(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getAmiIds:getAmiIds", args, [...QUERY, "sortAscending"]);
  const found = newestFirst(await searchImages(client, args));
  if (flag(args, "sortAscending")) found.reverse();
  return { ...args, id: "ami-ids", ids: found.map(({ imageId }) => imageId) };
}

async function searchImages(client: Client, args: Properties): Promise<ImageRecord[]> {
  const nameRegex = text(args, "nameRegex");
  const images = await client.call("reading EC2 AMIs", "DescribeImages", () =>
    client.cloud.images.search(queryOf(args)),
  );
  return nameRegex === undefined ? images : images.filter(({ name }) => new RegExp(nameRegex).test(name));
}

function queryOf(args: Properties): ImageQuery {
  return {
    filters: [...filtersIn(args), ...tagFiltersIn(args)],
    owners: texts(args, "owners"),
    includeDeprecated: flag(args, "includeDeprecated"),
  };
}

/** The newest image of a name, whoever made it, is an invitation to strangers: pulumi-aws 7 refuses to look for it. */
function requireSafe(args: Properties): void {
  if (!flag(args, "mostRecent") || flag(args, "allowUnsafeFilter") || texts(args, "owners")?.length) return;
  const safe = ["image-id", "owner-id", "owner-alias"];
  if (filtersIn(args).some(({ name }) => safe.includes(name))) return;
  throw new Error(
    "Most Recent Image Not Filtered: `most_recent` is set to `true` and results are not filtered by owner or image ID. " +
      "With this configuration, a third party may introduce a new image which will be returned by this data source. " +
      "Filter by owner or image ID to avoid this possibility.",
  );
}

function newestFirst(images: ImageRecord[]): ImageRecord[] {
  return [...images].sort((a, b) => b.creationDate.localeCompare(a.creationDate));
}

function describe(image: ImageRecord): Properties {
  return {
    architecture: image.architecture,
    arn: ec2Arn(`image/${image.imageId}`),
    blockDeviceMappings: image.blockDeviceMappings.map(describeMapping),
    bootMode: image.bootMode ?? "",
    creationDate: image.creationDate,
    deprecationTime: image.deprecationTime ?? "",
    description: image.description,
    enaSupport: image.enaSupport,
    hypervisor: "xen",
    id: image.imageId,
    imageId: image.imageId,
    imageLocation: image.imageLocation ?? `${image.ownerId}/${image.name}`,
    imageOwnerAlias: "",
    imageType: "machine",
    imdsSupport: image.imdsSupport ?? "",
    kernelId: image.kernelId ?? "",
    lastLaunchedTime: "",
    name: image.name,
    ownerId: image.ownerId,
    platform: "",
    platformDetails: "Linux/UNIX",
    productCodes: [],
    public: image.isPublic,
    ramdiskId: image.ramdiskId ?? "",
    rootDeviceName: image.rootDeviceName,
    rootDeviceType: image.imageLocation === undefined ? "ebs" : "instance-store",
    rootSnapshotId: rootSnapshotOf(image),
    sriovNetSupport: image.sriovNetSupport ?? "",
    state: image.state,
    stateReason: { code: "UNSET", message: image.stateMessage ?? "UNSET" },
    tags: image.tags,
    tpmSupport: image.tpmSupport ?? "",
    usageOperation: "RunInstances",
    virtualizationType: image.virtualizationType,
  };
}

/** `ebs` is a map of strings in pulumi-aws, numbers and flags included; an absent one is empty. */
function describeMapping({ deviceName, virtualName, ebs }: BlockDeviceMapping): Properties {
  const strings = ebs && {
    delete_on_termination: String(ebs.deleteOnTermination),
    encrypted: String(ebs.encrypted),
    iops: String(ebs.iops ?? 0),
    snapshot_id: ebs.snapshotId ?? "",
    throughput: String(ebs.throughput ?? 0),
    volume_size: String(ebs.volumeSizeGb),
    volume_type: ebs.volumeType,
  };
  return { deviceName, ebs: strings ?? {}, noDevice: "", virtualName: virtualName ?? "" };
}

import { DescribeImagesCommand, type Image } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import { askForUefiData } from "./ami";
import { describeImage, describeMapping } from "./amiOutputs";
import type { Client } from "./client";
import { requireKnownArguments, theOne } from "./functionArguments";
import { shownTags } from "./tagging";
import { filtersIn, flag, tagFiltersIn, text, texts } from "./values";

const QUERY = ["filters", "includeDeprecated", "nameRegex", "owners"];

/** aws:ec2/getAmi:getAmi */
export async function getAmi(client: Client, args: Properties): Promise<Properties> {
  const known = [...QUERY, "allowUnsafeFilter", "mostRecent", "tags"];
  requireKnownArguments("aws:ec2/getAmi:getAmi", args, known, client);
  requireSafe(args);
  const found = newestFirst(await searchImages(client, args));
  const image = theOne(found, flag(args, "mostRecent") ?? false);
  await askForUefiData(client, image.ImageId ?? "");
  const asked = { includeDeprecated: false, mostRecent: false, ...args };
  return { ...asked, ...(await describe(client, image)) };
}

/** aws:ec2/getAmiIds:getAmiIds, newest first unless `sortAscending`. */
export async function getAmiIds(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getAmiIds:getAmiIds", args, [...QUERY, "sortAscending"], client);
  const found = newestFirst(await searchImages(client, args));
  if (flag(args, "sortAscending")) found.reverse();
  const ids = found.map(({ ImageId }) => ImageId);
  return { includeDeprecated: false, sortAscending: false, ...args, id: "ami-ids", ids };
}

async function searchImages(client: Client, args: Properties): Promise<Image[]> {
  const nameRegex = text(args, "nameRegex");
  const Filters = [...filtersIn(args), ...tagFiltersIn(args)];
  const request = new DescribeImagesCommand({
    Filters: Filters.length > 0 ? Filters : undefined,
    IncludeDeprecated: flag(args, "includeDeprecated") ?? false,
    Owners: texts(args, "owners"),
  });
  const { Images: images = [] } = await client.call("reading EC2 AMIs", request);
  if (nameRegex === undefined) return images;
  return images.filter(({ Name = "" }) => new RegExp(nameRegex).test(Name));
}

/** The newest image of a name, whoever made it, is an invitation to strangers: pulumi-aws 7 refuses to look for it. */
function requireSafe(args: Properties): void {
  if (!flag(args, "mostRecent") || flag(args, "allowUnsafeFilter") || texts(args, "owners")?.length) return;
  const safe = ["image-id", "owner-id", "owner-alias"];
  if (filtersIn(args).some(({ Name = "" }) => safe.includes(Name))) return;
  throw new Error(
    "Most Recent Image Not Filtered: `most_recent` is set to `true` and results are not filtered by owner or image ID. " +
      "With this configuration, a third party may introduce a new image which will be returned by this data source. " +
      "Filter by owner or image ID to avoid this possibility.",
  );
}

function newestFirst(images: Image[]): Image[] {
  const made = ({ CreationDate = "" }: Image) => CreationDate;
  return [...images].sort((a, b) => made(b).localeCompare(made(a)));
}

async function describe(client: Client, image: Image): Promise<Properties> {
  return {
    ...(await describeImage(client, image)),
    blockDeviceMappings: (image.BlockDeviceMappings ?? []).map(describeMapping),
    creationDate: image.CreationDate ?? "",
    id: image.ImageId,
    imageId: image.ImageId,
    productCodes: (image.ProductCodes ?? []).map(({ ProductCodeId, ProductCodeType }) => ({
      productCodeId: ProductCodeId,
      productCodeType: ProductCodeType,
    })),
    rootDeviceType: image.RootDeviceType ?? "",
    state: image.State,
    stateReason: {
      code: image.StateReason?.Code ?? "UNSET",
      message: image.StateReason?.Message ?? "UNSET",
    },
    tags: shownTags(image.Tags),
  };
}

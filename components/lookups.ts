import * as pulumi from "@pulumi/pulumi";
import { getSnapshot } from "@pulumi/aws/ebs/getSnapshot";
import { getAmi, type GetAmiResult } from "@pulumi/aws/ec2/getAmi";
import { getInstanceType, type GetInstanceTypeResult } from "@pulumi/aws/ec2/getInstanceType";
import { getSubnet, type GetSubnetResult } from "@pulumi/aws/ec2/getSubnet";
import type { Problem } from "./problems";

/** Debian's account, and the names of its images (https://wiki.debian.org/Cloud/AmazonEC2Image). */
const DEBIAN = { owner: "136693071363", names: "debian-13-amd64-*" };

/** A look-up's answer, or why there is none. */
export type Answer<T> = { value: T; problems: [] } | { value?: undefined; problems: Problem[] };

const CHECK_ID = "Check the id, the region and that this account may read it.";

/** Of a source that is not there: it may have been when the migration was finished. */
const SOURCE_GONE =
  "Where this migration has published its image already and the source was removed since, set workbench to removed: " +
  "that keeps the image and asks for the source no more.";

/** An image by its id. Old paravirtual images are past their deprecation date, hence `includeDeprecated`. */
export function lookUpImage(
  path: string,
  id: string,
  parent: pulumi.Resource,
  advice = CHECK_ID,
): Promise<Answer<GetAmiResult>> {
  const filters = [{ name: "image-id", values: [id] }];
  return answer(path, `image ${id}`, getAmi({ filters, includeDeprecated: true }, { parent }), advice);
}

/** The image that is migrated. */
export function lookUpSourceImage(path: string, id: string, parent: pulumi.Resource) {
  const other = "(Its root snapshot, given as snapshotId, would be a new conversion.)";
  return lookUpImage(path, id, parent, `${CHECK_ID} ${SOURCE_GONE} ${other}`);
}

/** Debian's own current image: what a helper starts from. */
export function lookUpDebian(parent: pulumi.Resource): Promise<Answer<GetAmiResult>> {
  const filters = [{ name: "name", values: [DEBIAN.names] }];
  const query = { owners: [DEBIAN.owner], filters, mostRecent: true };
  return answer(
    "helper.imageId",
    `image ${DEBIAN.names} of owner ${DEBIAN.owner}`,
    getAmi(query, { parent }),
  );
}

/** The image, owned by this account, that carries all of these tags; the newest of several. */
export function lookUpTaggedImage(
  path: string,
  tags: Record<string, string>,
  parent: pulumi.Resource,
): Promise<Answer<GetAmiResult>> {
  const filters = Object.entries(tags).map(([tag, value]) => ({ name: `tag:${tag}`, values: [value] }));
  const query = { owners: ["self"], filters, mostRecent: true, includeDeprecated: true };
  return answer(path, `image of owner self with ${JSON.stringify(tags)}`, getAmi(query, { parent }));
}

/** A snapshot that this account may read. */
export function lookUpSnapshot(path: string, id: string, parent: pulumi.Resource) {
  const shared = "that it is shared with this account, which an image's launch permission does not bring";
  const advice = `Check the id, the region and ${shared}. ${SOURCE_GONE}`;
  return answer(path, `snapshot ${id}`, getSnapshot({ snapshotIds: [id] }, { parent }), advice);
}

/** An instance type of this region. */
export function lookUpType(
  path: string,
  instanceType: string,
  parent: pulumi.Resource,
): Promise<Answer<GetInstanceTypeResult>> {
  const advice = "Check its name, and whether this region has it.";
  return answer(path, `instance type ${instanceType}`, getInstanceType({ instanceType }, { parent }), advice);
}

/** A subnet of this region. */
export function lookUpSubnet(
  path: string,
  id: string,
  parent: pulumi.Resource,
): Promise<Answer<GetSubnetResult>> {
  return answer(path, `subnet ${id}`, getSubnet({ id }, { parent }));
}

async function answer<T>(
  path: string,
  what: string,
  question: Promise<T>,
  advice?: string,
): Promise<Answer<T>> {
  try {
    return { value: await question, problems: [] };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { problems: [unanswered(path, what, said, advice)] };
  }
}

/** Says whether a thing is not there (`advice`: what to do then) or could not be asked for, by EC2's words for it. */
export function unanswered(path: string, what: string, message: string, advice = CHECK_ID): Problem {
  const missing =
    /returned no results|no matching|NotFound|Malformed|InvalidInstanceType|InvalidParameterValue|couldn't find/i;
  const said = message.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  if (missing.test(message)) {
    return { path, reason: `${what} is not to be found (${said})`, fix: advice };
  }
  return {
    path,
    reason: `${what} could not be looked up (${said})`,
    fix: "Check credentials, region and network.",
  };
}

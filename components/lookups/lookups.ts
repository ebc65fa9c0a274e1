import * as pulumi from "@pulumi/pulumi";
import { getSnapshot, type GetSnapshotResult } from "@pulumi/aws/ebs/getSnapshot";
import { getVolume, type GetVolumeResult } from "@pulumi/aws/ebs/getVolume";
import { getAmi, type GetAmiResult } from "@pulumi/aws/ec2/getAmi";
import { getAmiIds } from "@pulumi/aws/ec2/getAmiIds";
import { getInstanceType, type GetInstanceTypeResult } from "@pulumi/aws/ec2/getInstanceType";
import { getKeyPair, type GetKeyPairResult } from "@pulumi/aws/ec2/getKeyPair";
import { getSecurityGroup, type GetSecurityGroupResult } from "@pulumi/aws/ec2/getSecurityGroup";
import { getSubnet, type GetSubnetResult } from "@pulumi/aws/ec2/getSubnet";
import type { Problem } from "../checks/problems";
import { deniedIn, policyWith } from "../denied";
import { ask } from "./run";

/** Debian's account, and the names of its images (https://wiki.debian.org/Cloud/AmazonEC2Image). */
const DEBIAN = { owner: "136693071363", names: "debian-13-amd64-*" };

/** A look-up's answer, or why there is none. */
export type Answer<T> = { value: T; problems: [] } | { value?: undefined; problems: Problem[] };

/** What to do about an id that EC2 does not find. */
export const CHECK_ID = "Check the id, the region and that this account may read it.";

/** An image by its id. Old paravirtual images are past their deprecation date, hence `includeDeprecated`. */
export function lookUpImage(
  path: string,
  id: string,
  parent: pulumi.Resource,
  advice = CHECK_ID,
): Promise<Answer<GetAmiResult>> {
  const filters = [{ name: "image-id", values: [id] }];
  return answer(path, `image ${id}`, ask(getAmi, { filters, includeDeprecated: true }, parent), advice);
}

/** The image that is migrated. EC2 shows a disabled one to nobody who does not ask for those. */
export function lookUpSourceImage(path: string, id: string, parent: pulumi.Resource) {
  const disabled = `One that is disabled comes back by aws ec2 enable-image --image-id ${id}.`;
  const other = "Where the image is gone for good, give its root snapshot as snapshotId.";
  return lookUpImage(path, id, parent, `${CHECK_ID} ${disabled} ${other}`);
}

/** What hides Debian's images from an account, and what there is in their place. */
const NO_DEBIAN =
  "Debian's images are hidden where the account's Allowed AMIs leave their owner out (aws ec2 get-allowed-images-settings), " +
  "and are not there under this account in the regions of China and GovCloud. Allow the owner, or give an image of your own " +
  "(Debian or Ubuntu with cloud-init) as helper.imageId.";

/** Debian's own current image: what a helper starts from. */
export function lookUpDebian(parent: pulumi.Resource): Promise<Answer<GetAmiResult>> {
  const filters = [{ name: "name", values: [DEBIAN.names] }];
  const query = { owners: [DEBIAN.owner], filters, mostRecent: true };
  const what = `image ${DEBIAN.names} of owner ${DEBIAN.owner}`;
  return answer("helper.imageId", what, ask(getAmi, query, parent), NO_DEBIAN);
}

/** Tags that a thing must carry; of several values of a tag any one will do. */
export type TagQuery = { [tag: string]: string[] };

/** This account's images that carry all of these tags and can be launched. */
const ownImages = (tags: TagQuery) => ({
  owners: ["self"],
  includeDeprecated: true,
  filters: [{ name: "state", values: ["available"] }, ...tagFilters(tags)],
});

function tagFilters(tags: TagQuery) {
  return Object.entries(tags).map(([tag, values]) => ({ name: `tag:${tag}`, values }));
}

/** Ids of this account's images that carry all of these tags, newest first; an empty list where there is none. */
export function lookUpTaggedIds(
  path: string,
  tags: TagQuery,
  parent: pulumi.Resource,
): Promise<Answer<string[]>> {
  const ids = ask(getAmiIds, ownImages(tags), parent).then(({ ids: found }) => found);
  return answer(path, `images of owner self with ${JSON.stringify(tags)}`, ids);
}

/** The image of this account that carries all of these tags; the newest of several. */
export function lookUpTaggedImage(
  path: string,
  tags: TagQuery,
  parent: pulumi.Resource,
): Promise<Answer<GetAmiResult>> {
  const query = { ...ownImages(tags), mostRecent: true };
  return answer(path, `image of owner self with ${JSON.stringify(tags)}`, ask(getAmi, query, parent));
}

/** A snapshot that this account may read. */
export function lookUpSnapshot(path: string, id: string, parent: pulumi.Resource) {
  const shared = "that it is shared with this account, which an image's launch permission does not bring";
  const advice = `Check the id, the region and ${shared}.`;
  return answer(path, `snapshot ${id}`, ask(getSnapshot, { snapshotIds: [id] }, parent), advice);
}

/** The newest completed snapshot of this account that carries all of these tags. */
export function lookUpTaggedSnapshot(
  path: string,
  tags: TagQuery,
  parent: pulumi.Resource,
): Promise<Answer<GetSnapshotResult>> {
  const filters = [{ name: "status", values: ["completed"] }, ...tagFilters(tags)];
  const query = { owners: ["self"], filters, mostRecent: true };
  return answer(path, `snapshot of owner self with ${JSON.stringify(tags)}`, ask(getSnapshot, query, parent));
}

/** A volume of this account. */
export function lookUpVolume(
  path: string,
  id: string,
  parent: pulumi.Resource,
): Promise<Answer<GetVolumeResult>> {
  const gone = "Where the volume is gone, give a snapshot of it as snapshotId.";
  const query = { filters: [{ name: "volume-id", values: [id] }] };
  return answer(path, `volume ${id}`, ask(getVolume, query, parent), `${CHECK_ID} ${gone}`);
}

/** An instance type of this region. */
export function lookUpType(
  path: string,
  instanceType: string,
  parent: pulumi.Resource,
): Promise<Answer<GetInstanceTypeResult>> {
  const advice = "Check its name, and whether this region has it.";
  return answer(
    path,
    `instance type ${instanceType}`,
    ask(getInstanceType, { instanceType }, parent),
    advice,
  );
}

/** A subnet of this region. */
export function lookUpSubnet(
  path: string,
  id: string,
  parent: pulumi.Resource,
): Promise<Answer<GetSubnetResult>> {
  return answer(path, `subnet ${id}`, ask(getSubnet, { id }, parent));
}

/** A key pair of this region, by its name. */
export function lookUpKeyPair(
  path: string,
  keyName: string,
  parent: pulumi.Resource,
): Promise<Answer<GetKeyPairResult>> {
  const advice = "Check its name and the region: aws ec2 describe-key-pairs lists those that there are.";
  return answer(path, `key pair ${keyName}`, ask(getKeyPair, { keyName }, parent), advice);
}

/** A security group of this region. */
export function lookUpSecurityGroup(
  path: string,
  id: string,
  parent: pulumi.Resource,
): Promise<Answer<GetSecurityGroupResult>> {
  return answer(path, `security group ${id}`, ask(getSecurityGroup, { id }, parent));
}

/** The answer to a question that is under way, or the problem that it has none. */
export async function answer<T>(
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
    return { path, reason: `${what} is not to be found (${said})`, fix: advice, unanswered: "missing" };
  }
  return {
    path,
    reason: `${what} could not be looked up (${said})`,
    fix: withoutRight(message) ?? "Check credentials, region and network.",
    unanswered: "unreachable",
  };
}

/** What to do where EC2 refuses a look-up for want of a right; undefined where it is something else. */
function withoutRight(message: string): string | undefined {
  const denied = deniedIn(message);
  return (
    denied &&
    `These credentials lack the right to ${denied.action}. ${policyWith(denied.action)} (docs/rights.md).`
  );
}

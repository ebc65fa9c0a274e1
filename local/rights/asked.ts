/**
 * What a request of EC2's touches, as IAM is asked about it. Pure. Source: AWS's service authorization reference,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
import type { Asked } from "./evaluate";

/** A request's parameters, by the names of EC2's model (and of the AWS SDK). */
export type Parameters = { [member: string]: unknown };

export interface Ec2Request {
  /** `RunInstances` */
  action: string;
  input: Parameters;
  region: string;
  account: string;
}

/** What IAM is told of a thing that a request names. */
export interface Thing {
  tags: Record<string, string>;
  /** The account that it belongs to, of an image and a snapshot. */
  ownerId?: string;
  /** Where it is, of a security group and a network interface. */
  vpcId?: string;
}

/** What there is of a thing that a request names; undefined if it is not there. */
export type ThingOf = (id: string) => Promise<Thing | undefined>;

/** A path through lists and structures, to ids or names: `NetworkInterfaces.Groups`. */
type Path = string;

interface Row {
  /** Things that are there, by the paths that name them; each path's ids are of this kind. */
  uses?: [kind: string, ...paths: Path[]][];
  /** Kinds that are made by it. */
  makes?: string[];
}

/** An action that is not in this table is asked about everything (`*`), as those that only list are. */
const ROWS: Record<string, Row> = {
  RunInstances: {
    uses: [
      ["image", "ImageId"],
      ["subnet", "SubnetId", "NetworkInterfaces.SubnetId"],
      ["security-group", "SecurityGroupIds", "NetworkInterfaces.Groups"],
      ["key-pair", "KeyName"],
      ["snapshot", "BlockDeviceMappings.Ebs.SnapshotId"],
    ],
    makes: ["instance", "network-interface", "volume"],
  },
  CreateVolume: { uses: [["snapshot", "SnapshotId"]], makes: ["volume"] },
  CreateSnapshot: { uses: [["volume", "VolumeId"]], makes: ["snapshot"] },
  CreateSecurityGroup: { uses: [["vpc", "VpcId"]], makes: ["security-group"] },
  RegisterImage: { uses: [["snapshot", "BlockDeviceMappings.Ebs.SnapshotId"]], makes: ["image"] },
  ImportKeyPair: { makes: ["key-pair"] },
  CreateLaunchTemplate: { makes: ["launch-template"] },
  CreateLaunchTemplateVersion: { uses: [["launch-template", "LaunchTemplateId"]] },
  DeleteLaunchTemplate: { uses: [["launch-template", "LaunchTemplateId"]] },
  ModifyLaunchTemplate: { uses: [["launch-template", "LaunchTemplateId"]] },
  AttachVolume: {
    uses: [
      ["instance", "InstanceId"],
      ["volume", "VolumeId"],
    ],
  },
  DetachVolume: {
    uses: [
      ["instance", "InstanceId"],
      ["volume", "VolumeId"],
    ],
  },
  StartInstances: { uses: [["instance", "InstanceIds"]] },
  StopInstances: { uses: [["instance", "InstanceIds"]] },
  TerminateInstances: { uses: [["instance", "InstanceIds"]] },
  DescribeInstanceAttribute: { uses: [["instance", "InstanceId"]] },
  GetInstanceUefiData: { uses: [["instance", "InstanceId"]] },
  ModifyInstanceAttribute: {
    uses: [
      ["instance", "InstanceId"],
      ["security-group", "Groups"],
    ],
  },
  ModifyNetworkInterfaceAttribute: {
    uses: [
      ["network-interface", "NetworkInterfaceId"],
      ["security-group", "Groups"],
    ],
  },
  ModifyVolume: { uses: [["volume", "VolumeId"]] },
  ModifyImageAttribute: { uses: [["image", "ImageId"]] },
  DeleteVolume: { uses: [["volume", "VolumeId"]] },
  DeleteSnapshot: { uses: [["snapshot", "SnapshotId"]] },
  DeregisterImage: { uses: [["image", "ImageId"]] },
  DeleteSecurityGroup: { uses: [["security-group", "GroupId"]] },
  DeleteKeyPair: { uses: [["key-pair", "KeyName", "KeyPairId"]] },
  AuthorizeSecurityGroupIngress: { uses: [["security-group", "GroupId"]] },
  AuthorizeSecurityGroupEgress: { uses: [["security-group", "GroupId"]] },
  RevokeSecurityGroupIngress: { uses: [["security-group", "GroupId"]] },
  RevokeSecurityGroupEgress: { uses: [["security-group", "GroupId"]] },
};

/** Kinds whose ARNs name no account. */
const WITHOUT_ACCOUNT = ["image", "snapshot"];

/** Everything that IAM is asked about a request; all of it has to be allowed. */
export async function askedOf(request: Ec2Request, thingOf: ThingOf): Promise<Asked[]> {
  const { action } = request;
  if (action === "CreateTags" || action === "DeleteTags") return tagging(request, thingOf);
  const { uses = [], makes = [] } = Object.hasOwn(ROWS, action) ? ROWS[action] : {};
  const used = uses.flatMap(([kind, ...paths]) =>
    paths.flatMap((path) => at(request.input, path.split("."))).map((id) => ({ kind, id })),
  );
  if (used.length + makes.length === 0)
    return [{ action: `ec2:${action}`, arn: "*", context: common(request) }];
  const things = await Promise.all(used.map(({ kind, id }) => existing(request, kind, id, thingOf)));
  return [
    ...things,
    ...makes.map((kind) => made(request, kind)),
    ...makes.flatMap((kind) => taggedWhileMade(request, kind)),
  ];
}

async function existing(request: Ec2Request, kind: string, id: string, thingOf: ThingOf): Promise<Asked> {
  return {
    action: `ec2:${request.action}`,
    arn: arnOf(request, kind, id),
    context: { ...common(request), ...known(request, (await thingOf(id)) ?? { tags: {} }) },
  };
}

function made(request: Ec2Request, kind: string): Asked {
  const tags = tagsFor(request.input, kind);
  return {
    action: `ec2:${request.action}`,
    arn: arnOf(request, kind, "*"),
    context: { ...common(request), ...requestTags(tags) },
  };
}

/** Tags in a request that makes something need the right to CreateTags as well, which may be bound to that request. */
function taggedWhileMade(request: Ec2Request, kind: string): Asked[] {
  const tags = tagsFor(request.input, kind);
  if (Object.keys(tags).length === 0) return [];
  const context = { ...common(request), ...requestTags(tags), "ec2:CreateAction": request.action };
  return [{ action: "ec2:CreateTags", arn: arnOf(request, kind, "*"), context }];
}

/** The kind of a thing by its id. */
const KINDS: Record<string, string> = {
  ami: "image",
  eni: "network-interface",
  i: "instance",
  key: "key-pair",
  sg: "security-group",
  snap: "snapshot",
  subnet: "subnet",
  vol: "volume",
  vpc: "vpc",
};

async function tagging(request: Ec2Request, thingOf: ThingOf): Promise<Asked[]> {
  const tags = tagsIn(request.input.Tags);
  return Promise.all(
    at(request.input, ["Resources"]).map(async (id) => {
      const asked = await existing(request, KINDS[id.split("-")[0]] ?? "*", id, thingOf);
      return { ...asked, context: { ...asked.context, ...requestTags(tags) } };
    }),
  );
}

/** Keys that come of the parameters; which of them an action has on a resource, `withKnownKeys` says. */
function common({ input, region }: Ec2Request): Asked["context"] {
  const keys: [key: string, path: string][] = [
    ["ec2:InstanceType", "InstanceType"],
    ["ec2:MetadataHttpTokens", "MetadataOptions.HttpTokens"],
    ["ec2:MetadataHttpEndpoint", "MetadataOptions.HttpEndpoint"],
    ["ec2:AvailabilityZone", "AvailabilityZone"],
    ["ec2:VolumeType", "VolumeType"],
  ];
  const found = keys.map(([key, path]) => [key, at(input, path.split("."))[0]] as const);
  return {
    ...{ "aws:RequestedRegion": region, "ec2:Region": region },
    ...Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

function arnOf({ region, account }: Ec2Request, kind: string, id: string): string {
  return `arn:aws:ec2:${region}:${WITHOUT_ACCOUNT.includes(kind) ? "" : account}:${kind}/${id}`;
}

function requestTags(tags: Record<string, string>): Asked["context"] {
  const keys = Object.keys(tags);
  return { ...tagKeys("aws:RequestTag", tags), ...(keys.length > 0 ? { "aws:TagKeys": keys } : {}) };
}

function known(request: Ec2Request, { tags, ownerId, vpcId }: Thing): Asked["context"] {
  return {
    ...resourceTags(tags),
    ...(ownerId === undefined ? {} : { "ec2:Owner": ownerId }),
    ...(vpcId === undefined ? {} : { "ec2:Vpc": arnOf(request, "vpc", vpcId) }),
  };
}

/** Both spellings: `ec2:ResourceTag` is the older one. */
function resourceTags(tags: Record<string, string>): Asked["context"] {
  return { ...tagKeys("aws:ResourceTag", tags), ...tagKeys("ec2:ResourceTag", tags) };
}

function tagKeys(prefix: string, tags: Record<string, string>): Asked["context"] {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}

function tagsFor({ TagSpecifications }: Parameters, kind: string): Record<string, string> {
  const all = Array.isArray(TagSpecifications)
    ? (TagSpecifications as { ResourceType?: string; Tags?: unknown }[])
    : [];
  return Object.assign(
    {},
    ...all.filter(({ ResourceType }) => ResourceType === kind).map(({ Tags }) => tagsIn(Tags)),
  ) as Record<string, string>;
}

function tagsIn(list: unknown): Record<string, string> {
  const tags = Array.isArray(list) ? (list as { Key?: string; Value?: string }[]) : [];
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** All texts at a path, through every list on it. */
function at(value: unknown, path: string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => at(each, path));
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === "string" && value !== "" ? [value] : [];
  return typeof value === "object" && value !== null ? at((value as Parameters)[name], rest) : [];
}

/** The dry runs that stand for what an update would ask of EC2. Pure. */
import type { CreateVolumeRequest, RunInstancesRequest, Tag, TagSpecification } from "@aws-sdk/client-ec2";
import { at, numberOf, textOf, type Values } from "../cli/preview/preview";
import { type Piece, type Plan, textsOf } from "./plan";

/** EC2's actions that are asked, and are known to take `DryRun`. */
export type Action =
  | "CreateSecurityGroup"
  | "CreateSnapshot"
  | "CreateVolume"
  | "DeleteSecurityGroup"
  | "DeleteSnapshot"
  | "DeleteVolume"
  | "DeregisterImage"
  | "RegisterImage"
  | "RunInstances"
  | "StartInstances"
  | "StopInstances"
  | "TerminateInstances";

export interface DryRun {
  action: Action;
  /** The action's parameters, as the AWS SDK names them. */
  input: object;
  /** What it is for: `start the helper (m8i-flex.large)`. */
  what: string;
  migration: string;
  /** What is asked otherwise than the update will, because a part is still to be made: a sentence without its full stop. */
  inPlace?: string;
  /** The id of a thing that is nobody's migration's and stands in the place of one: rights that go by tags end at it. */
  standIn?: string;
}

/** What cannot be asked before the things are there: EC2 has no dry run of a call about what does not exist. */
export const NOT_ASKABLE = [
  "AttachVolume",
  "AuthorizeSecurityGroupIngress",
  "AuthorizeSecurityGroupEgress",
  "RevokeSecurityGroupEgress",
  "CreateTags",
];

/** In the order in which an update would ask. */
export function dryRunsOf(plan: Plan): DryRun[] {
  return [
    ...plan.pieces.flatMap((piece) => (piece.inputs ? making(piece, piece.inputs, plan) : [])),
    ...plan.pieces.flatMap((piece) =>
      piece.goes && piece.id !== undefined ? deleting(piece, piece.id) : [],
    ),
  ];
}

function making(piece: Piece, inputs: Values, plan: Plan): DryRun[] {
  switch (piece.type) {
    case "aws:ec2/instance:Instance":
      return runInstances(piece, inputs, plan);
    case "aws:ebs/volume:Volume":
      return createVolume(piece, inputs, plan);
    case "aws:ec2/securityGroup:SecurityGroup":
      return createSecurityGroup(piece, inputs, plan);
    case "aws:ebs/snapshot:Snapshot":
      return createSnapshot(piece, inputs, plan);
    case "aws:ec2/ami:Ami":
      return registerImage(piece, inputs, plan);
    case "aws:ec2transitgateway/instanceState:InstanceState":
      return changePower(piece, inputs);
    default:
      return [];
  }
}

function runInstances({ migration, role }: Piece, inputs: Values, plan: Plan): DryRun[] {
  const [type, ami] = [textOf(inputs.instanceType), textOf(inputs.ami) ?? helperImage(plan)];
  if (type === undefined || ami === undefined) return [];
  const [subnetId, groups] = [textOf(inputs.subnetId), knownTexts(inputs.vpcSecurityGroupIds)];
  const isPublic = inputs.associatePublicIpAddress;
  const [tags, defaults] = [tagsOf(inputs, plan), tagList(plan.defaultTags)];
  const input: RunInstancesRequest = {
    ...{ MinCount: 1, MaxCount: 1, ImageId: ami, InstanceType: type as RunInstancesRequest["InstanceType"] },
    KeyName: textOf(inputs.keyName),
    ...(typeof isPublic === "boolean"
      ? {
          NetworkInterfaces: [
            { DeviceIndex: 0, AssociatePublicIpAddress: isPublic, SubnetId: subnetId, Groups: groups },
          ],
        }
      : { SubnetId: subnetId, SecurityGroupIds: groups }),
    MetadataOptions: metadataIn(inputs),
    CpuOptions: nestedIn(inputs),
    // Tags of the root volume's own are put on in a request of their own, after the launch; the provider's are in this one.
    TagSpecifications: [...specification("instance", tags), ...specification("volume", defaults)],
  };
  const what = `${role === "helper" ? "start the helper" : "launch the new image"} (${type}${subnetId === undefined ? "" : ` in ${subnetId}`})`;
  return [{ action: "RunInstances", input, what, migration, inPlace: inPlaceOf(inputs) }];
}

function inPlaceOf(inputs: Values): string | undefined {
  const left = [
    ...(textOf(inputs.ami) === undefined ? ["with the helper's image in place of the new one"] : []),
    ...(hasUnknown(inputs.vpcSecurityGroupIds)
      ? ["without the security group that is still to be made"]
      : []),
  ];
  return left.length === 0 ? undefined : `asked ${left.join(" and ")}`;
}

function hasUnknown(list: unknown): boolean {
  return Array.isArray(list) && list.some((each) => textOf(each) === undefined);
}

function knownTexts(list: unknown): string[] | undefined {
  const known = Array.isArray(list) ? list.map(textOf).filter((each) => each !== undefined) : [];
  return known.length === 0 ? undefined : known;
}

/** The new image is not there yet. */
function helperImage({ pieces }: Plan): string | undefined {
  return pieces
    .map(({ role, inputs }) => (role === "helper" ? textOf(inputs?.ami) : undefined))
    .find((ami) => ami);
}

function metadataIn(inputs: Values): RunInstancesRequest["MetadataOptions"] {
  const options = textsOf(inputs.metadataOptions);
  if (Object.keys(options).length === 0) return undefined;
  return {
    HttpEndpoint: options.httpEndpoint as "enabled",
    HttpTokens: options.httpTokens as "optional",
    HttpPutResponseHopLimit: numberOf(at(inputs, "metadataOptions.httpPutResponseHopLimit")),
  };
}

function nestedIn(inputs: Values): RunInstancesRequest["CpuOptions"] {
  const nested = textOf(at(inputs, "cpuOptions.nestedVirtualization"));
  return nested === undefined ? undefined : { NestedVirtualization: nested as "enabled" };
}

function createVolume({ migration, role }: Piece, inputs: Values, plan: Plan): DryRun[] {
  const [snapshotId, zone] = [textOf(inputs.snapshotId), textOf(inputs.availabilityZone)];
  if (zone === undefined) return [];
  // Where the snapshot is still to be made, a blank volume is asked for.
  const size = numberOf(inputs.size) ?? (snapshotId === undefined ? 1 : undefined);
  const input: CreateVolumeRequest = {
    ...{ AvailabilityZone: zone, SnapshotId: snapshotId, Size: size },
    VolumeType: textOf(inputs.type) as CreateVolumeRequest["VolumeType"],
    // As the provider sends it: only where it is asked for.
    Encrypted: inputs.encrypted === true && snapshotId === undefined ? true : undefined,
    KmsKeyId: textOf(inputs.kmsKeyId),
    VolumeInitializationRate:
      snapshotId === undefined ? undefined : numberOf(inputs.volumeInitializationRate),
    TagSpecifications: specification("volume", tagsOf(inputs, plan)),
  };
  const blank =
    "snapshotId" in inputs && snapshotId === undefined
      ? "asked for a blank volume, since its snapshot is still to be made"
      : undefined;
  return [
    { action: "CreateVolume", input, what: `make the ${role} volume in ${zone}`, migration, inPlace: blank },
  ];
}

function createSecurityGroup({ migration }: Piece, inputs: Values, plan: Plan): DryRun[] {
  const [name, vpcId] = [textOf(inputs.name), textOf(inputs.vpcId)];
  if (name === undefined) return [];
  const input = {
    ...{ GroupName: name, Description: textOf(inputs.description) ?? name, VpcId: vpcId },
    TagSpecifications: specification("security-group", tagsOf(inputs, plan)),
  };
  return [
    {
      action: "CreateSecurityGroup",
      input,
      what: `make a security group in ${vpcId ?? "the default VPC"}`,
      migration,
    },
  ];
}

function createSnapshot({ migration, role }: Piece, inputs: Values, plan: Plan): DryRun[] {
  const volumeId = textOf(inputs.volumeId);
  if (volumeId === undefined) return [];
  const input = {
    ...{ VolumeId: volumeId, Description: textOf(inputs.description) },
    TagSpecifications: specification("snapshot", tagsOf(inputs, plan)),
  };
  const what = `take a snapshot of ${role === "source-snapshot" ? "the source, " : ""}${volumeId}`;
  return [{ action: "CreateSnapshot", input, what, migration }];
}

/** The converted snapshot is not there yet: the source's stands in its place. */
function registerImage({ migration }: Piece, inputs: Values, { pieces, sources }: Plan): DryRun[] {
  const own = textOf(at(inputs.ebsBlockDevices, "0.snapshotId"));
  const ofSource = (each: Piece) => each.migration === migration && each.role === "source";
  const snapshotId =
    own ??
    textOf(pieces.find(ofSource)?.inputs?.snapshotId) ??
    sources.find((source) => source.migration === migration)?.snapshotId;
  if (snapshotId === undefined) return [];
  const input = {
    Name: textOf(inputs.name) ?? `pv-to-hvm preflight of ${migration}`.slice(0, 128),
    ...{
      Architecture: textOf(inputs.architecture) ?? "x86_64",
      VirtualizationType: "hvm",
      BootMode: "legacy-bios",
    },
    ...{
      EnaSupport: inputs.enaSupport === true,
      RootDeviceName: textOf(inputs.rootDeviceName) ?? "/dev/sda1",
    },
    BlockDeviceMappings: [
      { DeviceName: textOf(inputs.rootDeviceName) ?? "/dev/sda1", Ebs: { SnapshotId: snapshotId } },
    ],
  };
  const inPlace =
    own === undefined ? "asked with the source's snapshot in place of the converted one" : undefined;
  const standIn = own === undefined ? snapshotId : undefined;
  return [{ action: "RegisterImage", input, what: "register an HVM image", migration, inPlace, standIn }];
}

function changePower({ migration, role }: Piece, inputs: Values): DryRun[] {
  const instanceId = textOf(inputs.instanceId);
  if (instanceId === undefined) return [];
  const stops = inputs.state === "stopped";
  const whose = role.startsWith("source-") ? "the source" : "the helper";
  return [
    {
      action: stops ? "StopInstances" : "StartInstances",
      input: { InstanceIds: [instanceId] },
      what: `${stops ? "stop" : "start"} ${whose}, ${instanceId}`,
      migration,
    },
  ];
}

type Deleting = [action: Action, parameter: string, list: boolean];

const DELETING: Record<string, Deleting> = {
  "aws:ec2/instance:Instance": ["TerminateInstances", "InstanceIds", true],
  "aws:ebs/volume:Volume": ["DeleteVolume", "VolumeId", false],
  "aws:ec2/securityGroup:SecurityGroup": ["DeleteSecurityGroup", "GroupId", false],
  "aws:ebs/snapshot:Snapshot": ["DeleteSnapshot", "SnapshotId", false],
  "aws:ec2/ami:Ami": ["DeregisterImage", "ImageId", false],
};

function deleting({ migration, type, role }: Piece, id: string): DryRun[] {
  if (!Object.hasOwn(DELETING, type)) return [];
  const [action, parameter, list] = DELETING[type];
  return [{ action, input: { [parameter]: list ? [id] : id }, what: `delete ${role} ${id}`, migration }];
}

function tagsOf(inputs: Values, { defaultTags }: Plan): Tag[] {
  return tagList({ ...defaultTags, ...textsOf(inputs.tags) });
}

function tagList(tags: Record<string, string>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function specification(ResourceType: TagSpecification["ResourceType"], Tags: Tag[]): TagSpecification[] {
  return Tags.length === 0 ? [] : [{ ResourceType, Tags }];
}

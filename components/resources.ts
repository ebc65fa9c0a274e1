/**
 * What a migration is made of: every child that it can have, by its role, in the order in which they are made. The components
 * build from this table; reports of previews, the sweep, the drawing and tests read it. It imports nothing of Pulumi's, so
 * that the commands can have it.
 *
 * A role is a contract: it is part of the child's name, and what EC2 keeps carries it as a tag. So is what replaces a child,
 * and what is frozen of it: a finished migration must not be made anew by a later version.
 */
import { SOURCE_TAG_NAMES } from "./tags";

/** What is known of a child by its role. */
export interface ResourceRow {
  /** Pulumi's name of its type. */
  type: ResourceType;
  /** Which of the seven steps it stands for. */
  step: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /**
   * Where the conversion's key stands, which makes another one in its place: it is the child's `replacementTrigger`; it is
   * the argument `triggers`; or the beginning of that, with the id behind it of what the child was done to. Absent: the
   * child's own inputs alone replace it.
   */
  key?: "replacementTrigger" | "triggers" | "triggers and id";
  /** Inputs that change nothing of one that is there (`ignoreChanges`). A replacement takes the new values all the same. */
  frozen: readonly string[];
  /** How long the engine waits for it: see `waitOf`. Absent: as long as its provider says. */
  wait?: Wait;
  /** What it is in EC2, where it carries the migration's tags. */
  tagged?: TaggedKind;
  /** Role of its root volume, which carries tags of its own. */
  rootVolume?: string;
  /** What it belongs to, where a report tells of several at once. */
  part?: Part;
  /** Roughly how long it takes to be made. Absent: no time to speak of. */
  takes?: Span | Transfer;
  /** What a report of a preview calls it. */
  called?: string;
  /** What is lost when it is deleted, in words; absent where nobody would miss it by itself. */
  lost?: string;
}

export type ResourceType =
  | "aws:ebs/snapshot:Snapshot"
  | "aws:ebs/volume:Volume"
  | "aws:ec2/ami:Ami"
  | "aws:ec2/instance:Instance"
  | "aws:ec2/securityGroup:SecurityGroup"
  | "aws:ec2/volumeAttachment:VolumeAttachment"
  | "aws:ec2transitgateway/instanceState:InstanceState"
  | "command:remote:Command"
  | "command:remote:CopyToRemote"
  | "tls:index/privateKey:PrivateKey";

export type Wait =
  | "helper"
  | "snapshot"
  | "image"
  | "launch"
  | "program"
  | "inspection"
  | "preparation"
  | "converter"
  | "step"
  | "proof";

export type TaggedKind = "instance" | "volume" | "security group" | "image" | "snapshot";

export type Part =
  /** A look at a live source: by itself no step of a conversion. */
  | "look"
  /** How the helper is reached. */
  | "access"
  /** A command of the converter on the helper. */
  | "command"
  /** Starts and stops the helper between the steps of one conversion: by itself no step of it. */
  | "pause";

/** From so many seconds to so many. */
export interface Span {
  from: number;
  to: number;
}

/** So often the whole of a disk is read, or stored as a snapshot. */
export interface Transfer {
  disk: "source" | "destination";
  does: "read" | "store";
  times: number;
}

const MINUTE = 60;

/** Everything but `triggers`. */
const FROZEN_COMMAND = [
  "connection",
  "create",
  "update",
  "delete",
  "environment",
  "stdin",
  "logging",
  "addPreviousOutputInEnv",
] as const;

/** A look at a live source, and its preparation. The key is all that makes it anew: the machine has no resource. */
const VISIT = {
  type: "command:remote:Command",
  step: 1,
  key: "triggers",
  frozen: FROZEN_COMMAND,
} as const;

/** The instance of a source, stopped or started. What it is later is not this resource's to say. */
const SOURCE_STATE = {
  type: "aws:ec2transitgateway/instanceState:InstanceState",
  step: 1,
  key: "replacementTrigger",
  frozen: ["state"],
  wait: "helper",
} as const;

/** Another algorithm counts from the next conversion on: the helper of this one knows its keys from its first boot. */
const KEY_PAIR = {
  type: "tls:index/privateKey:PrivateKey",
  step: 2,
  key: "replacementTrigger",
  frozen: ["algorithm"],
  part: "access",
} as const;

/** Frozen is everything but the tags: where the helper is, and what the key, the source or this package decides. */
const VOLUME = {
  type: "aws:ebs/volume:Volume",
  step: 3,
  key: "replacementTrigger",
  frozen: [
    "availabilityZone",
    "snapshotId",
    "size",
    "encrypted",
    "kmsKeyId",
    "type",
    "iops",
    "throughput",
    "volumeInitializationRate",
  ],
  wait: "helper",
  tagged: "volume",
} as const;

/** Another name would detach a volume from a helper that rests. The converter goes by serial numbers. */
const ATTACHMENT = {
  type: "aws:ec2/volumeAttachment:VolumeAttachment",
  step: 3,
  frozen: ["deviceName"],
  wait: "helper",
} as const;

/**
 * The key alone is not enough of a trigger: going back to an old key after a failed conversion would find the later commands
 * "unchanged" and publish a blank disk. The destination's id is what they were really done to. Which commands there are never
 * changes: a finished conversion gets no new one.
 */
const COMMAND = {
  type: "command:remote:Command",
  key: "triggers and id",
  frozen: FROZEN_COMMAND,
  wait: "step",
  part: "command",
} as const;

/** Starts the helper, or stops it. Deleting this resource does nothing to the helper. */
const HELPER_STATE = {
  type: "aws:ec2transitgateway/instanceState:InstanceState",
  frozen: [],
  wait: "helper",
} as const;

/** How long a helper takes to stop. */
const STOPPING = { from: 30, to: 2 * MINUTE } as const;

/** Every child by its role, from the first that is made to the last. */
export const RESOURCES = {
  "source-program": { ...VISIT, wait: "program", part: "look" },
  "source-inspection": { ...VISIT, wait: "inspection", part: "look" },
  "source-preparation": { ...VISIT, wait: "preparation", takes: { from: MINUTE, to: 15 * MINUTE } },
  "source-stop": { ...SOURCE_STATE, takes: { from: 30, to: 5 * MINUTE } },
  "source-snapshot": {
    type: "aws:ebs/snapshot:Snapshot",
    step: 1,
    key: "replacementTrigger",
    // What it was taken of and how, and what it says of that, stays as it is. The user's tags may change. Nothing that
    // becomes of instance and volume afterwards is a change.
    frozen: ["volumeId", "description", ...SOURCE_TAG_NAMES.map((tag) => `tags["${tag}"]`)],
    wait: "snapshot",
    tagged: "snapshot",
    takes: { disk: "source", does: "store", times: 1 },
    lost: "the snapshot of its source",
  },
  "source-start": SOURCE_STATE,

  "client-key": KEY_PAIR,
  "host-key": KEY_PAIR,
  access: {
    type: "aws:ec2/securityGroup:SecurityGroup",
    step: 2,
    key: "replacementTrigger",
    // A helper elsewhere needs a group there; the finished one's group stays, since EC2 deletes none that is in use. Who may
    // reach the helper changes in place; the rest of that one rule never changes. Where it may connect to does as well, where
    // the program says so.
    frozen: ["vpcId", "description"],
    tagged: "security group",
    part: "access",
  },
  source: VOLUME,
  destination: VOLUME,
  helper: {
    type: "aws:ec2/instance:Instance",
    step: 2,
    key: "replacementTrigger",
    // Everything but the helper's own tags. From `cpuOptions` on these are this package's own choices, which a later version
    // may make otherwise. Tags of the root volume stay as they were made: pulumi-aws would take off those that others put there.
    frozen: [
      "ami",
      "instanceType",
      "userData",
      "subnetId",
      "vpcSecurityGroupIds",
      "keyName",
      "metadataOptions",
      "cpuOptions",
      "associatePublicIpAddress",
      "rootBlockDevice.encrypted",
      "rootBlockDevice.volumeType",
      "rootBlockDevice.volumeSize",
      "rootBlockDevice.tags",
    ],
    wait: "helper",
    tagged: "instance",
    rootVolume: "helper-root",
    // EC2 starts it in about a minute; then cloud-init installs what the converter needs, about 1 GiB.
    takes: { from: 3 * MINUTE, to: 10 * MINUTE },
    called: "helper",
    lost: "the helper, with its volumes",
  },
  "source-attachment": ATTACHMENT,
  "destination-attachment": ATTACHMENT,

  converter: {
    type: "command:remote:CopyToRemote",
    step: 4,
    key: "triggers and id",
    frozen: ["connection", "source", "remotePath"],
    wait: "converter",
  },
  "helper-start": {
    ...HELPER_STATE,
    step: 4,
    // It says what was done once: a refresh finds the helper stopped, and would start it again.
    frozen: ["state"],
    part: "pause",
    // EC2 starts it, and its sshd answers.
    takes: { from: 30, to: 5 * MINUTE },
  },
  inspect: { ...COMMAND, step: 4 },
  "stop-after-inspect": { ...HELPER_STATE, step: 4, part: "pause", takes: STOPPING },
  partition: { ...COMMAND, step: 4 },
  // Once from the source, and once from the copy, to compare.
  copy: { ...COMMAND, step: 4, takes: { disk: "source", does: "read", times: 2 } },
  configure: { ...COMMAND, step: 5, takes: { from: 30, to: 5 * MINUTE } },
  "install-grub": { ...COMMAND, step: 5 },
  verify: { ...COMMAND, step: 5 },
  // With KVM, as the default type has it; without, it is emulated.
  rehearse: { ...COMMAND, step: 5, takes: { from: MINUTE, to: 10 * MINUTE } },

  // What the argument `workbench` says: `running` before the commands, or `stopped` once all of them are done.
  workbench: { ...HELPER_STATE, step: 6, takes: STOPPING },
  "helper-stop": { ...HELPER_STATE, step: 6, part: "pause", takes: STOPPING },
  snapshot: {
    type: "aws:ebs/snapshot:Snapshot",
    step: 6,
    // Another description would be another snapshot. The volume's id alone replaces it.
    frozen: ["description"],
    wait: "snapshot",
    tagged: "snapshot",
    takes: { disk: "destination", does: "store", times: 1 },
    lost: "its snapshot",
  },
  image: {
    type: "aws:ec2/ami:Ami",
    step: 6,
    // What a registered image can only be replaced for. Its trigger does that, for another snapshot, name or ENA mark; a
    // later version of this package that registers images otherwise does not. Each part of the trigger is a part of the name
    // too: the old image is deregistered only once the new one is there, which needs a name of its own.
    frozen: [
      "name",
      "architecture",
      "virtualizationType",
      "bootMode",
      "enaSupport",
      "sriovNetSupport",
      "rootDeviceName",
      "ebsBlockDevices",
    ],
    wait: "image",
    tagged: "image",
    takes: { from: MINUTE, to: 5 * MINUTE },
    lost: "the image",
  },

  instance: {
    type: "aws:ec2/instance:Instance",
    step: 7,
    // Whoever has closed an instance's metadata since then shall keep it closed. Tags of its root volume are those that it was
    // made with: pulumi-aws would take off what others put there (AWS Backup, tools for costs), whatever its `ignoreTags` says
    // (https://github.com/hashicorp/terraform-provider-aws/issues/33806).
    frozen: ["metadataOptions", "rootBlockDevice.tags"],
    wait: "launch",
    tagged: "instance",
    rootVolume: "root",
    takes: { from: MINUTE, to: 5 * MINUTE },
    called: "launched machine",
    lost: "the launched machine, with its root volume",
  },
  "boot-proof": {
    type: "command:remote:Command",
    step: 7,
    frozen: FROZEN_COMMAND,
    wait: "proof",
    takes: { from: 30, to: 10 * MINUTE },
  },
} as const satisfies Record<string, ResourceRow>;

/** What a child is to its migration: the end of its name, and the value of the tag `pv-to-hvm:role`. */
export type Role = keyof typeof RESOURCES;

/** The same of the root volumes that carry tags. */
export type RootRole = {
  [R in Role]: (typeof RESOURCES)[R] extends { rootVolume: infer Root } ? Root : never;
}[Role];

/** The roles that belong to a part. */
export type RoleIn<P extends Part> = {
  [R in Role]: (typeof RESOURCES)[R] extends { part: P } ? R : never;
}[Role];

/** Every role, in the order of the table. */
export const ROLES = Object.keys(RESOURCES) as Role[];

/** What is known of a role; undefined for one that this version does not know. */
export function resourceRow(role: string): ResourceRow | undefined {
  return Object.hasOwn(RESOURCES, role) ? RESOURCES[role as Role] : undefined;
}

/** The roles that belong to a part, in the order of the table. */
export function rolesIn<P extends Part>(part: P): RoleIn<P>[] {
  return ROLES.filter((role) => resourceRow(role)?.part === part) as RoleIn<P>[];
}

/** What can carry the tag of each role: children, and root volumes of machines. */
export function taggedKinds(): Map<string, TaggedKind> {
  const rows: ResourceRow[] = Object.values(RESOURCES);
  const children = ROLES.flatMap((role): [string, TaggedKind][] => {
    const { tagged }: ResourceRow = RESOURCES[role];
    return tagged === undefined ? [] : [[role, tagged]];
  });
  const roots = rows.flatMap(({ rootVolume }) => rootVolume ?? []);
  return new Map([...children, ...roots.map((role): [string, TaggedKind] => [role, "volume"])]);
}

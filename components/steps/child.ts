import * as pulumi from "@pulumi/pulumi";
import { Snapshot } from "@pulumi/aws/ebs/snapshot";
import { Volume } from "@pulumi/aws/ebs/volume";
import { Ami } from "@pulumi/aws/ec2/ami";
import { Instance } from "@pulumi/aws/ec2/instance";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup";
import { VolumeAttachment } from "@pulumi/aws/ec2/volumeAttachment";
import { InstanceState } from "@pulumi/aws/ec2transitgateway/instanceState";
import { remote } from "@pulumi/command";
import { PrivateKey } from "@pulumi/tls";
import { settled } from "../known";
import { type Migration, namedTags } from "../together/migration";
import { RESOURCES, type ResourceRow, type ResourceType, type Role } from "../resources";
import { waitOf } from "./timeouts";

/** The class of each type. */
export const CLASSES = {
  "aws:ebs/snapshot:Snapshot": Snapshot,
  "aws:ebs/volume:Volume": Volume,
  "aws:ec2/ami:Ami": Ami,
  "aws:ec2/instance:Instance": Instance,
  "aws:ec2/securityGroup:SecurityGroup": SecurityGroup,
  "aws:ec2/volumeAttachment:VolumeAttachment": VolumeAttachment,
  "aws:ec2transitgateway/instanceState:InstanceState": InstanceState,
  "command:remote:Command": remote.Command,
  "command:remote:CopyToRemote": remote.CopyToRemote,
  "tls:index/privateKey:PrivateKey": PrivateKey,
} as const satisfies Record<ResourceType, unknown>;

type TypeOf<R extends Role> = (typeof RESOURCES)[R]["type"];
type ClassOf<R extends Role> = (typeof CLASSES)[TypeOf<R>];

/**
 * What is read of a child besides its id. The SDK makes an output of every property that a class lists, sixty of an instance, and
 * keeps all of them until the program ends.
 */
const READ = {
  "aws:ebs/snapshot:Snapshot": ["tags", "volumeId", "volumeSize"],
  "aws:ebs/volume:Volume": ["size", "snapshotId"],
  "aws:ec2/ami:Ami": ["rootSnapshotId"],
  "aws:ec2/instance:Instance": ["privateIp", "publicIp"],
  "aws:ec2/securityGroup:SecurityGroup": [],
  "aws:ec2/volumeAttachment:VolumeAttachment": [],
  "aws:ec2transitgateway/instanceState:InstanceState": [],
  "command:remote:Command": ["stdout"],
  "command:remote:CopyToRemote": [],
  "tls:index/privateKey:PrivateKey": ["privateKeyOpenssh", "publicKeyOpenssh"],
} as const satisfies { [T in ResourceType]: readonly (keyof InstanceType<(typeof CLASSES)[T]>)[] };

/** A child with this role, and what is read of it. */
export type Child<R extends Role> = pulumi.CustomResource &
  Pick<InstanceType<ClassOf<R>>, (typeof READ)[TypeOf<R>][number] & keyof InstanceType<ClassOf<R>>>;

/** The arguments of the child with this role. */
export type InputsOf<R extends Role> = NonNullable<ConstructorParameters<ClassOf<R>>[1]>;

/** What hangs on more than the child's role. */
export interface ChildOptions extends Pick<
  pulumi.CustomResourceOptions,
  | "additionalSecretOutputs"
  | "dependsOn"
  | "deletedWith"
  | "protect"
  | "retainOnDelete"
  | "replacementTrigger"
> {
  /** Inputs that are frozen besides those of its role, as the migration's arguments are. */
  alsoFrozen?: string[];
  /** Id of what it is done to, for a role whose triggers end in one. */
  doneTo?: pulumi.Output<string>;
}

/** Makes the child with this role: its name, its trigger, its time limit and what is frozen of it come from the table. */
export function child<R extends Role>(
  migration: Migration,
  role: R,
  inputs: InputsOf<R>,
  { alsoFrozen = [], doneTo, ...options }: ChildOptions,
): Child<R> {
  const { type, key, frozen }: ResourceRow = RESOURCES[role];
  const Resource = CLASSES[type] as unknown as new (
    name: string,
    inputs: pulumi.Inputs,
    options: pulumi.CustomResourceOptions,
  ) => Child<R>;
  const made = new Resource(`${migration.name}-${role}`, withUsual(migration, role, inputs, doneTo), {
    parent: migration.parent,
    ...(key === "replacementTrigger" && { replacementTrigger: pulumi.all(migration.key) }),
    ignoreChanges: [...frozen, ...alsoFrozen],
    customTimeouts: waitOf(role, migration.args),
    transformations: [onlyNeeded],
    ...options,
  });
  void settled(made.urn).then(() => migration.candidate.answers++);
  return made;
}

/** Leaves the properties that nobody gives and nobody reads out. The user's own transformations come after it. */
function onlyNeeded({ type, props, opts }: pulumi.ResourceTransformationArgs) {
  const read: readonly string[] = READ[type as ResourceType];
  const needed = Object.entries(props).filter(([name, value]) => value !== undefined || read.includes(name));
  return { props: Object.fromEntries(needed), opts };
}

/** The arguments with those that every child of its kind has. */
function withUsual(
  migration: Migration,
  role: Role,
  inputs: pulumi.Inputs,
  doneTo: pulumi.Output<string> | undefined,
): pulumi.Inputs {
  const { type, key, tagged }: ResourceRow = RESOURCES[role];
  return {
    ...(type === "command:remote:Command" && { logging: "stderr", addPreviousOutputInEnv: false }),
    ...(key === "triggers" && { triggers: migration.key }),
    ...(key === "triggers and id" && { triggers: [...migration.key, doneTo] }),
    ...(tagged && !inputs.tags && { tags: namedTags(migration, role) }),
    ...inputs,
  };
}

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
import { type Migration, namedTags } from "../migration";
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

type ClassOf<R extends Role> = (typeof CLASSES)[(typeof RESOURCES)[R]["type"]];

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
): InstanceType<ClassOf<R>> {
  const { type, key, frozen }: ResourceRow = RESOURCES[role];
  const Resource = CLASSES[type] as unknown as new (
    name: string,
    inputs: pulumi.Inputs,
    options: pulumi.CustomResourceOptions,
  ) => InstanceType<ClassOf<R>>;
  return new Resource(`${migration.name}-${role}`, withUsual(migration, role, inputs, doneTo), {
    parent: migration.parent,
    ...(key === "replacementTrigger" && { replacementTrigger: pulumi.all(migration.key) }),
    ignoreChanges: [...frozen, ...alsoFrozen],
    customTimeouts: waitOf(role, migration.args),
    ...options,
  });
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

import * as pulumi from "@pulumi/pulumi";
import { Instance } from "@pulumi/aws/ec2/instance";
import { remote } from "@pulumi/command";
import type { LaunchArgs, LaunchConnectionArgs } from "./args";
import { type BootProof, bootProofScript, parseBootProof } from "./bootProof";
import { bootingConnection, isPrivate } from "./connection";
import { OnNewImage } from "./enums";
import type { Published } from "./image";
import { after, type Migration, namedTags } from "./migration";

/** The instance of the new image, and what it proved of itself. */
export interface Launched {
  instance: Instance;
  /** The address that it is reached by. */
  address: pulumi.Output<string>;
  /** Undefined where there is no way to ask. */
  bootProof?: pulumi.Output<BootProof>;
}

/** As for the conversion's commands: everything but `triggers`. */
const FROZEN_COMMAND = ["connection", "create", "environment", "stdin", "interpreter", "logging"];

/** Launches an instance of the new image and, where it can be reached, has it prove itself. */
export function launch(
  migration: Migration,
  launchArgs: LaunchArgs,
  { image, filesystemUuid }: Published,
): Launched {
  const instance = createInstance(migration, launchArgs, image.id, filesystemUuid);
  const { connection } = launchArgs;
  if (!connection) return { instance, address: instance.publicIp };
  const command = proveBoot(migration, connection, instance, filesystemUuid);
  return {
    instance,
    address: addressOf(instance, connection),
    bootProof: command.stdout.apply(parseBootProof),
  };
}

function createInstance(
  migration: Migration,
  args: LaunchArgs,
  imageId: pulumi.Output<string>,
  checked: pulumi.Output<unknown>,
): Instance {
  const { instanceType, subnetId, securityGroupIds, keyName, onNewImage = OnNewImage.Keep } = args;
  return new Instance(
    `${migration.name}-instance`,
    {
      ami: imageId,
      instanceType,
      subnetId,
      vpcSecurityGroupIds: securityGroupIds,
      keyName,
      tags: migration.tags.apply((tags) => ({ Name: migration.name, ...tags })),
      // Not `volumeTags`: pulumi-aws would fight over the tags of volumes that are attached later.
      rootBlockDevice: { tags: namedTags(migration, "root") },
    },
    {
      parent: migration.parent,
      dependsOn: after(checked),
      ignoreChanges: onNewImage === OnNewImage.Keep ? ["ami"] : [],
    },
  );
}

function proveBoot(
  { name, parent }: Migration,
  connection: LaunchConnectionArgs,
  instance: Instance,
  filesystemUuid: pulumi.Output<string>,
): remote.Command {
  return new remote.Command(
    `${name}-boot-proof`,
    {
      connection: connectionTo(instance, connection),
      create: filesystemUuid.apply(bootProofScript),
      triggers: [instance.id],
      logging: "stderr",
      addPreviousOutputInEnv: false,
    },
    { parent, dependsOn: after(filesystemUuid), deletedWith: instance, ignoreChanges: FROZEN_COMMAND },
  );
}

function connectionTo(instance: Instance, args: LaunchConnectionArgs) {
  const { user, privateKey, hostKey, port = 22, jumpHost } = args;
  const host = addressOf(instance, args);
  return bootingConnection({ host, port, user, hostKey, privateKey: pulumi.secret(privateKey) }, jumpHost);
}

function addressOf(instance: Instance, args: LaunchConnectionArgs): pulumi.Output<string> {
  return isPrivate(args) ? instance.privateIp : instance.publicIp;
}

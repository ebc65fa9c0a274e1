import * as pulumi from "@pulumi/pulumi";
import { Instance } from "@pulumi/aws/ec2/instance";
import { remote } from "@pulumi/command";
import type { LaunchArgs, LaunchConnectionArgs } from "../args";
import { type BootProof, bootProofScript, parseBootProof } from "./bootProof";
import { FROZEN_COMMAND } from "./commands";
import { bootingConnection, isPrivate } from "./connection";
import { type Dialled, tellOfDial } from "./dials";
import { OnNewImage } from "../enums";
import type { Published } from "./image";
import { orUnknown } from "../known";
import { protection } from "./keeping";
import { LAUNCHED } from "../lookups/launchPlace";
import { after, type Migration, namedTags } from "../migration";
import { TAG } from "../tags";
import { commandTimeout, launchSeconds, launchTimeout, plainSizeGb } from "./timeouts";
import { whereabouts } from "./whereabouts";

/** The instance of the new image, and what it proved of itself. */
export interface Launched {
  instance: Instance;
  /** The address that it is reached by. */
  address: pulumi.Output<string>;
  /** Undefined where there is no way to ask. */
  bootProof?: pulumi.Output<BootProof>;
}

/**
 * Whoever has closed an instance's metadata since then shall keep it closed. Tags of its root volume are those that it was made
 * with: pulumi-aws would take off what others put there (AWS Backup, tools for costs), whatever its `ignoreTags` says
 * (https://github.com/hashicorp/terraform-provider-aws/issues/33806).
 */
const FROZEN = ["metadataOptions", "rootBlockDevice.tags"];
/**
 * What is not touched of an instance that keeps running: another image, subnet or key pair would be another instance, and end
 * this one with its data. It goes on telling which conversion it is of.
 */
const KEPT = [...FROZEN, "ami", "subnetId", "keyName", `tags["${TAG.conversion}"]`];

/** Launches an instance of the new image and, where it can be reached, has it prove itself. */
export function launch(migration: Migration, launchArgs: LaunchArgs, published: Published): Launched {
  const instance = createInstance(migration, launchArgs, published);
  const { connection } = launchArgs;
  if (!connection) return { instance, address: instance.publicIp };
  const command = proveBoot(migration, connection, instance, published);
  return {
    instance,
    address: addressOf(instance, connection),
    bootProof: orUnknown(command.stdout).apply(parseBootProof),
  };
}

function createInstance(
  migration: Migration,
  args: LaunchArgs,
  { imageId, filesystemUuid: checked, metadataTokens }: Published,
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
      // An account may ask for tokens by default. Tools of old guests fetch the user's key without one.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: args.metadataTokens ?? metadataTokens },
      tags: namedTags(migration, LAUNCHED, migration.name),
      // Not `volumeTags`: pulumi-aws would fight over the tags of volumes that are attached later.
      rootBlockDevice: { tags: namedTags(migration, "root") },
    },
    {
      parent: migration.parent,
      dependsOn: after(checked),
      ignoreChanges: onNewImage === OnNewImage.Keep ? KEPT : FROZEN,
      customTimeouts: launchTimeout(migration.args),
      ...protection(migration.args),
    },
  );
}

function proveBoot(
  migration: Migration,
  connection: LaunchConnectionArgs,
  instance: Instance,
  { snapshot, filesystemUuid }: Published,
): remote.Command {
  const { name, args, parent } = migration;
  const dialled = connectionTo(instance, connection, migration, snapshot.volumeSize);
  const proof = new remote.Command(
    `${name}-boot-proof`,
    {
      connection: dialled,
      create: filesystemUuid.apply(bootProofScript),
      triggers: [instance.id],
      logging: "stderr",
      addPreviousOutputInEnv: false,
    },
    {
      parent,
      dependsOn: after(filesystemUuid),
      deletedWith: instance,
      ignoreChanges: FROZEN_COMMAND,
      customTimeouts: commandTimeout(launchSeconds(args, plainSizeGb(args))),
    },
  );
  tellOfDial(proof, dialled, DIALLED, parent, [instance]);
  return proof;
}

const DIALLED: Dialled = {
  called: "the launched instance",
  checkNetwork:
    "A group of launch.securityGroupIds has to let this machine reach its ssh port, and launch.subnetId has to have a way to it: " +
    "an internet gateway for a public address, else launch.connection.jumpHost or a VPN.",
  checkLogin:
    "launch.connection.user has to be a user of the old image, and to know launch.connection.privateKey: by its own " +
    "authorized_keys, or by launch.keyName where the image takes that.",
};

/** Reaches the launched instance where it is now: whoever mends a boot that failed may have started it again. */
function connectionTo(
  instance: Instance,
  connection: LaunchConnectionArgs,
  { args, parent }: Migration,
  sizeGb: pulumi.Output<number>,
) {
  const { user, privateKey, hostKey, port = 22, jumpHost } = connection;
  const host = whereabouts(
    instance,
    { called: "the launched instance", isPrivate: isPrivate(connection), advice: ADVICE },
    parent,
  );
  const login = { port, user, hostKey, privateKey: pulumi.secret(privateKey) };
  const seconds = sizeGb.apply((size) => launchSeconds(args, size));
  return bootingConnection(host, login, jumpHost, seconds);
}

const ADVICE = {
  whenStopped: "Start it, and run pulumi up again",
  whenGone: "Run pulumi up --refresh, which launches another",
  withoutAddress:
    "Set launch.connection.usePrivateAddress, or launch it in a subnet that gives public addresses",
};

function addressOf(instance: Instance, args: LaunchConnectionArgs): pulumi.Output<string> {
  return isPrivate(args) ? instance.privateIp : instance.publicIp;
}

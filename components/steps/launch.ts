import * as pulumi from "@pulumi/pulumi";
import type { LaunchArgs, LaunchConnectionArgs } from "../args";
import { type BootProof, bootProofScript, parseBootProof } from "./bootProof";
import { type Child, child } from "./child";
import { bootingConnection, isPrivate } from "./connection";
import { type Dialled, tellOfDial } from "./dials";
import { OnNewImage } from "../enums";
import type { Published } from "./image";
import { orUnknown } from "../known";
import { protection } from "./keeping";
import { LAUNCHED } from "../findings/launchPlace";
import { after, type Migration, namedTags } from "../together/migration";
import { TAG } from "../tags";
import { launchSeconds } from "./timeouts";
import { whereabouts } from "./whereabouts";

/** The instance of the new image, and what it proved of itself. */
export interface Launched {
  instance: Child<typeof LAUNCHED>;
  /** The address that it is reached by. */
  address: pulumi.Output<string>;
  /** Undefined where there is no way to ask. */
  bootProof?: pulumi.Output<BootProof>;
}

/**
 * What is not touched of an instance that keeps running: another image, subnet or key pair would be another instance, and end
 * this one with its data. It goes on telling which conversion it is of.
 */
const KEPT = ["ami", "subnetId", "keyName", `tags["${TAG.conversion}"]`];

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
): Child<typeof LAUNCHED> {
  const { instanceType, subnetId, securityGroupIds, keyName, onNewImage = OnNewImage.Keep } = args;
  return child(
    migration,
    LAUNCHED,
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
      dependsOn: after(checked),
      alsoFrozen: onNewImage === OnNewImage.Keep ? KEPT : [],
      ...protection(migration.args),
    },
  );
}

function proveBoot(
  migration: Migration,
  connection: LaunchConnectionArgs,
  instance: Child<typeof LAUNCHED>,
  { snapshot, filesystemUuid }: Published,
): Child<"boot-proof"> {
  const dialled = connectionTo(instance, connection, migration, snapshot.volumeSize);
  const proof = child(
    migration,
    "boot-proof",
    { connection: dialled, create: filesystemUuid.apply(bootProofScript), triggers: [instance.id] },
    { dependsOn: after(filesystemUuid), deletedWith: instance },
  );
  tellOfDial(proof, dialled, DIALLED, migration.parent, [instance]);
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
  instance: Child<typeof LAUNCHED>,
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

function addressOf(instance: Child<typeof LAUNCHED>, args: LaunchConnectionArgs): pulumi.Output<string> {
  return isPrivate(args) ? instance.privateIp : instance.publicIp;
}

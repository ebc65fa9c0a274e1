import * as pulumi from "@pulumi/pulumi";
import { type Child, child } from "./child";
import { enaOf, unusualEna } from "./ena";
import { MetadataTokens, VolumeType } from "../enums";
import { beatWhile } from "./heartbeat";
import { imageProtection } from "./keeping";
import { isWorkbenchRemoved } from "../asked";
import { after, keyTags, type Migration, namedTags } from "../together/migration";
import { visibleError } from "../checks/problems";
import type { Publishable } from "../published/publishable";
import { namePrefix, type Ready } from "./publishable";
import { sourceId } from "../sourceKind";
import { ownTags, REHEARSAL_SKIPPED, STARTED_AGAIN, TAG, type Tags } from "../tags";

export interface Published {
  snapshot: Child<"snapshot">;
  /** The registered image's id, once it is seen to be made of that snapshot. */
  imageId: pulumi.Output<string>;
  /** See `Publishable`. */
  metadataTokens: pulumi.Output<MetadataTokens>;
  /** UUID of the image's root filesystem. */
  filesystemUuid: pulumi.Output<string>;
}

/** Takes the snapshot once the helper is at rest, and registers it. */
export function publish(migration: Migration, ready: Ready): Published {
  const snapshot = takeSnapshot(migration, ready);
  const image = registerImage(migration, ready.made, snapshot);
  const { filesystemUuid, metadataTokens } = ready.made;
  return { snapshot, imageId: ownImage(image, snapshot), metadataTokens, filesystemUuid };
}

function takeSnapshot(migration: Migration, { made, dependsOn }: Ready): Child<"snapshot"> {
  const { args, parent } = migration;
  const snapshot = child(
    migration,
    "snapshot",
    {
      volumeId: made.volumeId,
      description: pulumi.interpolate`Root volume of ${sourceId(args.source)}, converted to HVM by pv-to-hvm`,
      tags: publishedTags(migration, made, "snapshot"),
    },
    {
      dependsOn: after(made, dependsOn),
      ...imageProtection(args),
      // While there is a volume, its id replaces the snapshot.
      alsoFrozen: isWorkbenchRemoved(args) ? ["volumeId"] : [],
    },
  );
  const what = pulumi.interpolate`the snapshot of ${made.volumeId}`;
  beatWhile(snapshot, what, parent, dependsOn);
  return snapshot;
}

/** Every attribute whose default on EC2 or in its provider is not right for this image is named. */
function registerImage(
  migration: Migration,
  made: pulumi.Output<Publishable>,
  snapshot: Child<"snapshot">,
): Child<"image"> {
  const { args, parent } = migration;
  const ena = enaOf(args);
  const image = child(
    migration,
    "image",
    {
      name: made.imageName,
      description: args.image?.description ?? defaultDescription(migration),
      architecture: made.architecture,
      // RegisterImage's default is paravirtual.
      virtualizationType: "hvm",
      // Old kernels know no UEFI, and GRUB was installed for BIOS.
      bootMode: "legacy-bios",
      enaSupport: ena.marked,
      // Xen types with enhanced networking (C3, C4, D2, I2, M4, R3) show an image that is marked so the card of ixgbevf and
      // no other. Where nothing is said pulumi-aws sends `simple`; an empty string is its way to say no.
      sriovNetSupport: made.sriovNetSupport,
      // imdsSupport stays unset: v2.0 would lock old guests out, whose tools ask without a token.
      rootDeviceName: made.rootDeviceName,
      ebsBlockDevices: [rootDevice(migration, made, snapshot)],
      tags: publishedTags(migration, made, "image"),
    },
    {
      dependsOn: after(made),
      ...imageProtection(args),
      replacementTrigger: pulumi.all([snapshot.id, namePrefix(migration), ena.apply(unusualEna)]),
      alsoFrozen: args.image?.description === undefined ? ["description"] : [],
    },
  );
  beatWhile(image, pulumi.interpolate`the image of ${snapshot.id}`, parent);
  return image;
}

function rootDevice({ args }: Migration, made: pulumi.Output<Publishable>, snapshot: Child<"snapshot">) {
  return {
    deviceName: made.rootDeviceName,
    snapshotId: snapshot.id,
    volumeSize: made.sizeGb,
    volumeType: args.destination?.volumeType ?? VolumeType.Gp3,
    deleteOnTermination: true,
    // `encrypted` stays unset: RegisterImage refuses it together with a snapshot, which says it itself.
  };
}

function defaultDescription({ args }: Migration): pulumi.Output<string> {
  return pulumi.interpolate`${sourceId(args.source)}, converted from paravirtual to HVM by pv-to-hvm`;
}

function publishedTags(
  migration: Migration,
  made: pulumi.Output<Publishable>,
  role: "snapshot" | "image",
): pulumi.Output<Tags> {
  const key = role === "image" ? keyTags(migration) : {};
  return pulumi
    .all([namedTags(migration, role), migration.args.image?.tags ?? {}, key, made])
    .apply(([named, users, inputs, published]): Tags => ({
      ...{ ...named, ...users, ...ownTags(named), ...inputs },
      ...tagsOf(published),
    }));
}

function tagsOf({
  filesystemUuid,
  sourceSnapshotId,
  unproven,
  startedAgain,
  metadataTokens,
}: Publishable): Tags {
  return {
    ...(sourceSnapshotId === undefined ? {} : { [TAG.source]: sourceSnapshotId }),
    [TAG.filesystem]: filesystemUuid,
    ...(unproven ? { [TAG.rehearsal]: REHEARSAL_SKIPPED } : {}),
    ...(startedAgain ? { [TAG.helper]: STARTED_AGAIN } : {}),
    ...(metadataTokens === MetadataTokens.Required ? { [TAG.metadata]: metadataTokens } : {}),
  };
}

/**
 * The image's id, where it is made of the migration's own snapshot. Another one is in the state only by an import: its
 * attributes are frozen like those of an image that was published, so nothing else would tell them apart.
 */
function ownImage(image: Child<"image">, snapshot: Child<"snapshot">): pulumi.Output<string> {
  return pulumi
    .all([image.id, image.rootSnapshotId, snapshot.id, image.urn])
    .apply(([imageId, madeOf, snapshotId, urn]) => {
      if (madeOf === snapshotId) return imageId;
      throw visibleError(
        `${imageId} was not made by this migration: it is made of ${madeOf || "no snapshot"}, the migration's own is ` +
          `${snapshotId}. Nothing says that it boots. Take it out of the state, which leaves the image itself alone, and ` +
          `run again: pulumi state delete '${urn}'. Take the tags pv-to-hvm:… off it too, which an update has put there.`,
      );
    });
}

import * as pulumi from "@pulumi/pulumi";
import { Snapshot } from "@pulumi/aws/ebs/snapshot";
import { Ami } from "@pulumi/aws/ec2/ami";
import type { StepReport } from "../converter/types";
import type { PvToHvmMigrationArgs } from "./args";
import { Family, VolumeType } from "./enums";
import type { Findings } from "./findings";
import { digest } from "./key";
import {
  after,
  isWorkbenchRemoved,
  type Migration,
  namedTags,
  skipsRehearsal,
  TAG,
  type Tags,
} from "./migration";
import {
  conversionPlan,
  conversionReport,
  hasEnhancedNetworking,
  provenVolume,
  verifiedVolume,
} from "./report";
import { hvmRootDeviceName } from "./source";
import { NAME_SUFFIX_LENGTH } from "./validate";
import type { Volumes } from "./volumes";

/** What an image is made of. */
export interface Publishable {
  /** The volume that was seen booting; with `rehearsal.skip`, the one that was verified. */
  volumeId: string;
  /** The registered name. */
  imageName: string;
  architecture: string;
  rootDeviceName: string;
  /** GiB of the volume. */
  sizeGb: number;
  /** `simple` where every kernel that may boot has the driver, ixgbevf; else empty. */
  sriovNetSupport: string;
  /** UUID of the root filesystem. */
  filesystemUuid: string;
}

/** A publishable image, and what has to be done before. */
export interface Ready {
  made: pulumi.Output<Publishable>;
  /** The helper at rest: nothing writes to the volume any more. */
  dependsOn: pulumi.Resource[];
}

export interface Published {
  snapshot: Snapshot;
  image: Ami;
  /** UUID of the image's root filesystem. */
  filesystemUuid: pulumi.Output<string>;
}

/**
 * EC2 takes its time for a big volume's first snapshot, and a wait that ends too early leaves a snapshot behind that
 * nobody knows. A failed snapshot reports itself at once, so a long limit costs nothing.
 */
const TIMEOUTS = { create: "24h" };

/** What the proven destination becomes. Unknown until the last step has run. */
export function publishable(
  { args, name, key }: Migration,
  found: pulumi.Output<Findings>,
  { destination }: Volumes,
  stepReports: pulumi.Output<StepReport[]>,
): pulumi.Output<Publishable> {
  const prefix = args.image?.name ?? name;
  const provingVolume = skipsRehearsal(args) ? verifiedVolume : provenVolume;
  const shape = pulumi
    .all([pulumi.all(key), unusualEna(args)])
    .apply(([strings, ena]) => [...strings, ...ena]);
  return pulumi
    .all([stepReports, destination.id, destination.size, found.source, prefix, shape])
    .apply(([reports, destinationId, sizeGb, source, imagePrefix, shapeStrings]) => ({
      volumeId: provingVolume(reports[reports.length - 1], destinationId),
      imageName: registeredName(imagePrefix, shapeStrings, destinationId),
      architecture: source.architecture ?? conversionReport(reports).architecture,
      rootDeviceName: hvmRootDeviceName(source.rootDeviceName),
      sizeGb,
      sriovNetSupport: hasEnhancedNetworking(reports) ? "simple" : "",
      filesystemUuid: conversionPlan(reports).filesystemUuid,
    }));
}

/** The prefix, a hyphen, and eight characters that no other conversion has: a replacement never needs the old name. */
export function registeredName(prefix: string, key: string[], destinationId: string): string {
  return `${prefix}-${digest([...key, destinationId]).slice(0, NAME_SUFFIX_LENGTH - 1)}`;
}

/**
 * Whether the image is marked as able to use ENA, and whether that is what its families ask for. Of a guest that is asked to
 * run on Nitro, the inspection refuses one that boots a kernel without ENA. Another kernel of its menu may lack it, and does
 * not take the mark away: without it Nitro types would refuse the image whichever kernel it boots.
 */
function enaOf({ image, guest }: PvToHvmMigrationArgs): pulumi.Output<{ ena: boolean; usual: boolean }> {
  return pulumi.all([image?.ena, guest?.families]).apply(([asked, families]) => {
    const nitro = families === undefined || families.includes(Family.Nitro);
    return { ena: asked ?? nitro, usual: asked === undefined || asked === nitro };
  });
}

/**
 * The one attribute that replaces an image and is not in the key. It is in the name where it is not what the key makes of
 * it: the old image is deregistered only once the new one is there, as long as their names differ.
 */
function unusualEna(args: PvToHvmMigrationArgs): pulumi.Output<string[]> {
  return enaOf(args).apply(({ ena, usual }) => (usual ? [] : [`image.ena=${ena}`]));
}

/** Takes the snapshot once the helper is at rest, and registers it. */
export function publish(migration: Migration, ready: Ready): Published {
  const snapshot = takeSnapshot(migration, ready);
  const image = registerImage(migration, ready.made, snapshot);
  return { snapshot, image, filesystemUuid: ready.made.filesystemUuid };
}

function takeSnapshot(migration: Migration, { made, dependsOn }: Ready): Snapshot {
  const { name, args, parent } = migration;
  return new Snapshot(
    `${name}-snapshot`,
    {
      volumeId: made.volumeId,
      // Fixed by the key: another description would be another snapshot.
      description: pulumi.interpolate`Root volume of ${sourceId(migration)}, converted to HVM by pv-to-hvm`,
      tags: publishedTags(migration, made, "snapshot"),
    },
    {
      parent,
      dependsOn: after(made, dependsOn),
      customTimeouts: TIMEOUTS,
      ignoreChanges: isWorkbenchRemoved(args) ? ["volumeId"] : [],
    },
  );
}

/** Every attribute whose default on EC2 or in its provider is not right for this image is named. */
function registerImage(migration: Migration, made: pulumi.Output<Publishable>, snapshot: Snapshot): Ami {
  const { name, args, parent } = migration;
  const { description } = args.image ?? {};
  return new Ami(
    `${name}-image`,
    {
      name: made.imageName,
      description:
        description ??
        pulumi.interpolate`${sourceId(migration)}, converted from paravirtual to HVM by pv-to-hvm`,
      architecture: made.architecture,
      // RegisterImage's default is paravirtual.
      virtualizationType: "hvm",
      // Old kernels know no UEFI, and GRUB was installed for BIOS.
      bootMode: "legacy-bios",
      enaSupport: enaOf(args).apply(({ ena }) => ena),
      // Xen types with enhanced networking (C3, C4, D2, I2, M4, R3) show an image that is marked so the card of ixgbevf and
      // no other. Where nothing is said pulumi-aws sends `simple`; an empty string is its way to say no.
      sriovNetSupport: made.sriovNetSupport,
      // imdsSupport stays unset: v2.0 would lock old guests out, whose tools ask without a token.
      rootDeviceName: made.rootDeviceName,
      ebsBlockDevices: [
        {
          deviceName: made.rootDeviceName,
          snapshotId: snapshot.id,
          volumeSize: made.sizeGb,
          volumeType: args.destination?.volumeType ?? VolumeType.Gp3,
          deleteOnTermination: true,
          // `encrypted` stays unset: RegisterImage refuses it together with a snapshot, which says it itself.
        },
      ],
      tags: publishedTags(migration, made, "image"),
    },
    {
      parent,
      dependsOn: after(made),
      customTimeouts: TIMEOUTS,
      ignoreChanges: isWorkbenchRemoved(args) ? FROZEN_IMAGE : [],
    },
  );
}

/** What the conversion decided and nothing can decide again once the workbench is gone. */
const FROZEN_IMAGE = ["name", "architecture", "rootDeviceName", "ebsBlockDevices"];

function sourceId({ args }: Migration): pulumi.Output<string> {
  return pulumi.output(args.source.imageId ?? args.source.snapshotId ?? "");
}

function publishedTags(
  migration: Migration,
  made: pulumi.Output<Publishable>,
  role: string,
): pulumi.Output<Tags> {
  const unproven: Tags = skipsRehearsal(migration.args) ? { [TAG.rehearsal]: "skipped" } : {};
  return pulumi
    .all([namedTags(migration, role), migration.args.image?.tags ?? {}, made.filesystemUuid, migration.tags])
    .apply(([named, users, uuid, own]): Tags => ({
      ...{ ...named, ...users, ...own },
      ...{ [TAG.filesystem]: uuid, ...unproven },
    }));
}

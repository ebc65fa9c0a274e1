import * as pulumi from "@pulumi/pulumi";
import { HELPER_DEVICES } from "../checks/checks";
import { type Child, child, type InputsOf } from "./child";
import { VolumeType } from "../enums";
import type { Findings } from "../findings/findings";
import type { Helper } from "./helper";
import { after, type Migration } from "../together/migration";
import { waitsForHelper } from "../sourceKind";
import type { ReadySource } from "./source";

/** The source disk, and the destination disk that becomes the new image's root volume. */
export interface Volumes {
  source: Child<"source">;
  destination: Child<"destination">;
}

/** GiB of a destination when none is asked for: boot loader and partition table take less than that, which the source has not. */
function defaultDestinationSize(sourceSizeGb: number): number {
  return sourceSizeGb + 1;
}

/** Makes both volumes in the helper's availability zone, encrypted unless the destination must not be. */
export function createVolumes(
  migration: Migration,
  found: pulumi.Output<Findings>,
  source: ReadySource,
): Volumes {
  const {
    sizeGb,
    volumeType = VolumeType.Gp3,
    encrypted = true,
    kmsKeyId,
  } = migration.args.destination ?? {};
  return {
    source: createVolume(migration, "source", found, source.dependsOn, {
      snapshotId: source.snapshotId,
      type: VolumeType.Gp3,
      encrypted: true,
      kmsKeyId,
      volumeInitializationRate: migration.args.source.volumeInitializationRate,
    }),
    destination: createVolume(migration, "destination", found, source.visited, {
      size: pulumi
        .all([sizeGb, found.source.sizeGb])
        .apply(([asked, source]) => asked ?? defaultDestinationSize(source)),
      type: volumeType,
      encrypted,
      kmsKeyId,
    }),
  };
}

function createVolume(
  migration: Migration,
  role: "source" | "destination",
  found: pulumi.Output<Findings>,
  dependsOn: pulumi.Resource[],
  args: Omit<InputsOf<"source">, "availabilityZone">,
): Child<"source"> {
  const inputs = { availabilityZone: found.helper.availabilityZone, ...args };
  return child(migration, role, inputs, { dependsOn: after(found, dependsOn) });
}

/** Attaches both volumes. They are deleted with the helper, whose termination detaches them. */
export function attachVolumes(
  migration: Migration,
  found: pulumi.Output<Findings>,
  helper: Pick<Helper, "instance">,
  volumes: Volumes,
): Child<"source-attachment">[] {
  const attach = (role: "source" | "destination") =>
    child(
      migration,
      `${role}-attachment`,
      { instanceId: helper.instance.id, volumeId: volumes[role].id, deviceName: HELPER_DEVICES[role] },
      {
        // A source volume that was made after its helper is deleted before it, so it has to be detached first.
        deletedWith: role === "source" && waitsForHelper(migration.args) ? undefined : helper.instance,
        dependsOn: after(found),
      },
    );
  return [attach("source"), attach("destination")];
}

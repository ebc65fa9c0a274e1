/** The arguments that most scenarios begin with: the local cloud's sample, without the minutes of a rehearsal. */
import type { PvToHvmMigrationArgs } from "../../components";
import { SAMPLE_IMAGE_ID } from "../../local/cloud/seed";
import type { Migrations } from "./request";

export const SUBNET = "subnet-00000000000000001";

/** The network of the local cloud's machines. */
export const HELPER = { subnetId: SUBNET, allowedCidrs: ["198.18.0.0/15"] };

/** One migration's arguments. */
export function sampleArgs(changes: Partial<PvToHvmMigrationArgs> = {}): PvToHvmMigrationArgs {
  return { source: { imageId: SAMPLE_IMAGE_ID }, helper: HELPER, rehearsal: { skip: true }, ...changes };
}

/** A stack with one migration, by the name that all expectations use: `sample`. */
export function sample(changes: Partial<PvToHvmMigrationArgs> = {}): Migrations {
  return { sample: sampleArgs(changes) };
}

/** An instance of the new image, which is asked for its proof. `privateKey`: of the key pair `local` (`environment.key()`). */
export function launched(privateKey: string): NonNullable<PvToHvmMigrationArgs["launch"]> {
  return {
    instanceType: "t3.micro",
    subnetId: SUBNET,
    keyName: "local",
    connection: { user: "root", privateKey },
  };
}

/** The commands on the helper that write the destination, in order. */
export const WRITING = ["partition", "copy", "configure", "install-grub", "verify"] as const;

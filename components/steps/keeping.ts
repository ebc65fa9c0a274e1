import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";

/**
 * Options of what a migration is made for. Absent where nothing is asked for: then what the component was given counts
 * (`protect` and `retainOnDelete` in its own options).
 */
export function protection({ protect }: PvToHvmMigrationArgs): CustomResourceOptions {
  return protect ? { protect: true } : {};
}

/** The same for image and snapshot, which may also stay in EC2 when the stack gives them up. */
export function imageProtection(args: PvToHvmMigrationArgs): CustomResourceOptions {
  return { ...protection(args), ...(args.keepImage && { retainOnDelete: true }) };
}

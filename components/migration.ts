import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "./args";
import { Until, Workbench } from "./enums";
import { conversionKey, digest } from "./key";

/** Names of the tags that everything of a migration carries. */
export const TAG = {
  migration: "pv-to-hvm:migration",
  stack: "pv-to-hvm:stack",
  conversion: "pv-to-hvm:conversion",
  /** On snapshot and image: UUID of the root filesystem, for a boot proof after the workbench is gone. */
  filesystem: "pv-to-hvm:filesystem",
  /** On snapshot and image that were published without one: `skipped`. */
  rehearsal: "pv-to-hvm:rehearsal",
} as const;

export type Tags = { [key: string]: string };

/** What every step of one migration shares. */
export interface Migration {
  name: string;
  args: PvToHvmMigrationArgs;
  parent: pulumi.ComponentResource;
  /** See `conversionKey`. */
  key: pulumi.Output<string>[];
  /** 16 hexadecimal digits that stand for the key in tags and names. */
  keyDigest: pulumi.Output<string>;
  tags: pulumi.Output<Tags>;
}

/** Puts together what every step shares. The user's tags give way to the migration's own. */
export function describeMigration(
  name: string,
  args: PvToHvmMigrationArgs,
  parent: pulumi.ComponentResource,
): Migration {
  const key = conversionKey(args);
  const keyDigest = pulumi.all(key).apply(digest);
  const own = { [TAG.migration]: name, [TAG.stack]: pulumi.getStack(), [TAG.conversion]: keyDigest };
  const tags = pulumi.all([args.tags ?? {}, own]).apply(([users, ours]): Tags => ({ ...users, ...ours }));
  return { name, args, parent, key, keyDigest, tags };
}

/** The migration's tags and a `Name` that tells its resources apart in EC2's console. */
export function namedTags({ name, tags }: Migration, role: string): pulumi.Output<Tags> {
  return tags.apply((all): Tags => ({ Name: `${name}-${role}`, ...all }));
}

/**
 * `dependsOn` for a resource whose inputs come from other resources only. Where the checks have failed those are never
 * made, and the SDK would wait for them without end (the Automation API's inline programs hang then); this way it is
 * told.
 */
export function after(
  checked: pulumi.Output<unknown>,
  dependsOn: pulumi.Resource[] = [],
): pulumi.Output<pulumi.Resource[]> {
  return checked.apply(() => dependsOn);
}

/** Whether a migration goes as far as this. */
export function reaches({ until = Until.Publish }: PvToHvmMigrationArgs, step: Until): boolean {
  const order: Until[] = [Until.Inspect, Until.Rehearse, Until.Publish];
  return order.indexOf(until) >= order.indexOf(step);
}

/** Whether the user takes it upon themselves that nothing has booted. */
export function skipsRehearsal({ rehearsal }: PvToHvmMigrationArgs): boolean {
  return rehearsal?.skip === true;
}

/** Whether helper, volumes and commands are no longer kept. */
export function isWorkbenchRemoved({ workbench }: PvToHvmMigrationArgs): boolean {
  return workbench === Workbench.Removed;
}

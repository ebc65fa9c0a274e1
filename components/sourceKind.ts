import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "./args";
import type { SourceArgs } from "./sourceArgs";
import { Until } from "./enums";
import { reaches } from "./asked";

/** What a source may be, by the argument that names it. */
export const SOURCE_KINDS = {
  imageId: "image",
  snapshotId: "snapshot",
  volumeId: "volume",
  instanceId: "instance",
} as const;

export type SourceIdName = keyof typeof SOURCE_KINDS;
export type SourceKind = (typeof SOURCE_KINDS)[SourceIdName];

/** As much of a source as tells its kind. */
type Identified = { [name in SourceIdName]?: unknown };

/** The ids that are given; exactly one, once the arguments are checked. An empty one is as good as none. */
export function givenIds(source: Identified | undefined): SourceIdName[] {
  const names = Object.keys(SOURCE_KINDS) as SourceIdName[];
  return names.filter((name) => source?.[name] !== undefined && source[name] !== "");
}

/** What the source is. */
export function sourceKind(source: Identified): SourceKind {
  return SOURCE_KINDS[givenIds(source)[0]];
}

/** The id that the user gave. */
export function sourceId(source: SourceArgs): pulumi.Output<string> {
  return pulumi.output(source[givenIds(source)[0]] ?? "");
}

/** Whether a snapshot of the source is to be taken: of a volume or an instance. */
export function takesSnapshot(source: Identified): boolean {
  return ["volume", "instance"].includes(sourceKind(source));
}

/**
 * Whether this is a dry run of a migration that prepares its source. It ends with the inspection in place: a copy that is
 * taken before the preparation would be another one than that which is converted.
 */
export function isDryPreparation(args: PvToHvmMigrationArgs): boolean {
  return args.source.prepare === true && !reaches(args, Until.Rehearse);
}

/**
 * Whether the source is stopped for its snapshot: then the helper is made before that, and the source volume once the snapshot
 * is taken.
 */
export function waitsForHelper({ source }: PvToHvmMigrationArgs): boolean {
  return source.stopFirst === true;
}

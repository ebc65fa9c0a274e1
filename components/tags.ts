import { createHash } from "node:crypto";

export type Tags = { [key: string]: string };

/** Names of the tags that everything of a migration carries. */
export const TAG = {
  migration: "pv-to-hvm:migration",
  /** `project/stack` */
  stack: "pv-to-hvm:stack",
  /** Digest of the conversion's key. */
  conversion: "pv-to-hvm:conversion",
  /** What it is to the migration: `helper`, `source`, `image` … */
  role: "pv-to-hvm:role",
  /** On snapshot and image: the snapshot that the source disk was made of. */
  source: "pv-to-hvm:source",
  /** On snapshot and image: UUID of the root filesystem, for a boot proof after the workbench is gone. */
  filesystem: "pv-to-hvm:filesystem",
  /** On snapshot and image that were published without one: `skipped`. */
  rehearsal: "pv-to-hvm:rehearsal",
  /** On an image whose guest reads no metadata without a token: `required`. */
  metadata: "pv-to-hvm:metadata",
  /** On an image whose conversion went on, on a helper that had been stopped: `started-again`. */
  helper: "pv-to-hvm:helper",
} as const;

/** On the snapshot of a source: what was found of the source when it was taken. */
export const SOURCE_TAG = {
  /** EC2's word; not of a volume, which knows none. */
  architecture: "pv-to-hvm:source-architecture",
  /** The name that the instance's root device had. */
  rootDevice: "pv-to-hvm:source-root-device",
  /** `crash-consistent`, or `stopped`. */
  consistency: "pv-to-hvm:source-consistency",
  /** The instance's other volumes; where one tag cannot hold them, those of the names with `:2`, `:3` … go on. */
  otherVolumes: "pv-to-hvm:source-other-volumes",
} as const;

/** EC2 attaches no more than 40 volumes to an instance of a Xen type, and at least six fit into a tag. */
export const MOST_VOLUME_TAGS = 7;

/** Every tag that the snapshot of a source may have of it: once the snapshot is taken they stay as they are. */
export const SOURCE_TAG_NAMES: string[] = [
  ...[SOURCE_TAG.architecture, SOURCE_TAG.rootDevice, SOURCE_TAG.consistency],
  ...Array.from({ length: MOST_VOLUME_TAGS }, (_, index) => volumesTag(index)),
];

/** The first, second … tag of an instance's other volumes. */
export function volumesTag(index: number): string {
  return index === 0 ? SOURCE_TAG.otherVolumes : `${SOURCE_TAG.otherVolumes}:${index + 1}`;
}

/** The value of `TAG.rehearsal`. */
export const REHEARSAL_SKIPPED = "skipped";

/** The value of `TAG.helper`. */
export const STARTED_AGAIN = "started-again";

/** Of all tags of this project. A user's tag may not begin so. */
export const PREFIX = "pv-to-hvm:";

/** Before the name of each input of the key, on the image. */
const INPUT = `${PREFIX}input:`;

/** CreateTags: values of at most 256 characters. */
export const LONGEST_VALUE = 256;

/** Those of some tags that are this project's own: no user's tag takes their place. */
export function ownTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([tag]) => tag.startsWith(PREFIX)));
}

/** The inputs of a key as tags. */
export function inputTags(inputs: { name: string; value: string }[]): Tags {
  return Object.fromEntries(inputs.map(({ name, value }) => [INPUT + name, tagValue(value)]));
}

/** The inputs of a key that an image's tags tell; undefined where it has none: an earlier version made it. */
export function taggedInputs(tags: Tags): Tags | undefined {
  const inputs = Object.entries(tags).filter(([tag]) => tag.startsWith(INPUT));
  if (inputs.length === 0) return undefined;
  return Object.fromEntries(inputs.map(([tag, value]) => [tag.slice(INPUT.length), value]));
}

/** A value as a tag can hold it: its digest where it is too long. */
export function tagValue(value: string): string {
  if (value.length <= LONGEST_VALUE) return value;
  return `sha256:${createHash("sha256").update(value).digest("hex").slice(0, 16)}`;
}

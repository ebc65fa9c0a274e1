import type { PvToHvmMigrationArgs } from "../args";
import { keyInputs } from "../key";
import { isKnown } from "../known";
import type { Problem } from "./problems";
import { PREFIX, TAG, type Tags } from "../tags";

/** CreateTags: tags to a resource, characters of a name and of a value; the prefix `aws:` is EC2's own. */
const MOST_TAGS = 50;
const LONGEST_NAME = 128;
const LONGEST_VALUE = 256;

/** Whether EC2 takes the user's tags beside the migration's own. For the image it would be found out only at the end. */
export function checkTags(args: PvToHvmMigrationArgs): Problem[] {
  const common = knownTags(args.tags);
  const image = knownTags(args.image?.tags);
  // With the input of each key, and `Name`.
  const own = Object.keys(TAG).length + keyInputs(args).length + 1;
  const count = Object.keys({ ...common, ...image }).length;
  const path = args.image?.tags === undefined ? "tags" : "image.tags";
  return [
    ...checkEach("tags", common),
    ...checkEach("image.tags", image),
    ...checkCount(path, "the image", count, own),
  ];
}

/** Tags of the migration's own on everything that has a role: migration, stack, conversion and the role. */
const OF_EVERYTHING = 4;

/**
 * Whether EC2 takes the user's tags on the snapshot of a source as well, beside the migration's own and those that tell of the
 * source (`told`). CreateSnapshot would say so once the source is prepared and stopped.
 */
export function checkSnapshotTags({ tags }: Pick<PvToHvmMigrationArgs, "tags">, told: Tags): Problem[] {
  const common = knownTags(tags);
  // A `Name` of the user's takes the place of the migration's.
  const own = OF_EVERYTHING + Object.keys(told).length + ("Name" in common ? 0 : 1);
  return checkCount("tags", "the snapshot of the source", Object.keys(common).length, own);
}

function checkCount(path: string, what: string, count: number, own: number): Problem[] {
  if (count + own <= MOST_TAGS) return [];
  const reason = `${what} would get ${count} tags beside ${own} of the migration's own, EC2 takes ${MOST_TAGS} in all`;
  return [{ path, reason, fix: `Remove ${count + own - MOST_TAGS}.` }];
}

function checkEach(path: string, tags: Tags): Problem[] {
  return Object.entries(tags).flatMap(([name, value]) => {
    const at = `${path}.${name}`;
    if (/^aws:/i.test(name)) return [reserved(at, "aws:", "EC2's")];
    if (name.startsWith(PREFIX)) return [reserved(at, PREFIX, "this program's")];
    if (name.length > LONGEST_NAME) return [tooLong(at, "its name", name.length, LONGEST_NAME)];
    if (isKnown(value) && value.length > LONGEST_VALUE) {
      return [tooLong(at, "its value", value.length, LONGEST_VALUE)];
    }
    return [];
  });
}

function reserved(path: string, prefix: string, whose: string): Problem {
  return { path, reason: `names that begin with ${prefix} are ${whose} own`, fix: "Choose another name." };
}

function tooLong(path: string, what: string, length: number, longest: number): Problem {
  return { path, reason: `${what} has ${length} characters, EC2 takes ${longest}`, fix: "Shorten it." };
}

/** Values may be outputs, and are passed over; names never are. */
function knownTags(tags: PvToHvmMigrationArgs["tags"]): Tags {
  return isKnown(tags) ? (tags as Tags) : {};
}

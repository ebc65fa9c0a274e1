import { lookUpStopped } from "../lookups/instances";
import { lookUpTaggedSnapshot } from "../lookups/lookups";
import { reaches } from "../asked";
import { type Migration, stackTag } from "../together/migration";
import type { PublishedImage } from "../published/publishedImage";
import type { Conversion } from "./sourceSoFar";
import { Until, Workbench } from "../enums";
import { STARTED_AGAIN, TAG } from "../tags";

/** The roles of the helper and of the image's snapshot in their tags. */
const [HELPER, SNAPSHOT] = ["helper", "snapshot"];

/**
 * Whether the conversion goes on on a helper that is stopped, as it is after `until: inspect`: then it is started before the
 * steps and stopped after them, by resources of their own. A finished conversion keeps those that it was made with; its
 * image tells, or its snapshot, where somebody has deregistered the image: the helper has nothing to do then. A program cannot read its own state, so a helper's own state is asked of EC2. Where EC2 does not answer, it is
 * as if none was stopped: the dial of the first step then says what to do.
 */
export async function startsHelperAgain(
  { name, args, parent }: Migration,
  { digest, formerNames }: Conversion,
  finished: PublishedImage | undefined,
): Promise<boolean> {
  if (args.workbench === Workbench.Running || !reaches(args, Until.Publish)) return false;
  if (finished) return finished.startedAgain;
  const inStack = { [TAG.stack]: [stackTag()], [TAG.role]: [HELPER] };
  // Asked once for all migrations of the stack: mostly there is none.
  if (!(await lookUpStopped(inStack, parent)).value?.length) return false;
  const own = { ...inStack, [TAG.migration]: [name, ...formerNames], [TAG.conversion]: [digest] };
  if (!(await lookUpStopped(own, parent)).value?.length) return false;
  const made = await lookUpTaggedSnapshot("helper", { ...own, [TAG.role]: [SNAPSHOT] }, parent);
  return made.value ? made.value.tags?.[TAG.helper] === STARTED_AGAIN : true;
}

/** What of the left-overs may go, by what they are. Pure. */
import { RESOURCES, type Role, taggedKinds } from "../components/resources";
import type { Kind } from "./item";
import type { Opinion, Rule, Verdict } from "./judge";

/** No opinion: it may go. */
export const judgeByKind: Rule = (item, situation) =>
  judgeRole(item, situation) ?? BY_KIND[item.kind](item, situation);

const KINDS = taggedKinds();

/** The launched instance and its root volume: made for use, and never the sweep's to remove. */
const LAUNCHED: string[] = ["instance", RESOURCES.instance.rootVolume];

const judgeRole: Rule = ({ kind, role }) => {
  if (role === undefined) return keep("an earlier version made it, without a role: look at it yourself");
  if (KINDS.get(role) !== kind) return keep(`no ${kind} has the role ${role}: somebody copied the tags`);
  if (LAUNCHED.includes(role)) return keep("it was launched for use: end it yourself");
  return undefined;
};

const judgeInstance: Rule = ({ volumes = [], stack }, { inventory, stacks }) => {
  const ours = new Set(inventory.items.filter((item) => item.stack === stack).map(({ id }) => id));
  const going = volumes
    .filter(({ deleteOnTermination }) => deleteOnTermination)
    .map(({ volumeId }) => volumeId);
  const foreign = going.find((id) => !ours.has(id));
  if (foreign) return keep(`${foreign}, which is not a migration's, would be deleted with it`);
  const used = going.find((id) => (stacks.holderOf(id) ?? stacks.mentionOf(id)) !== undefined);
  return used === undefined ? undefined : keep(`${used}, which a state names, would be deleted with it`);
};

const judgeVolume: Rule = ({ attachment }, { earlier }) =>
  attachment && stayingFor(attachment.instanceId, earlier, `it is attached to ${attachment.instanceId}`);

const judgeGroup: Rule = ({ id }, { earlier }) => {
  const members = [...earlier.values()].filter(({ item }) => item.groupIds?.includes(id));
  const staying = members.find(({ fate }) => fate !== "remove")?.item.id;
  return staying === undefined ? undefined : stayingFor(staying, earlier, `${staying} is in it`);
};

const judgeImage: Rule = ({ copyOf }, { options }) => {
  if (copyOf !== undefined) return keep(`somebody copied it, with its tags, from ${copyOf}`);
  return options.images ? undefined : keep("somebody may launch from it: goes with --images only");
};

/** A source's is made for the copy alone; of a destination's an image may be made yet. */
const judgeSnapshot: Rule = ({ id, role, copyOf }, { inventory, options, earlier }) => {
  if (copyOf !== undefined) return keep(`somebody copied it, with its tags, from ${copyOf}`);
  const images = inventory.imagesOf.get(id) ?? [];
  const staying = images.find((imageId) => earlier.get(imageId)?.fate !== "remove");
  if (staying !== undefined) return stayingFor(staying, earlier, `${staying} starts from it`);
  if (role === ("source-snapshot" satisfies Role)) return undefined;
  return options.images ? undefined : keep("an image may be made of it: goes with --images only");
};

const BY_KIND: Record<Kind, Rule> = {
  instance: judgeInstance,
  volume: judgeVolume,
  "security group": judgeGroup,
  image: judgeImage,
  snapshot: judgeSnapshot,
};

/** Nothing goes before what needs it; and what waits may be judged otherwise next time. */
function stayingFor(id: string, earlier: Map<string, Verdict>, why: string): Opinion | undefined {
  const fate = earlier.get(id)?.fate;
  if (fate === "remove") return undefined;
  return fate === "wait" ? { fate, reason: `${why}, which waits` } : keep(`${why}, which stays`);
}

function keep(reason: string): Opinion {
  return { fate: "keep", reason };
}

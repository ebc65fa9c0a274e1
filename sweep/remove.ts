/** Removes what was judged to go, dependents first. One that cannot be removed holds up only what depends on it. */
import { isDenied, plainWords } from "../components/denied";
import type { RootRole } from "../components/resources";
import type { Ec2 } from "./ec2";
import { type Item, type Kind, ORDER } from "./item";

export interface Removal {
  item: Item;
  /** Absent where it is gone. */
  error?: string;
}

export interface RemoveOptions {
  ec2: Ec2;
  /** Waits so many seconds. */
  pause: (seconds: number) => Promise<void>;
  log: (line: string) => void;
}

const LOOK_SECONDS = 5;
/** An instance that shuts down slowly takes some minutes. */
const MOST_LOOKS = 120;
/** A group is in use for a moment longer than the instance that was in it. */
const GROUP_ATTEMPTS = 12;

/** What is asked to be gone and is: as good as removed. */
const GONE = /NotFound|InvalidAMIID\.Unavailable/;

/** Removes the items, in EC2's order. Never rejects: what went wrong is in the answer. */
export async function removeAll(items: Item[], options: RemoveOptions): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const kind of ORDER) {
    const these = items.filter((item) => item.kind === kind);
    removals.push(...(await removeKind(kind, these, removals, options)));
  }
  return removals;
}

async function removeKind(
  kind: Kind,
  items: Item[],
  earlier: Removal[],
  options: RemoveOptions,
): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const item of items) removals.push(await removeOne(item, earlier, options));
  // All are asked to end before the first is waited for.
  if (kind === "instance") for (const removal of removals) await awaitEnd(removal, options);
  for (const { item, error } of removals) options.log(`${item.id}: ${error ?? "removed"}`);
  return removals;
}

async function removeOne(item: Item, earlier: Removal[], options: RemoveOptions): Promise<Removal> {
  const users = earlier.filter((removal) => isUsedBy(item, removal.item));
  const living = users.find(({ error }) => error !== undefined);
  if (living) return { item, error: `left, since ${living.item.id} could not be ended` };
  // Its root volume has gone with it.
  if (users.length > 0 && item.attachment?.deleteOnTermination) return { item };
  try {
    await attempt(item, options);
    return { item };
  } catch (error) {
    return GONE.test((error as Error).name) ? { item } : { item, error: describe(error as Error, item) };
  }
}

/** Whether an instance has this volume, or is in this group. */
function isUsedBy({ id, attachment }: Item, instance: Item): boolean {
  return attachment?.instanceId === instance.id || (instance.groupIds ?? []).includes(id);
}

async function attempt(item: Item, { ec2, pause }: RemoveOptions): Promise<void> {
  const attempts = item.kind === "security group" ? GROUP_ATTEMPTS : 1;
  for (let left = attempts; ; left--) {
    try {
      return await ec2.remove(item);
    } catch (error) {
      if (left === 1 || (error as Error).name !== "DependencyViolation") throw error;
      await pause(LOOK_SECONDS);
    }
  }
}

/** Waits until the instance has ended, and notes where it does not. */
async function awaitEnd(removal: Removal, { ec2, pause }: RemoveOptions): Promise<void> {
  if (removal.error !== undefined) return;
  try {
    for (let left = MOST_LOOKS; left > 0; left--) {
      const state = await ec2.instanceState(removal.item.id);
      if (state === undefined || state === "terminated") return;
      await pause(LOOK_SECONDS);
    }
    removal.error = `it had not ended after ${(MOST_LOOKS * LOOK_SECONDS) / 60} minutes. Sweep again later.`;
  } catch (error) {
    removal.error = describe(error as Error, removal.item);
  }
}

/** EC2's code is the SDK's name of the error. */
function describe({ name, message }: Error, { kind, role }: Item): string {
  if (!isDenied(name)) return `${name}: ${message}`;
  const isRoot = kind === "volume" && role === ("helper-root" satisfies RootRole);
  const policy = isRoot
    ? "policies/sweep.json deletes no root volume: delete it yourself"
    : "policies/sweep.json has the right";
  return `${name}: ${plainWords(message)}. ${policy} (docs/rights.md).`;
}

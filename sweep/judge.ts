/** Decides about everything that carries the tags: who holds it, and whether it may go. Pure. */
import type { Backend } from "./backend";
import { type Inventory, type Item, ORDER } from "./item";
import { judgeByKind } from "./judgeByKind";
import { StackKnowledge } from "./stackKnowledge";

/**
 * `held`: a stack has it. `wait`: too early to tell. `unknown`: its stack is not known here. `keep`: nobody holds it, and
 * it is not the sweep's to remove. `remove`: nobody holds it.
 */
export type Fate = "held" | "wait" | "unknown" | "keep" | "remove";

export interface Verdict {
  item: Item;
  fate: Fate;
  /** Why, in words. */
  reason: string;
}

export interface JudgeOptions {
  now: Date;
  /** What is younger is left alone. */
  olderThanSeconds: number;
  /** Images and snapshots may go too. */
  images: boolean;
  /** Stacks (`project/stack`) that the user says have nothing here any more. */
  gone: string[];
}

/** What a rule sees. */
export interface Situation {
  inventory: Inventory;
  stacks: StackKnowledge;
  options: JudgeOptions;
  /** On everything that is removed before this item, by id. */
  earlier: Map<string, Verdict>;
}

export type Opinion = Pick<Verdict, "fate" | "reason">;
export type Rule = (item: Item, situation: Situation) => Opinion | undefined;

/** The first that has an opinion decides. */
const RULES: Rule[] = [
  held,
  isOnHeldInstance,
  named,
  ofUnknownStack,
  whileUpdating,
  unfinished,
  young,
  ofDoubtfulStack,
  judgeByKind,
];

/** One verdict for each item, in the order of removal. */
export function judge(inventory: Inventory, backend: Backend, options: JudgeOptions): Verdict[] {
  const stacks = new StackKnowledge(inventory.items, backend, options.gone);
  const earlier = new Map<string, Verdict>();
  for (const kind of ORDER) {
    for (const item of inventory.items.filter((one) => one.kind === kind)) {
      earlier.set(item.id, { item, ...opinionOn(item, { inventory, stacks, options, earlier }) });
    }
  }
  return [...earlier.values()];
}

function opinionOn(item: Item, situation: Situation): Opinion {
  for (const rule of RULES) {
    const opinion = rule(item, situation);
    if (opinion) return opinion;
  }
  return { fate: "remove", reason: "no stack holds it" };
}

function held({ id }: Item, { stacks }: Situation): Opinion | undefined {
  const holder = stacks.holderOf(id);
  return holder === undefined ? undefined : { fate: "held", reason: `in the state of ${holder}` };
}

/** The root volume of an instance is no resource of its own. */
function isOnHeldInstance({ attachment }: Item, { earlier }: Situation): Opinion | undefined {
  const instance = attachment?.deleteOnTermination && earlier.get(attachment.instanceId);
  return instance && instance.fate === "held"
    ? { fate: "held", reason: `goes with ${instance.item.id}, ${instance.reason}` }
    : undefined;
}

/** An image that another program launches, a volume in somebody's output: whoever names it may need it. */
function named({ id }: Item, { stacks }: Situation): Opinion | undefined {
  const holder = stacks.mentionOf(id);
  return holder === undefined ? undefined : { fate: "held", reason: `named in the state of ${holder}` };
}

function ofUnknownStack({ stack }: Item, { stacks }: Situation): Opinion | undefined {
  const reason = stacks.whyUnknown(stack);
  return reason === undefined ? undefined : { fate: "unknown", reason };
}

function ofDoubtfulStack({ stack }: Item, { stacks }: Situation): Opinion | undefined {
  const reason = stacks.whyDoubtful(stack);
  return reason === undefined ? undefined : { fate: "keep", reason };
}

function whileUpdating({ stack }: Item, { stacks }: Situation): Opinion | undefined {
  const reason = stacks.whyUnderWay(stack);
  return reason === undefined ? undefined : { fate: "wait", reason };
}

/** What is being made becomes something that a state may know. Whatever failed (`error`, `failed`) stays as it is. */
function unfinished({ state }: Item): Opinion | undefined {
  const passing = ["pending", "creating", "stopping"].includes(state);
  return passing ? { fate: "wait", reason: `it is ${state}` } : undefined;
}

/** A security group is as old as the youngest of its conversion. */
function young(item: Item, { inventory, options }: Situation): Opinion | undefined {
  const siblings = item.createdAt ? [item] : inventory.items.filter((other) => isSibling(item, other));
  const born = Math.max(...siblings.map(({ createdAt }) => createdAt?.getTime() ?? -Infinity));
  const seconds = (options.now.getTime() - born) / 1000;
  if (seconds >= options.olderThanSeconds) return undefined;
  return { fate: "wait", reason: `younger than --older-than ${options.olderThanSeconds}s` };
}

function isSibling(one: Item, other: Item): boolean {
  return (
    one.stack === other.stack && one.migration === other.migration && one.conversion === other.conversion
  );
}

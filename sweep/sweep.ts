import { setTimeout as sleep } from "node:timers/promises";
import { RefusedError } from "../converter/errors";
import type { Backend } from "./backend";
import type { Ec2 } from "./ec2";
import { judge, type Verdict } from "./judge";
import { type Removal, removeAll } from "./remove";
import { StackKnowledge } from "./stackKnowledge";

export interface SweepOptions {
  ec2: Ec2;
  /** Reads the backend; called once EC2 has been listed, see `readBackend`. */
  backend: () => Promise<Backend>;
  /** Remove what may go. Default false: nothing is changed. */
  remove?: boolean;
  /** Images and snapshots may go too. Default false. */
  images?: boolean;
  /** Stacks (`project/stack`) that have nothing here any more. Default none. */
  gone?: string[];
  /** What is not known here counts as left over in the exit status. Default false. */
  strict?: boolean;
  /** What is younger is left alone. Default 3600. */
  olderThanSeconds?: number;
  /** Default: the time it is. */
  now?: () => Date;
  /** Waits so many seconds. Default: it does. */
  pause?: (seconds: number) => Promise<void>;
  /** Takes a line on each thing that is removed. Default: silence. */
  log?: (line: string) => void;
}

export interface SweepResult {
  /** Where the stacks are kept that were asked. */
  backend: string;
  /** How many stacks that shows. */
  stackCount: number;
  /** When EC2 was looked at. */
  at: Date;
  /** On everything that carries the tags, in the order of removal. */
  verdicts: Verdict[];
  /** What was tried, in this order; none without `remove`. */
  removals: Removal[];
  /** 0: nothing is left over. 1: something is, or with `strict` is not known here. 4: something could not be removed. */
  exitStatus: 0 | 1 | 4;
}

/**
 * Finds what migrations have left in one region of an account and no stack holds, and removes it where asked to. Throws
 * `RefusedError`, with nothing removed, where a state cannot be read or a stack that is named as gone is not.
 */
export async function sweep(options: SweepOptions): Promise<SweepResult> {
  const at = (options.now ?? (() => new Date()))();
  // In this order: see `readBackend`.
  const inventory = await options.ec2.list();
  const backend = await options.backend();
  const gone = options.gone ?? [];
  const wronglyGone = new StackKnowledge(inventory.items, backend, gone).wronglyGone();
  if (wronglyGone.length > 0) throw new RefusedError(wronglyGone);

  const { olderThanSeconds = 3600, images = false } = options;
  const verdicts = judge(inventory, backend, { now: at, olderThanSeconds, images, gone });
  const removals = options.remove ? await removeAll(itemsToRemove(verdicts), removing(options)) : [];
  return {
    ...{ backend: backend.url, stackCount: backend.stacks.length, at, verdicts, removals },
    exitStatus: exitStatusOf(verdicts, removals, options.strict === true),
  };
}

function itemsToRemove(verdicts: Verdict[]) {
  return verdicts.filter(({ fate }) => fate === "remove").map(({ item }) => item);
}

function removing({ ec2, pause, log }: SweepOptions) {
  return {
    ec2,
    pause: pause ?? ((seconds: number) => sleep(seconds * 1000)),
    log: log ?? (() => undefined),
  };
}

function exitStatusOf(
  verdicts: Verdict[],
  removals: Removal[],
  isStrict: boolean,
): SweepResult["exitStatus"] {
  if (removals.some(({ error }) => error !== undefined)) return 4;
  const removed = new Set(removals.map(({ item }) => item.id));
  const counted = ["keep", "remove", ...(isStrict ? ["unknown"] : [])];
  const left = verdicts.filter(({ item, fate }) => counted.includes(fate) && !removed.has(item.id));
  return left.length > 0 ? 1 : 0;
}

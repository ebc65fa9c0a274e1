/**
 * What has to be undone when the program ends before its time: mounts, loop devices, a running QEMU. Each is undone
 * by the function that made it, in a `finally`; a signal undoes the rest here, last made first.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export type Undo = () => Promise<void>;

const pending: Undo[] = [];
/** Undos that have begun. A signal that comes meanwhile waits for them: the program must not end in the middle of one. */
const begun = new Set<Promise<void>>();
const insideUndo = new AsyncLocalStorage<true>();
let ending = false;

/** Whether the caller is part of an undo: what it starts is to come to its end, whatever signals arrive. */
export function isUndoing(): boolean {
  return insideUndo.getStore() === true;
}

/**
 * Whether the caller has to wait for ever: a signal is ending this program, and the caller is part of none of its undos.
 * Whatever it began now would have to be undone as well, while the program goes away.
 */
export function isHalted(): boolean {
  return ending && !isUndoing();
}

/** What is never over. */
export function forEver(): Promise<never> {
  return new Promise(() => undefined);
}

/**
 * Runs `work`, then `undo`, whether the work went well or not, and on a signal too; never twice. To be called before
 * what is to be undone is made: a signal may come while it is being made, so `undo` looks whether it is there. What is made
 * without a program is made synchronously, after a look at `isHalted` (as `withFreeSpace` has it): what a signal's undo did not
 * find must not come to be afterwards.
 */
export async function withUndo<T>(undo: Undo, work: () => Promise<T>): Promise<T> {
  if (isHalted()) return forEver();
  // Part of an undo already, which is waited for as a whole.
  if (isUndoing()) return work().finally(undo);
  pending.push(undo);
  try {
    return await work();
  } finally {
    const index = pending.indexOf(undo);
    if (index >= 0) {
      pending.splice(index, 1);
      await begin(undo);
    }
  }
}

/** Undoes everything that is still pending. What cannot be undone does not keep the rest from it. */
export async function undoAll(): Promise<void> {
  await Promise.allSettled(begun);
  for (let undo = pending.pop(); undo; undo = pending.pop()) {
    await begin(undo).catch(() => undefined);
  }
}

function begin(undo: Undo): Promise<void> {
  const done = insideUndo.run(true, undo).finally(() => begun.delete(done));
  begun.add(done);
  return done;
}

/** What a signal that ends the program has to say. */
export interface Ending {
  /** Once everything is undone. */
  ended: (signal: NodeJS.Signals) => void;
  /** For each further signal meanwhile. */
  patience: (signal: NodeJS.Signals) => void;
}

/**
 * From now on SIGINT, SIGTERM and SIGHUP (a lost ssh connection) clean up, tell, and end the program with status 4. A
 * second one changes nothing: `timeout` and a terminal send it twice, to the program and to its process group.
 */
export function cleanUpOnSignals({ ended, patience }: Ending): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending) return patience(signal);
      ending = true;
      void undoAll().then(() => {
        ended(signal);
        process.exit(4);
      });
    });
  }
}

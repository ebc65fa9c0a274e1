/**
 * What has to be undone when the program ends before its time: mounts, loop devices, a running QEMU. Each is undone
 * by the function that made it, in a `finally`; a signal undoes the rest here, last made first.
 */
export type Undo = () => Promise<void>;

const pending: Undo[] = [];

/** Runs `work`, then `undo`, whether the work went well or not, and on a signal too; never twice. */
export async function withUndo<T>(undo: Undo, work: () => Promise<T>): Promise<T> {
  pending.push(undo);
  try {
    return await work();
  } finally {
    const index = pending.indexOf(undo);
    if (index >= 0) {
      pending.splice(index, 1);
      await undo();
    }
  }
}

/** Undoes everything that is still pending. What cannot be undone does not keep the rest from it. */
export async function undoAll(): Promise<void> {
  for (let undo = pending.pop(); undo; undo = pending.pop()) {
    await undo().catch(() => undefined);
  }
}

/** From now on SIGINT, SIGTERM and SIGHUP (a lost ssh connection) clean up, tell, and end the program with status 4. */
export function cleanUpOnSignals(tell: (signal: NodeJS.Signals) => void): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      void undoAll().then(() => {
        tell(signal);
        process.exit(4);
      });
    });
  }
}

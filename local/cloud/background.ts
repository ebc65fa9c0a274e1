import { setTimeout as sleep } from "node:timers/promises";

/**
 * What goes on after a request has been answered: EC2 says `creating` at once and `available` later. `delayMs` is the
 * least time that a resource stays in its pending state, so that whoever forgets to wait fails here as on EC2.
 */
export class Background {
  private readonly running = new Set<Promise<void>>();

  constructor(readonly delayMs: number) {}

  /** Starts `work` after the delay. Its failure is `onFailure`'s to record: nobody else is waiting for it. */
  start(work: () => Promise<void>, onFailure: (error: Error) => Promise<void>): void {
    const task: Promise<void> = sleep(this.delayMs)
      .then(work)
      .catch(onFailure)
      // The record itself cannot be written: the folder is gone or full. Whoever waits for it times out.
      .catch((error: Error) => void process.stderr.write(`local cloud: ${error.message}\n`))
      .finally(() => this.running.delete(task));
    this.running.add(task);
  }

  /** Resolves when nothing is under way in this process. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}

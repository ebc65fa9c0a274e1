/** Starts work in the order of its numbers, from 0 on: each begins when the one before has begun. */
export class OrderedQueue {
  /** After a failure: nothing more is started, and all work that waits fails. */
  isAborted = false;
  private next = 0;
  private readonly waiting = new Map<number, () => void>();

  /** Runs `work` when its turn has come. Throws `AbortedError` if the queue was aborted before that. */
  async run<T>(number: number, work: () => Promise<T>): Promise<T> {
    if (number !== this.next && !this.isAborted) {
      await new Promise<void>((resolve) => this.waiting.set(number, resolve));
    }
    if (this.isAborted) throw new AbortedError("another piece failed");
    const working = work();
    this.next++;
    this.waiting.get(this.next)?.();
    this.waiting.delete(this.next);
    return working;
  }

  /** All work that waits, and all that comes later, throws `AbortedError`. */
  abort(): void {
    this.isAborted = true;
    this.waiting.forEach((go) => go());
    this.waiting.clear();
  }
}

/** The work was not started, because other work failed. */
export class AbortedError extends Error {}

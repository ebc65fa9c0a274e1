/** Lets work through in the order of its numbers, from 0 on: each begins when the one before has begun. */
export class Turnstile {
  /** After a failure: whoever waits goes through to his own end. */
  isOpen = false;
  private turn = 0;
  private readonly waiting = new Map<number, () => void>();

  /** Runs `work` when its turn has come. Throws `Interrupted` where the turnstile was opened before. */
  async inTurn<T>(number: number, work: () => Promise<T>): Promise<T> {
    if (number !== this.turn && !this.isOpen) {
      await new Promise<void>((resolve) => this.waiting.set(number, resolve));
    }
    if (this.isOpen) throw new Interrupted("another piece failed");
    const working = work();
    this.turn++;
    this.waiting.get(this.turn)?.();
    this.waiting.delete(this.turn);
    return working;
  }

  /** Lets everyone who waits go, to throw `Interrupted`. */
  open(): void {
    this.isOpen = true;
    this.waiting.forEach((go) => go());
    this.waiting.clear();
  }
}

/** Not a failure of its own: something else went wrong. */
export class Interrupted extends Error {}

import * as pulumi from "@pulumi/pulumi";
import type { Candidate } from "./candidate";

/** How many migrations a preview has under way at once. More are no faster: the program is one thread, and busy with these. */
export const SIDE_BY_SIDE = 4;

/** Milliseconds in which the engine gets to know of a migration, and in which it answers, unless that waits for something else. */
const PATIENCE = { known: 1000, answer: 5000 };

/**
 * The order in which migrations begin. The SDK keeps some 40 promises for each output of a resource that the engine has not answered
 * for, so a hundred that begin in one go take a multiple of the memory.
 */
export class Line {
  private last: Promise<unknown> = Promise.resolve();
  private readonly underWay = new Set<Candidate>();

  /** Resolves when the one before has begun and, in a preview, few enough are under way. */
  async join(candidate: Candidate): Promise<void> {
    const before = this.last;
    this.last = before.then(() => this.letPass(candidate));
    await before;
  }

  /** Resolves when the engine knows of it (of nothing below it), and there is room for the next. */
  private async letPass(candidate: Candidate): Promise<void> {
    await Promise.race([candidate.known, pass(PATIENCE.known)]);
    // In an update what is under way takes minutes, and how many go on at once is the user's to say.
    if (!pulumi.runtime.isDryRun()) return;
    this.underWay.add(candidate);
    void candidate.done.then(() => this.underWay.delete(candidate));
    while (this.underWay.size >= SIDE_BY_SIDE && (await this.goesOn()));
  }

  /** Waits for one to be done. False if nothing has come: those under way may wait for one that has not begun. */
  private async goesOn(): Promise<boolean> {
    const all = [...this.underWay];
    const answers = () => all.reduce((sum, each) => sum + each.answers, 0);
    const before = answers();
    await Promise.race([...all.map(({ done }) => done), pass(PATIENCE.answer)]);
    return this.underWay.size < all.length || answers() > before;
  }
}

/** Keeps no program from its end. */
function pass(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

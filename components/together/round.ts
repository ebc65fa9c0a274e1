import type { Candidate } from "./candidate";

/** Milliseconds that a round waits for arguments of promises. They may hang on what waits for this round. */
const LONGEST_WAIT = 10_000;

/**
 * Candidates that are judged together: all that are described before nothing has come for a while and everything has been
 * found out.
 */
export class Round {
  isClosed = false;
  private readonly candidates = new Set<Candidate>();
  private readonly began = Date.now();
  private timer?: NodeJS.Timeout;
  private isQuiet = false;

  /** `quiet`: milliseconds without another candidate, after which there will be none. */
  constructor(
    private readonly quiet: number,
    private readonly close: (candidates: Candidate[]) => void,
  ) {}

  add(candidate: Candidate): void {
    if (this.candidates.has(candidate)) return;
    this.candidates.add(candidate);
    this.isQuiet = false;
    this.reviewIn(this.quiet);
  }

  review(): void {
    if (this.isClosed || !this.isQuiet) return;
    const stages = [...this.candidates].map(({ stage }) => stage);
    if (stages.includes("asking")) return;
    const left = this.began + LONGEST_WAIT - Date.now();
    if (stages.includes("waiting") && left > 0) return this.reviewIn(left);
    clearTimeout(this.timer);
    this.isClosed = true;
    this.close([...this.candidates]);
  }

  private reviewIn(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isQuiet = true;
      this.review();
    }, milliseconds);
  }
}

import { type Problem, refusal, refusalOfOthers, toldAlready } from "../checks/problems";
import { Candidate, type Judges } from "./candidate";
import { Line } from "./line";
import { Round } from "./round";

/**
 * How a program is known: as one of this process, as calls for the migrations of one in another language, or not at all, as
 * under mocks, where a process may hold several.
 */
export type ProgramKind = "program" | "served" | "unknown";

/**
 * Milliseconds without another migration, after which a program is taken to have described them all. No program says that it
 * is through. One of this process makes its migrations in one go, or with an answer of the engine's in between; the calls of
 * another language's come from another process. Look-ups in EC2 mostly take longer, so that this costs nothing.
 */
const QUIET = { program: 100, served: 500, unknown: 20 };

/**
 * The migrations of one run of a program. They are judged together: nothing of any of them is made before all have passed,
 * and what is wrong is told of all at once. A program can describe another one later, e.g. when a resource has been made; that
 * one is judged by itself.
 */
export class Together implements Judges {
  private readonly names = new Set<string>();
  /** Those with which something is wrong. */
  private readonly wrong: string[] = [];
  private refused?: Error;
  /** Whether any may begin, so that "nothing was created" is not true any more. */
  private hasBegun = false;
  private round?: Round;
  private readonly line = new Line();

  constructor(readonly kind: ProgramKind) {}

  /** A migration that the program describes, and what is wrong with its arguments by themselves. */
  enter(name: string, problems: Problem[]): Candidate {
    // Under mocks another migration of this name is most likely that of another test.
    const isSecond = this.names.has(name) && this.kind !== "unknown";
    const candidate = new Candidate(this, name, isSecond ? [...problems, twice(name)] : problems);
    this.names.add(name);
    this.join(candidate);
    return candidate;
  }

  /**
   * Whether the program has a migration of this name, by now. Undefined where it cannot be told: in a provider that serves
   * other languages' programs, each component is described by itself.
   */
  has(name: string): boolean | undefined {
    return this.kind === "program" ? this.names.has(name) : undefined;
  }

  join(candidate: Candidate): void {
    if (!this.round || this.round.isClosed) {
      this.round = new Round(QUIET[this.kind], (candidates) => this.close(candidates));
    }
    this.round.add(candidate);
  }

  review(): void {
    this.round?.review();
  }

  async begin(candidate: Candidate): Promise<void> {
    try {
      await candidate.gate;
    } catch (error) {
      // The provider answers the call with that. What was rejected besides would be printed once more by its server.
      if (this.kind === "served") return new Promise(() => undefined);
      throw error;
    }
    await this.line.join(candidate);
  }

  /** Lets all of a round begin, or none. */
  private close(candidates: Candidate[]): void {
    const wrong = candidates.filter(({ isWrong }) => isWrong);
    this.wrong.push(...wrong.map(({ name }) => name));
    if (wrong.length === 0 && !this.refused) {
      this.hasBegun = true;
      for (const candidate of candidates) candidate.pass();
      return;
    }
    const error = this.errorOf(candidates, wrong);
    // Of a program that is not known the next migration may be another's.
    if (this.kind !== "unknown") this.refused ??= error;
    if (this.kind === "program") tell(error);
    for (const candidate of candidates) {
      candidate.refuse(this.kind === "served" ? this.ownError(candidate) : error);
    }
  }

  /** One error object for all: the program runner prints it once. */
  private errorOf(candidates: Candidate[], wrong: Candidate[]): Error {
    const broken = wrong.find(({ error }) => error !== undefined)?.error;
    if (broken) return broken;
    if (wrong.length === 0 && this.refused) return this.refused;
    const others = candidates.filter((each) => !wrong.includes(each)).map(({ name }) => name);
    return refusal(wrong, { others, hasBegun: this.hasBegun });
  }

  /** Each call of another language's program is answered by itself. */
  private ownError(candidate: Candidate): Error {
    if (candidate.error) return candidate.error;
    if (candidate.isWrong) return refusal([candidate], { others: [], hasBegun: this.hasBegun });
    return refusalOfOthers(candidate.name, this.wrong);
  }
}

/** The program runner prints what nobody handles. What hangs on a migration may be handled by the program itself. */
function tell(error: Error): void {
  void Promise.reject(error);
  // By then it has been printed. The runner of inline programs says it again where no output of the program rejects with it.
  setImmediate(() => toldAlready(error));
}

function twice(name: string): Problem {
  return {
    path: "name",
    reason: `the program has more than one migration called ${name}`,
    fix: "Give each a name of its own; in a loop make it of what the loop goes over.",
  };
}

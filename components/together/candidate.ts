import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../checks/problems";
import { isResolvable, resourcesOf } from "../known";
import { visible } from "../visible";

/** Something to say that is no problem. */
export interface Note {
  level: "info" | "warn";
  /** A sentence or two. */
  text: string;
}

/** What look-ups came to: a value, or what is wrong. */
export interface Judgement<T> {
  value?: T;
  problems: Problem[];
}

/** Those that are judged together. */
export interface Judges {
  /** Has a round wait for this candidate, the one under way or the next. */
  join(candidate: Candidate): void;
  /** Resolves when it is to be registered. */
  begin(candidate: Candidate): Promise<void>;
  /** Something has been found out. */
  review(): void;
}

/** A migration of a program, until it may begin. */
export class Candidate {
  /**
   * Whether a round waits for it: while EC2 is asked (`asking`), and for arguments of promises, which come soon (`waiting`).
   * Not for arguments that come of resources (`depending`): those may themselves wait for a migration.
   */
  stage: "waiting" | "depending" | "asking" | "judged";
  /** What is to be said once it may begin: before, the engine does not know of it. */
  readonly notes: Note[] = [];
  /** What broke while it was judged. */
  error?: Error;
  /** Resolves when it may begin, and rejects where something is wrong, with it or with others. */
  readonly gate: Promise<void>;
  /** Resolves when it is to be registered. Of a migration that is served, stays open where the gate rejects. */
  readonly begins: Promise<void>;
  /** Resolves when the engine knows of it. */
  known: Promise<unknown> = Promise.resolve();
  /** Resolves when the engine has answered for all of it. */
  readonly done: Promise<void>;
  /** It is done. */
  end!: () => void;
  /** Children that the engine has answered for. */
  answers = 0;
  private verdict = new Verdict();

  constructor(
    private readonly judges: Judges,
    readonly name: string,
    public problems: Problem[],
  ) {
    this.stage = problems.length > 0 ? "judged" : "waiting";
    this.gate = this.verdict.given;
    this.done = new Promise((resolve) => (this.end = resolve));
    this.begins = judges.begin(this);
  }

  get isWrong(): boolean {
    return this.problems.length > 0 || this.error !== undefined;
  }

  pass(): void {
    this.verdict.pass();
  }

  refuse(error: Error): void {
    this.verdict.refuse(error);
  }

  /** It could not be judged. */
  fail(error: Error): void {
    this.error = error;
    this.answer();
  }

  /**
   * What `find` finds by these inputs, when all that are judged together with it have passed; then its notes are said of
   * `resource`. Rejects where something is wrong. Unknown where one of the inputs is.
   */
  judge<A, T>(
    resource: pulumi.Resource,
    inputs: pulumi.Output<A>,
    find: (known: A) => Promise<Judgement<T>>,
  ): pulumi.Output<T> {
    this.watch(inputs);
    return inputs.apply(async (known) => {
      const verdict = this.ask();
      const value = await this.find(() => find(known as A));
      await (verdict.given === this.gate ? this.begins : verdict.given);
      for (const { level, text } of this.notes) await pulumi.log[level](visible(text), resource);
      return value as T;
    }) as pulumi.Output<T>;
  }

  private async find<T>(find: () => Promise<Judgement<T>>): Promise<T | undefined> {
    try {
      const { value, problems } = await find();
      this.problems = problems;
      return value;
    } catch (error) {
      this.error = error as Error;
      return undefined;
    } finally {
      this.answer();
    }
  }

  /** Nobody may wait for inputs that come of a resource, or that this preview cannot know. */
  private watch(inputs: pulumi.Output<unknown>): void {
    const depends = () => {
      if (this.stage === "waiting") this.stage = "depending";
      this.judges.review();
    };
    if (resourcesOf(inputs).size > 0) depends();
    const fail = (error: Error) => this.fail(error);
    isResolvable(inputs).then((known) => known || depends(), fail);
  }

  private ask(): Verdict {
    // Its inputs came when its round was closed: it goes into another, together with those that come now.
    if (this.verdict.isGiven) this.verdict = new Verdict();
    this.stage = "asking";
    this.judges.join(this);
    return this.verdict;
  }

  private answer(): void {
    this.stage = "judged";
    this.judges.review();
  }
}

/** A promise, and those who settle it. */
class Verdict {
  isGiven = false;
  readonly given: Promise<void>;
  private resolve!: () => void;
  private reject!: (error: Error) => void;

  constructor() {
    this.given = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    // Whoever registers something after it is told; the promise itself has nobody else.
    this.given.catch(() => undefined);
  }

  pass(): void {
    this.isGiven = true;
    this.resolve();
  }

  refuse(error: Error): void {
    this.isGiven = true;
    this.reject(error);
  }
}

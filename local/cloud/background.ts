import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, ownProcess, type ProcessId } from "./processId";
import type { Collection, Store } from "./store";

/** A transition under way, as it is written down. */
interface TransitionRecord {
  transitionId: string;
  kind: string;
  /** What it is done to: all that is needed to do it, or to do it again. */
  subject: unknown;
  /** Who is at it. */
  owner: ProcessId;
}

/** What a kind of transition does. Its parts can be done again from the start at any time. */
export interface Work<Subject> {
  /**
   * Brings the resource to its target state. Does nothing where the resource is not in the state that the transition
   * begins with: the request was never recorded, or all has been done.
   * @param again somebody else began it and was killed.
   */
  finish(subject: Subject, again: boolean): Promise<void>;
  /** Records a failure: nobody else is waiting for it. */
  fail(subject: Subject, error: Error): Promise<void>;
}

/**
 * Begins a transition: writes it down, then the record that says so (`record`, whose answer is given), and goes to work.
 * Resolves before the work is done, unless it is asked to wait for it.
 */
export type Begin<Subject> = <Answer>(
  subject: Subject,
  record: () => Promise<Answer>,
  until?: "begun" | "done",
) => Promise<Answer>;

/**
 * What goes on after a request has been answered: EC2 says `creating` at once and `available` later, and the work is
 * EC2's, not the client's. So each transition is written down with the process that is at it; where that was killed,
 * whoever next looks at the cloud takes it over. `delayMs` is the least time that a resource stays in its pending state,
 * so that whoever forgets to wait fails here as on EC2.
 */
export class Background {
  private readonly kinds = new Map<string, Work<unknown>>();
  private readonly records: Collection<TransitionRecord>;
  private readonly running = new Set<Promise<void>>();
  /** Owners of transitions that are somebody else's, by id: they change only by being taken over. */
  private readonly owners = new Map<string, ProcessId>();
  private looking?: Promise<void>;
  private takesOver = true;

  constructor(
    private readonly store: Store,
    readonly delayMs: number,
  ) {
    this.records = store.collection("transitions");
  }

  /** Names a kind of transition and what it does. */
  define<Subject>(kind: string, work: Work<Subject>): Begin<Subject> {
    this.kinds.set(kind, work as Work<unknown>);
    return (subject, record, until) => this.begin(kind, subject, record, until === "done");
  }

  /** Takes over what processes that are no more have left unfinished. Does not wait for its end, nor ever fails. */
  lookAround(): void {
    if (this.looking || !this.takesOver) return;
    const look = this.takeOver()
      // The folder is gone or cannot be read: whoever asked finds that out by itself.
      .catch(() => undefined)
      .finally(() => (this.looking = undefined));
    this.looking = look;
  }

  /** Resolves when nothing is under way in this process. */
  async settled(): Promise<void> {
    await this.looking;
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Ends what is under way in this process and leaves alone what others left: everything is about to be removed. */
  async close(): Promise<void> {
    this.takesOver = false;
    await this.settled();
  }

  /** Takes over what is left, and resolves when that and all else has been done. */
  async settleAll(): Promise<void> {
    await this.looking;
    this.lookAround();
    await this.settled();
  }

  /**
   * The transition before its record: a kill leaves either a transition without a record, of which `finish` makes
   * nothing, or both.
   */
  private async begin<Answer>(
    kind: string,
    subject: unknown,
    record: () => Promise<Answer>,
    waits: boolean,
  ): Promise<Answer> {
    const transition = { transitionId: randomUUID(), kind, subject, owner: ownProcess() };
    await this.records.put(transition.transitionId, transition);
    const answer = await record().catch(async (error) => {
      await this.records.remove(transition.transitionId);
      throw error;
    });
    const done = this.work(transition, waits ? 0 : this.delayMs, false);
    if (waits) await done;
    return answer;
  }

  private work(
    { transitionId, kind, subject }: TransitionRecord,
    delayMs: number,
    again: boolean,
  ): Promise<void> {
    const work = this.kinds.get(kind);
    if (!work) return Promise.resolve();
    const task: Promise<void> = sleep(delayMs)
      .then(() => work.finish(subject, again))
      .catch((error: Error) => work.fail(subject, error))
      .then(() => this.records.remove(transitionId))
      // The record itself cannot be written: the folder is gone or full. Whoever waits for it times out.
      .catch((error: Error) => void process.stderr.write(`local cloud: ${error.message}\n`))
      .finally(() => this.running.delete(task));
    this.running.add(task);
    return task;
  }

  private async takeOver(): Promise<void> {
    for (const transitionId of await this.records.ids()) {
      if (await this.isLeftBehind(transitionId)) await this.adopt(transitionId);
    }
  }

  /** Looks at each record once, and after that at its owner only. */
  private async isLeftBehind(transitionId: string): Promise<boolean> {
    const owner = this.owners.get(transitionId) ?? (await this.records.get(transitionId))?.owner;
    if (!owner) return false;
    this.owners.set(transitionId, owner);
    return !isAlive(owner);
  }

  private async adopt(transitionId: string): Promise<void> {
    this.owners.delete(transitionId);
    const adopted = await this.store.exclusively(async () => {
      const record = await this.records.get(transitionId);
      // Done, taken over by somebody else, or of a kind that a later version of this program has.
      if (!record || isAlive(record.owner) || !this.kinds.has(record.kind)) return undefined;
      const mine = { ...record, owner: ownProcess() };
      await this.records.put(transitionId, mine);
      return mine;
    });
    if (adopted) void this.work(adopted, 0, true);
  }
}

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, ownProcess, type ProcessId } from "./processId";
import type { Collection, Store } from "./store";

/** The record of a transition that is under way. */
interface TransitionRecord {
  transitionId: string;
  kind: string;
  /** All data that is needed to do the transition, or to do it again. */
  subject: unknown;
  /** The process that does it. */
  owner: ProcessId;
}

/** What a kind of transition does. All of it can be done again from the start at any time. */
export interface Work<Subject> {
  /**
   * Brings the resource to its target state. Does nothing if the resource is not in the state that the transition begins
   * with: then the request was never recorded, or all of it is done already.
   * @param again another process began it and was killed.
   */
  finish(subject: Subject, again: boolean): Promise<void>;
  /** Records a failure: no caller waits for the transition, so none gets the error. */
  fail(subject: Subject, error: Error): Promise<void>;
}

/**
 * Begins a transition: writes down the transition, then calls `record`, which changes the resource's record and gives the
 * answer; then starts the work. Resolves before the work is done, unless `until` is "done".
 */
export type Begin<Subject> = <Answer>(
  subject: Subject,
  record: () => Promise<Answer>,
  until?: "begun" | "done",
) => Promise<Answer>;

/**
 * The work that continues after a request was answered: EC2 says `creating` at once and `available` later, and the work is
 * EC2's, not the client's. So each transition is written down with the process that does it. If that process was killed, the
 * next process that reads the cloud takes it over. A resource stays in its pending state for at least `delayMs`, so a client
 * that does not wait fails here as on EC2.
 */
export class Background {
  private readonly kinds = new Map<string, Work<unknown>>();
  private readonly records: Collection<TransitionRecord>;
  private readonly running = new Set<Promise<void>>();
  /** Owners of the transitions of other processes, by id: they change only when a process takes one over. */
  private readonly owners = new Map<string, ProcessId>();
  private resuming?: Promise<void>;
  private isClosed = false;

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

  /** Takes over the transitions of processes that have ended. Does not wait for their end, and never fails. */
  resumeAbandoned(): void {
    if (this.resuming || this.isClosed) return;
    this.resuming = this.takeOver()
      // If the folder is gone or cannot be read, the caller's own request fails with that.
      .catch(() => undefined)
      .finally(() => (this.resuming = undefined));
  }

  /** Resolves when nothing is under way in this process. */
  async settled(): Promise<void> {
    await this.resuming;
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Waits for what is under way in this process, and takes over nothing more: everything is about to be removed. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.settled();
  }

  /** Takes over abandoned transitions. Resolves when these and all others are done. */
  async settleAll(): Promise<void> {
    await this.resuming;
    this.resumeAbandoned();
    await this.settled();
  }

  /**
   * Writes the transition before the resource's record. So a kill leaves both, or only the transition; then `finish` does
   * nothing.
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
      // The record itself cannot be written: the folder is gone or full. A client that waits for it times out.
      .catch((error: Error) => void process.stderr.write(`local cloud: ${error.message}\n`))
      .finally(() => this.running.delete(task));
    this.running.add(task);
    return task;
  }

  private async takeOver(): Promise<void> {
    for (const transitionId of await this.records.ids()) {
      if (await this.isAbandoned(transitionId)) await this.adopt(transitionId);
    }
  }

  /** Reads each record once, and after that checks its owner only. */
  private async isAbandoned(transitionId: string): Promise<boolean> {
    const owner = this.owners.get(transitionId) ?? (await this.records.get(transitionId))?.owner;
    if (!owner) return false;
    this.owners.set(transitionId, owner);
    return !isAlive(owner);
  }

  private async adopt(transitionId: string): Promise<void> {
    this.owners.delete(transitionId);
    const adopted = await this.store.exclusively(async () => {
      const record = await this.records.get(transitionId);
      // Done, taken over by another process, or of a kind that only a later version of this program knows.
      if (!record || isAlive(record.owner) || !this.kinds.has(record.kind)) return undefined;
      const mine = { ...record, owner: ownProcess() };
      await this.records.put(transitionId, mine);
      return mine;
    });
    if (adopted) void this.work(adopted, 0, true);
  }
}

import { spawn } from "node:child_process";

/** How long one process may keep the lock for its own queue, in milliseconds: others wait as well. */
const LONGEST_TURN_MS = 100;

interface Waiting {
  run(): Promise<void>;
  refuse(error: Error): void;
}

/**
 * One holder at a time, among all processes that name the same file. `flock` holds the kernel's lock for as long as
 * `cat` runs, and `cat` runs until our end of its input is closed: by us, or by the kernel where this process is
 * killed. So there is no stale lock to be judged and broken. Starting the two costs more than most of the work does, so
 * that what is waiting in this process is done in one turn.
 */
export class FileLock {
  private readonly queue: Waiting[] = [];
  private isBusy = false;

  constructor(private readonly file: string) {}

  /** Runs `work` alone. Not re-entrant: `work` must not ask for the same lock. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ run: () => Promise.resolve().then(work).then(resolve, reject), refuse: reject });
      void this.serve();
    });
  }

  private async serve(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.queue.length > 0) await this.takeTurn();
    this.isBusy = false;
  }

  private async takeTurn(): Promise<void> {
    const release = await acquire(this.file).catch((error: Error) => {
      this.queue.splice(0).forEach(({ refuse }) => refuse(error));
    });
    if (!release) return;
    const end = Date.now() + LONGEST_TURN_MS;
    for (let next = this.queue.shift(); next; next = Date.now() < end ? this.queue.shift() : undefined) {
      await next.run();
    }
    await release();
  }
}

/** Waits for the lock: `cat` gives back what it is told as soon as `flock` has let it start. */
function acquire(file: string): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const holder = spawn("flock", ["--exclusive", file, "cat"], { stdio: ["pipe", "pipe", "inherit"] });
    const closed = new Promise<void>((done) => holder.once("close", () => done()));
    const fail = (what: string) =>
      reject(
        new Error(`The lock ${file} cannot be taken: ${what}. flock is part of util-linux: install it.`),
      );
    holder.once("error", (error) => fail(error.message));
    holder.once("exit", (code) => fail(`flock ended with exit code ${code}`));
    holder.stdin.on("error", () => undefined);
    holder.stdin.write("held\n");
    holder.stdout.once("data", () =>
      resolve(() => {
        holder.stdin.end();
        return closed;
      }),
    );
  });
}

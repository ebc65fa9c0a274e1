import { spawn } from "node:child_process";

/**
 * One holder at a time, among all processes that name the same file. `flock` holds the kernel's lock for as long as
 * `cat` runs, and `cat` runs until our end of its input is closed: by us, or by the kernel where this process is
 * killed. So there is no stale lock to be judged and broken.
 */
export class FileLock {
  /** The last one in the queue of this process: one `flock` at a time is enough for it. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly file: string) {}

  /** Runs `work` alone. Not re-entrant: `work` must not ask for the same lock. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.last.then(() => this.acquireAndRun(work));
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async acquireAndRun<T>(work: () => Promise<T>): Promise<T> {
    const release = await acquire(this.file);
    try {
      return await work();
    } finally {
      await release();
    }
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

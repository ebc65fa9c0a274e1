/** An operation of the engine under way: what it has said so far, how it ends, and its sudden death. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { processes, signal, waitFor } from "./processes";
import type { Message, Request } from "./request";

/** How an operation ended, and what a user saw of it. */
export interface Ended {
  /** `create sample-helper`, `replace sample-copy` …: every operation but `same`, in the order they began. */
  operations: string[];
  /** What stood on the screen. */
  text: string;
  /** Why it failed. */
  error?: string;
  wasKilled: boolean;
  seconds: number;
}

export class Update {
  private readonly seen: Ended = { operations: [], text: "", wasKilled: false, seconds: 0 };
  private readonly began = Date.now();
  private hasEnded = false;
  /** Resolves with its end, which a failure is as well. */
  readonly ended: Promise<Ended>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly request: Request,
  ) {
    const told = createInterface({ input: child.stdio[3] as Readable });
    told.on("line", (line) => this.hear(JSON.parse(line) as Message));
    child.stderr?.on("data", (text: Buffer) => (this.seen.text += text.toString()));
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const heard = new Promise<void>((resolve) => told.once("close", () => resolve()));
    this.ended = Promise.all([closed, heard]).then(() => this.end());
  }

  /** Begins an operation. `runner` is the bundled program of `runner.ts`; `folder` a place for the request. */
  static start(runner: string, request: Request, folder: string): Update {
    const file = join(folder, `request-${process.hrtime.bigint()}.json`);
    writeFileSync(file, JSON.stringify(request), { mode: 0o600 });
    const child = spawn(process.execPath, [runner, file], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    return new Update(child, request);
  }

  /** What has been said so far. */
  get soFar(): Readonly<Ended> {
    return this.seen;
  }

  /** Waits until something is the case. Throws, with what the user saw, where the operation has ended before. */
  until<T>(look: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
    return waitFor(look, () => {
      if (!this.hasEnded) return;
      throw new Error(`The ${this.request.operation} ended before ${what}.\n${lastLines(this.seen.text)}`);
    });
  }

  /** Waits until an operation on a resource has begun: `create sample-image`. */
  async begins(operation: string): Promise<void> {
    await this.until(
      () => (this.seen.operations.includes(operation) ? true : undefined),
      `it began: ${operation}`,
    );
  }

  /**
   * SIGKILL for the program, the engine and its providers, as when the computer is switched off. What the providers have
   * started is left alone: on EC2 that is somewhere else.
   */
  async kill(): Promise<Ended> {
    const { pid } = this.child;
    if (pid === undefined) throw new Error("The program of the operation was not started.");
    const all = processes();
    const engines = all.filter(({ parent }) => parent === pid);
    const providers = all.filter(({ parent }) => engines.some((engine) => engine.pid === parent));
    this.seen.wasKilled = true;
    for (const one of [pid, ...[...engines, ...providers].map((each) => each.pid)]) signal(one, "SIGKILL");
    return this.ended;
  }

  private hear(message: Message): void {
    if (message.kind === "text") {
      this.seen.text += message.text;
      if (process.env.PV_TO_HVM_VERBOSE) process.stdout.write(message.text);
    } else if (message.kind === "operation") this.seen.operations.push(message.operation);
    else this.seen.error = message.error;
  }

  private end(): Ended {
    this.hasEnded = true;
    this.seen.seconds = Math.round((Date.now() - this.began) / 1000);
    return this.seen;
  }
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-25).join("\n");
}

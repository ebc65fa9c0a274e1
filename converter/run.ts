/** The only place of the converter that starts processes. Arguments are arrays: no shell ever sees a value. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { type Undo, forEver, isHalted, isUndoing, withUndo } from "./cleanup";
import { monotonicMs } from "./clock";
import { FailedError } from "./errors";

export interface RunOptions {
  /** What the command is for, as a present participle: "rebuilding the initramfs". Opens the error message. */
  purpose: string;
  /** Seconds until the process is killed. Default 600. */
  timeoutSeconds?: number;
  /** Runs beside other work, so that nobody waits for it to end. Default false. */
  background?: boolean;
  /** Text for its standard input. Default none. */
  input?: string;
  /** Bytes that it can read at the file descriptor `EXTRA_DESCRIPTOR`. Default none, and no such descriptor. */
  extra?: Buffer;
  /** The whole environment. Default: PATH, LC_ALL=C and HOME=/root, nothing else. */
  env?: Record<string, string>;
  /** Exit codes that do not throw. Default [0]. */
  accept?: number[];
  /** Called with each line of standard output and standard error as it comes. */
  onLine?: (line: string) => void;
}

/** The first behind standard input, output and error. */
export const EXTRA_DESCRIPTOR = 3;

/** The same shape whether it went well or not. */
export interface RunResult {
  command: string[];
  /** -1 where a signal ended it or it could not be started. */
  exitCode: number;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  durationMs: number;
  stdout: string;
  stderr: string;
}

/** How the rest of the converter reaches other programs; tests pass one that records. */
export type Runner = (command: string[], options: RunOptions) => Promise<RunResult>;

const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  HOME: "/root",
};

/**
 * The same command, killed when this program is: whoever repeats an interrupted step must not meet a program of the
 * first attempt that still writes to the disk.
 */
export function dyingWithThisProgram(command: string[]): string[] {
  return ["setpriv", "--pdeathsig", "KILL", ...command];
}

/** Runs a command to its end; a signal that ends this program ends it first. Throws a `FailedError` for an exit code that is not accepted. */
export const run: Runner = async (command, options) => {
  if (isHalted()) return forEver();
  const { result: ended, abandon } = start(command, options);
  const result = await withUndo(abandon, () => ended);
  if (!(options.accept ?? [0]).includes(result.exitCode)) {
    throw new FailedError(describeFailure(result, options));
  }
  return result;
};

/** Whether a program is to be found on the PATH that `run` uses. */
export async function isInstalled(program: string, runner: Runner = run): Promise<boolean> {
  const found = await runner(["which", program], { purpose: `looking for ${program}`, accept: [0, 1] });
  return found.exitCode === 0;
}

/** Characters of output that are kept. Programs for filesystems can go on for ever about one that is damaged. */
const MOST_OUTPUT = 2 ** 27;

/** How long a killed program may take to let go of its pipes. Milliseconds. */
const LAST_BREATH_MS = 5000;

/** `abandon`: kills it where it still runs, and leaves whoever waits for the result waiting, since this program is about to end. */
function start(command: string[], options: RunOptions): { result: Promise<RunResult>; abandon: Undo } {
  // A signal for the whole process group (Ctrl-C, `timeout`) must not reach what undoes a mount, nor what an undo stops.
  const detached = isUndoing() || options.background === true;
  const stdio = Array.from(
    { length: options.extra ? EXTRA_DESCRIPTOR + 1 : EXTRA_DESCRIPTOR },
    () => "pipe" as const,
  );
  const settings = { env: options.env ?? ENVIRONMENT, detached, stdio };
  const child = spawn(command[0], command.slice(1), settings) as ChildProcessWithoutNullStreams;
  let over = false;
  let abandoned = false;
  const ended = collect(child, command, options).finally(() => (over = true));
  const result = new Promise<RunResult>((resolve) => {
    void ended.then((outcome) => abandoned || resolve(outcome));
  });
  const abandon = async () => {
    if (over) return;
    abandoned = true;
    child.kill("SIGKILL");
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LAST_BREATH_MS))]);
  };
  return { result, abandon };
}

function collect(
  child: ChildProcessWithoutNullStreams,
  command: string[],
  options: RunOptions,
): Promise<RunResult> {
  return new Promise((resolve) => {
    const started = monotonicMs();
    const output = { stdout: "", stderr: "" };
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        child.kill("SIGKILL");
      },
      (options.timeoutSeconds ?? 600) * 1000,
    );
    const end = (exitCode: number, signal: NodeJS.Signals | null) => {
      clearTimeout(timer);
      resolve({ command, exitCode, signal, timedOut, durationMs: monotonicMs() - started, ...output });
    };
    const keep = (name: "stdout" | "stderr") => (text: string) => {
      if (output[name].length + text.length <= MOST_OUTPUT) output[name] += text;
      else if (child.kill("SIGKILL")) output.stderr = `It printed more than ${MOST_OUTPUT / 2 ** 20} MiB.`;
    };
    child.on("error", (error) => {
      output.stderr += error.message;
      end(-1, null);
    });
    // Without file handles for its pipes there is no child: what is lacking comes as the error.
    if ((child.stdout as unknown) === undefined) return;
    listen(child.stdout, keep("stdout"), options.onLine);
    listen(child.stderr, keep("stderr"), options.onLine);
    child.on("close", (code, signal) => end(code ?? -1, signal));
    feed(child.stdin, options.input ?? "");
    if (options.extra) feed(child.stdio[EXTRA_DESCRIPTOR] as Writable, options.extra);
  });
}

/** A program that ends before it has read its input closes the pipe; its exit code tells the story. */
function feed(stream: Writable, bytes: string | Buffer): void {
  stream.on("error", () => undefined);
  stream.end(bytes);
}

function listen(
  stream: NodeJS.ReadableStream,
  keep: (text: string) => void,
  onLine?: (line: string) => void,
) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    keep(text);
    if (!onLine) return;
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  stream.on("end", () => rest && onLine?.(rest));
}

function describeFailure(result: RunResult, options: RunOptions): string {
  const how = result.timedOut
    ? `took longer than ${options.timeoutSeconds ?? 600} s and was ended`
    : result.signal
      ? `was ended by ${result.signal}`
      : result.exitCode === -1
        ? "could not be started"
        : `ended with exit code ${result.exitCode}`;
  const said = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-12).join("\n");
  return `${options.purpose}: ${result.command.join(" ")} ${how}${said ? `:\n${said}` : "."}`;
}

/** Standard output and standard error of every program here: what cannot be written there, and what nobody expected. */
import { writeSync } from "node:fs";
import { shown, visible } from "../components/visible";
import { FailedError, RefusedError } from "./errors";

/** Where a program's words go. Tests collect them. */
export interface Output {
  /** The report. Throws a `FailedError` if it cannot be written. */
  out: (text: string) => unknown;
  /** One line for the person who waits, without its newline. */
  log: (line: string) => void;
}

/**
 * The process's own streams. Whoever reads them may go away at any time: that ends nothing in the middle of its work. What is
 * told there is fit for terminals, for Pulumi's engine and for the logs of CI, whatever a guest or a tag says. Secrets are masked in
 * lines of progress here, and in a report before it becomes a text, where it is known what is a value (`visibleValue`).
 * `isPainted`: the report has colours of our own in it, and nothing else that is not made fit already.
 */
export function standardOutput({ isPainted = false } = {}): Output {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  return {
    out: (text) => writeReport(process.stdout, isPainted ? text : visible(text)),
    log: (line) => process.stderr.write(`${shown(line)}\n`),
  };
}

/**
 * Writes a report to its end. A reader that has gone (`| head`) has seen what he wanted. Throws a `FailedError` for anything
 * else: a report that is cut off must not look like a whole one.
 */
export async function writeReport(stream: NodeJS.WritableStream, text: string): Promise<void> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) =>
    stream.write(text, resolve),
  );
  if (!error || READER_IS_GONE.includes(error.code ?? "")) return;
  throw new FailedError(
    `standard output: the report could not be written (${error.message}), so it is cut off or missing. What this command did is done. Give it a place with room, and run the same command again.`,
  );
}

const READER_IS_GONE = ["EPIPE", "ECONNRESET", "ERR_STREAM_DESTROYED"];

/** The statuses of a program that did not do what it was asked for. */
export const EXIT = { USAGE: 2, REFUSED: 3, FAILED: 4 } as const;

/**
 * From now on an error that no function catches is told in a sentence, with status 4, once `cleanUp` is done. Without
 * this, Node prints a stack and ends at once, with everything mounted.
 */
export function tellUncaught(
  describe: (error: unknown) => string,
  cleanUp: () => Promise<void> = () => Promise.resolve(),
): void {
  const end = (error: unknown) => {
    // Written at once: a stream may need what is lacking.
    tryToWrite(shown(`FAILED: ${describe(error)}\n`));
    void cleanUp().finally(() => process.exit(EXIT.FAILED));
  };
  process.once("uncaughtException", end);
  process.on("uncaughtException", () => undefined);
}

function tryToWrite(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody is there to read it.
  }
}

/** What a machine or a shell lacks, by the system's code, and what to do. */
const LACKING: Record<string, string> = {
  EMFILE:
    "this process may open no more files. Raise the limit (ulimit -n 1024, or LimitNOFILE= of a service), and run the same command again.",
  ENFILE:
    "this machine can open no more files. End other programs or raise fs.file-max (sysctl), and run the same command again.",
  ENOMEM:
    "this machine has no memory left. End other programs or take a larger machine, and run the same command again.",
  EAGAIN:
    "this user may start no more processes. End some or raise the limit (ulimit -u), and run the same command again.",
};

/** The same in the words of other programs (strerror(3)). */
const WORDS: [RegExp, string][] = [
  [/Too many open files in system/i, "ENFILE"],
  [/Too many open files/i, "EMFILE"],
  [/Cannot allocate memory/i, "ENOMEM"],
];

/** What an error comes from, where that is something that this process or machine lacks, and what to do; else undefined. */
export function describeLack(error: unknown): string | undefined {
  const { code = "", message = "", syscall = "" } = error as NodeJS.ErrnoException;
  const isLack = code in LACKING && (code !== "EAGAIN" || syscall.startsWith("spawn"));
  const named =
    (isLack ? code : undefined) ??
    /\bspawn \S+ (EMFILE|ENFILE|ENOMEM|EAGAIN)\b/.exec(message)?.[1] ??
    WORDS.find(([words]) => words.test(message))?.[1];
  return named && `${LACKING[named]} It was noticed by: ${message.split("\n")[0]}`;
}

/** An error in words: what is expected by its own, anything else by its name as well. */
export function describeError(error: Error): string {
  const isExpected = error instanceof RefusedError || error instanceof FailedError;
  return describeLack(error) ?? (isExpected ? error.message : `${error.name}: ${error.message}`);
}

/** Reads what a user hands to a report: a file, or standard input. */
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { isatty } from "node:tty";
import { UsageError } from "../converter/errors";

const STANDARD_INPUT = 0;

/** Throws a `UsageError` where it cannot be read. `advice`: what to name instead, a sentence. */
export function readFile(file: string, advice: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const found = code === "ENOENT" ? "there is no such file" : `cannot be read (${code ?? message})`;
    throw new UsageError(`${file}: ${found}. ${advice}`);
  }
}

/**
 * A terminal gives none, and whoever sits at it would wait for ever: then a `UsageError`. `lacking`: what the command line does
 * not name; `advice`: what to name, without a full stop.
 */
export async function readStandardInput(lacking: string, advice: string): Promise<string> {
  if (isatty(STANDARD_INPUT)) {
    throw new UsageError(`${lacking}, and standard input is a terminal. ${advice}.`);
  }
  return text(process.stdin);
}

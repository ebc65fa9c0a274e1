/**
 * The converter, run on a snapshot's file. In a process of its own: it reads the guest's files and waits for each, and this
 * process has to answer it meanwhile.
 */
import { spawn } from "node:child_process";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { forEver, isHalted, withUndo } from "../converter/cleanup";
import { FailedError } from "../converter/errors";
import type { Log } from "../converter/progress";

/** Built beside this program. */
const PROGRAM = path.join(__dirname, "pv-to-hvm.cjs");

export interface Inspected {
  status: number;
  /** The report. */
  text: string;
  /** The outcome, in one line. */
  outcome: string;
}

export interface Inspecting {
  /** The file that shows the snapshot. */
  file: string;
  /** By which it is told of. */
  name: string;
  flags: string[];
  log: Log;
  /** Rejects when the file cannot be read any more: then that is the outcome, and not what the converter makes of it. */
  failed: Promise<never>;
  /** Tests have it elsewhere. */
  program?: string;
}

/** Inspects the file, and tells of it by the snapshot's name. */
export async function inspectFile({
  file,
  name,
  flags,
  log,
  failed,
  program = PROGRAM,
}: Inspecting): Promise<Inspected> {
  const words = [program, "inspect", file, "--no-check", ...flags.filter((flag) => flag !== "--no-check")];
  // Not in this terminal's group: Ctrl-C is for this process, which then ends the other one and serves it to its end.
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      code === null
        ? reject(new FailedError(`the inspection was ended by ${signal}. Run the same command again.`))
        : resolve(code),
    );
  });
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended.catch(() => undefined);
  };
  return withUndo(end, async () => {
    const named = (text: string) => text.replaceAll(file, name);
    const lines = holdingBackTheLast((line) => log(named(line)));
    createInterface({ input: child.stderr }).on("line", lines.next);
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    const status = await Promise.race([ended, failed]).catch((error: Error) =>
      isHalted() ? forEver() : Promise.reject(error),
    );
    // On a signal the undos end everything, one after the other: nothing goes on beside them.
    if (isHalted()) return forEver();
    return { status, text: named(text), outcome: named(lines.last()) };
  });
}

function holdingBackTheLast(log: Log): { next: (line: string) => void; last: () => string } {
  let held: string | undefined;
  return {
    next: (line) => {
      if (held !== undefined) log(held);
      held = line;
    },
    last: () => held ?? "",
  };
}

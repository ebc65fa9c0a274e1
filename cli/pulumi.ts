/** Asks Pulumi about a stack of the program in a folder. */
import { FailedError } from "../converter/errors";
import { type RunOptions, type Runner, type RunResult, run } from "../converter/run";

/** As `pulumi` is to see it. */
export interface Place {
  env: NodeJS.ProcessEnv;
  cwd: string;
}

export interface Question {
  /** Words behind `pulumi`, e.g. `["stack", "output", "--json"]`. */
  words: string[];
  /** Undefined: the one that is selected. */
  stack?: string;
  /** What it is asked for, as a present participle: "reading the outputs". Opens the error message. */
  purpose: string;
  /** Seconds until it is given up. Default 600. */
  timeoutSeconds?: number;
}

/** Runs `pulumi` in a place, with these words. Throws a `FailedError` where there is none, and for an exit status that is not accepted. */
export async function runPulumi(
  words: string[],
  { env, cwd }: Place,
  options: Omit<RunOptions, "env">,
  runner: Runner = run,
): Promise<RunResult> {
  const defined = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const environment = { PULUMI_SKIP_UPDATE_CHECK: "true", ...Object.fromEntries(defined) };
  const command = ["pulumi", ...words, "--non-interactive", "--cwd", cwd];
  return runner(command, { ...options, env: environment }).catch(explain);
}

/** What Pulumi answers, whatever its exit status. Throws a `FailedError` where there is no `pulumi`. */
export async function askPulumi(
  { words, stack, purpose, timeoutSeconds }: Question,
  place: Place,
  runner?: Runner,
): Promise<RunResult> {
  const named = stack === undefined ? [] : ["--stack", stack];
  const accept = Array.from({ length: 256 }, (_, status) => status);
  return runPulumi([...words, ...named], place, { purpose, timeoutSeconds, accept }, runner);
}

/**
 * The outputs as `pulumi stack output --json` prints them, secret ones as `[secret]`. Throws a `FailedError` with Pulumi's own
 * words where it has none to give.
 */
export async function outputsOf(stack: string, place: Place, runner?: Runner): Promise<string> {
  const words = ["stack", "output", "--json"];
  const purpose = `reading the outputs of the stack ${stack}`;
  const { exitCode, stdout, stderr } = await askPulumi({ words, stack, purpose }, place, runner);
  if (exitCode === 0) return stdout;
  throw new FailedError(`${stack}: pulumi gave no outputs (${wordsOf(stderr)}). ${adviceFor(stderr, words)}`);
}

/** Pulumi's own words, in one line. */
export function wordsOf(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replace(/^error: /, "").trim());
  return (
    lines
      .filter((line) => line !== "")
      .join(" ")
      .replace(/\.$/, "") || "it said nothing"
  );
}

/** What to do about them. `words`: what it was asked. */
export function adviceFor(stderr: string, words: string[]): string {
  if (/no stack named|stack .* not found/i.test(stderr)) return "`pulumi stack ls` lists the stacks.";
  if (/no stack selected/i.test(stderr)) return "Name one with --stack; `pulumi stack ls` lists them.";
  if (/no Pulumi\.yaml|project file/i.test(stderr)) return "Run it in the folder of the Pulumi program.";
  return `Run \`pulumi ${words.join(" ")}\` by hand, and mend what it says.`;
}

function explain(error: Error): never {
  if (!/ENOENT/.test(error.message)) throw error;
  throw new FailedError(
    "pulumi: not found on the PATH. Install it, or add the folder that it is in to the PATH.",
  );
}

/** Asks Pulumi for a stack's outputs. */
import { FailedError } from "../converter/errors";
import { type Runner, run } from "../converter/run";

/** As `pulumi` is to see it. */
export interface Place {
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/**
 * The outputs as `pulumi stack output --json` prints them, secret ones as `[secret]`. Throws a `FailedError` with Pulumi's own
 * words where it has none to give.
 */
export async function outputsOf(stack: string, { env, cwd }: Place, runner: Runner = run): Promise<string> {
  const defined = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const command = [
    "pulumi",
    "stack",
    "output",
    "--json",
    "--stack",
    stack,
    "--non-interactive",
    "--cwd",
    cwd,
  ];
  const options = {
    purpose: `reading the outputs of the stack ${stack}`,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true", ...Object.fromEntries(defined) },
    accept: Array.from({ length: 256 }, (_, status) => status),
  };
  const { exitCode, stdout, stderr } = await runner(command, options).catch(explain);
  if (exitCode === 0) return stdout;
  throw new FailedError(`${stack}: pulumi gave no outputs (${wordsOf(stderr)}). ${adviceFor(stderr)}`);
}

function wordsOf(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replace(/^error: /, "").trim());
  return (
    lines
      .filter((line) => line !== "")
      .join(" ")
      .replace(/\.$/, "") || "it said nothing"
  );
}

function adviceFor(stderr: string): string {
  if (/no stack named|stack .* not found/i.test(stderr)) return "`pulumi stack ls` lists the stacks.";
  if (/no Pulumi\.yaml|project file/i.test(stderr)) return "Run it in the folder of the Pulumi program.";
  return "Run `pulumi stack output --json` by hand, and mend what it says.";
}

function explain(error: Error): never {
  if (!/ENOENT/.test(error.message)) throw error;
  throw new FailedError(
    "pulumi: not found on the PATH. Install it, or add the folder that it is in to the PATH.",
  );
}

/** Collects what a process prints, and hands it on line by line while it runs. */
export interface Output {
  stdout: string;
  stderr: string;
  /** Both, as they came. */
  combined: string;
}

/** Which streams are shown while the command runs; each is kept in the state all the same. */
export type Logging = "stdout" | "stderr" | "stdoutAndStderr" | "none";

export const LOGGINGS: string[] = ["stdout", "stderr", "stdoutAndStderr", "none"];

export class Collector {
  private readonly output: Output = { stdout: "", stderr: "", combined: "" };
  private rest = "";

  constructor(
    private readonly logging: Logging = "stdoutAndStderr",
    private readonly log: (line: string) => void,
  ) {}

  listen(name: "stdout" | "stderr", stream: NodeJS.ReadableStream): void {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => this.take(name, text));
  }

  /** Everything so far; the last line is shown even if no newline ended it. */
  finish(): Output {
    if (this.rest) this.log(this.rest);
    this.rest = "";
    return this.output;
  }

  private take(name: "stdout" | "stderr", text: string): void {
    this.output[name] += text;
    this.output.combined += text;
    if (!isShown(this.logging, name)) return;
    const lines = (this.rest + text).split(/\r?\n/);
    this.rest = lines.pop() ?? "";
    lines.forEach(this.log);
  }
}

function isShown(logging: Logging, name: "stdout" | "stderr"): boolean {
  return logging === "stdoutAndStderr" || logging === name;
}

/** How the output is kept in the state: without its last newline. */
export function stateOf({ stdout, stderr }: Output): { stdout: string; stderr: string } {
  return { stdout: stdout.replace(/\n$/, ""), stderr: stderr.replace(/\n$/, "") };
}

/** The error of a command that failed: how it ended, the command, all that it printed. */
export function describeFailure(how: string, command: string, output: Output): string {
  return `${how}: running ${JSON.stringify(command)}:\n${output.combined}`;
}

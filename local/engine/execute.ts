/** Starts the programs that bring the engine here: go, curl, tar, pulumi. Arguments are arrays, never a shell's text. */
import { spawn } from "node:child_process";

export interface ExecuteOptions {
  /** What it is for, as a present participle: opens the error. */
  purpose: string;
  cwd?: string;
  /** Added to this process's own environment. */
  env?: Record<string, string>;
  /** Seconds until it is ended. Default: no limit. */
  timeoutSeconds?: number;
}

/** Standard output of a command that went well. Throws, with the last lines that it printed, where it did not. */
export function execute(
  command: string[],
  { purpose, cwd, env, timeoutSeconds }: ExecuteOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = command;
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Whoever interrupts this process must not leave a compiler behind.
    const end = () => child.kill();
    process.once("exit", end);
    // Not spawn's own: where the program cannot be started, that one goes on, and holds this process for as long.
    const timer = timeoutSeconds === undefined ? undefined : setTimeout(end, timeoutSeconds * 1000);
    const forget = () => {
      clearTimeout(timer);
      process.removeListener("exit", end);
    };
    let stdout = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => ((stdout += text), (all += text)));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (all += text));
    child.on("error", (error) => {
      forget();
      reject(new Error(`${purpose}: ${program} could not be started: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      forget();
      if (code === 0) return resolve(stdout);
      const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      const said = all.trim().split("\n").slice(-12).join("\n");
      reject(new Error(`${purpose}: ${command.join(" ")} ${how}${said ? `:\n${said}` : "."}`));
    });
  });
}

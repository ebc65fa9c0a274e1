/** Runs what the examples' languages are checked with. */
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** What it prints on standard output. Fails with all that it says. */
export function run(
  command: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const [program, ...args] = command;
  const env = { ...process.env, ...options.env };
  return new Promise((resolve, reject) =>
    execFile(program, args, { cwd: options.cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, out, errors) =>
      error ? reject(new Error(`${command.join(" ")}\n${out}${errors}`)) : resolve(out),
    ),
  );
}

/** Whether there is such a program. A test that lacks it is skipped, and says so. */
export function has(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

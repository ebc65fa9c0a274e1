/** Lines for the person who waits, on standard error: newline-terminated, and never more than ten seconds apart. */
import type { Runner } from "./run";

/** Takes one line without its newline. */
export type Log = (line: string) => void;

/** A silent command is killed by impatient CI systems and looks stuck in `pulumi up`. Milliseconds. */
const HEARTBEAT_MS = 8000;

/** Says every eight seconds that the work still goes on, until it has ended. */
export async function withHeartbeat<T>(what: string, log: Log, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const timer = setInterval(() => {
    log(`${what}: still at it after ${Math.round((Date.now() - started) / 1000)} s`);
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** The same runner, telling of every command that takes long while it is waited for. */
export function audible(runner: Runner, log: Log): Runner {
  return (command, options) =>
    options.background
      ? runner(command, options)
      : withHeartbeat(options.purpose, log, () => runner(command, options));
}

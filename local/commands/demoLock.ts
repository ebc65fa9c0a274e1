/** Two demos at once would fight over the stack: the second one is told so. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { dirname } from "node:path";

/** What `flock` ends with where another process has the lock. */
const HELD = 75;

/**
 * Takes the lock for as long as this process lives. It is the kernel's, and goes with whoever holds it, however that ends:
 * a file that an earlier run has left, or that was copied with the checkout, is no obstacle.
 * @throws Error if another process has it.
 */
export async function holdDemoLock(file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const command = ["--exclusive", "--nonblock", "--conflict-exit-code", String(HELD), file, "cat"];
  // In a session of its own: Ctrl-C would end it, and the engine still ends what it is at.
  const holder = spawn("flock", command, { stdio: ["pipe", "pipe", "inherit"], detached: true });
  await new Promise<void>((resolve, reject) => {
    holder.once("error", (error) =>
      reject(
        new Error(`${file} cannot be locked: ${error.message}. flock is part of util-linux: install it.`),
      ),
    );
    holder.once("exit", (status) => reject(new Error(refusal(file, status))));
    holder.stdin.on("error", () => undefined);
    holder.stdin.write("held\n");
    holder.stdout.once("data", () => resolve());
  });
  writeFileSync(file, String(process.pid));
  // It waits for nothing but this process's end.
  holder.unref();
  for (const stream of [holder.stdin, holder.stdout]) (stream as Socket).unref();
}

function refusal(file: string, status: number | null): string {
  if (status !== HELD) return `${file} cannot be locked: flock ended with exit code ${status}.`;
  const other = Number(readFileSync(file, "utf8"));
  const which = other ? `process ${other}` : "another process";
  return `demo: ${which} is running it already. Wait for it, or end it with Ctrl-C.`;
}

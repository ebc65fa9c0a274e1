/** The processes of this computer, those inside containers included, as /proc shows them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface Process {
  pid: number;
  parent: number;
  command: string[];
}

/** All that there are at this moment, zombies and kernel threads left out. */
export function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)) ?? []);
}

/** Undefined for one that is gone, has no command line, or waits for its parent only. */
export function processOf(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field, the program's name in brackets, may hold blanks and brackets.
    const [state, parent] = stat.replace(/^.*\) /s, "").split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
    if (state === "Z" || command.length === 0) return undefined;
    return { pid, parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

/** Those below a process, nearest first. */
export function descendantsOf(root: number, among: Process[] = processes()): Process[] {
  const below = among.filter(({ parent }) => parent === root);
  return [...below, ...below.flatMap(({ pid }) => descendantsOf(pid, among))];
}

/** The chain of parents, nearest first. */
export function ancestorsOf({ parent }: Process, among: Process[] = processes()): Process[] {
  const above = among.find(({ pid }) => pid === parent);
  return above ? [above, ...ancestorsOf(above, among)] : [];
}

/** One that has ended meanwhile is no fault. */
export function signal(pid: number, name: NodeJS.Signals): void {
  if (existsSync(`/proc/${pid}`)) process.kill(pid, name);
}

const LOOK_EVERY_MS = 20;

/** Asks again and again until there is an answer; `untilThen` is asked each time, and throws where waiting is in vain. */
export async function waitFor<T>(
  look: () => T | undefined | Promise<T | undefined>,
  untilThen: () => void = () => undefined,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    untilThen();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** What a process and all that it started take of this machine, seen from outside, through /proc. */
import { readFileSync, readdirSync } from "node:fs";

/** One process at its end, or as it was last seen. */
export interface Used {
  /** The words that it was started with. */
  command: string[];
  /** The most memory that it ever had resident. Pages that it shares with others are counted in each. */
  megabytes: number;
  /** In user and kernel mode, of all its threads. */
  cpuSeconds: number;
}

/** How often is looked. What a process takes between the last look and its end is not seen. Milliseconds. */
const LOOK_EVERY_MS = 50;
/** Linux counts a process's time in these (USER_HZ), whatever its own clock's rate is: see proc(5), times(2). */
const TICKS_PER_SECOND = 100;

/** Watches a process and its descendants. `stop` tells what they took that were there together when they took most. */
export function watchTree(root: number): { stop: () => Used[] } {
  let most: Used[] = [];
  const look = () => {
    const used = treeOf(root).flatMap((pid) => usedBy(pid) ?? []);
    if (megabytesOf(used) >= megabytesOf(most)) most = used;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

function megabytesOf(used: Used[]): number {
  return used.reduce((sum, { megabytes }) => sum + megabytes, 0);
}

/** A process and everything below it, parents first. */
function treeOf(root: number): number[] {
  const tree = [root];
  for (const pid of tree) tree.push(...childrenOf(pid));
  return tree;
}

function childrenOf(pid: number): number[] {
  return tasksOf(pid).flatMap((task) => numbersIn(read(`/proc/${pid}/task/${task}/children`)));
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Undefined for a process that is gone, or has ended and only waits for its parent to see it. */
function usedBy(pid: number): Used | undefined {
  const most = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  if (most === undefined) return undefined;
  // The second field, the program's name, may hold blanks and brackets: what follows the last bracket is numbers.
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, "")
    .split(" ");
  const [user, system] = fields.slice(11, 13).map(Number);
  return {
    command: read(`/proc/${pid}/cmdline`).split("\0").filter(Boolean),
    megabytes: Number(most) / 1024,
    cpuSeconds: (user + system) / TICKS_PER_SECOND,
  };
}

function numbersIn(text: string): number[] {
  return text.split(" ").filter(Boolean).map(Number);
}

/** Empty if the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A process that outlives this one, found again by what is written in its machine's directory. */
import * as fs from "node:fs";
import * as path from "node:path";

interface RecordedProcess {
  pid: number;
  /** Since boot, in clock ticks: tells the process from a later one with the same pid. */
  startTime: string;
}

/** Writes down which process a machine is. */
export function recordProcess(directory: string, pid: number): void {
  const startTime = startTimeOf(pid);
  if (startTime === undefined) return;
  // Whole or not at all: every look at the machine reads it.
  const beside = `${recordFile(directory)}.new`;
  fs.writeFileSync(beside, JSON.stringify({ pid, startTime }));
  fs.renameSync(beside, recordFile(directory));
}

/** The pid of a machine's process, or `undefined` if it has ended or was never started. */
export function livePid(directory: string): number | undefined {
  if (!fs.existsSync(recordFile(directory))) return undefined;
  const { pid, startTime } = JSON.parse(fs.readFileSync(recordFile(directory), "utf8")) as RecordedProcess;
  return startTimeOf(pid) === startTime ? pid : undefined;
}

/** Waits until a machine's process has ended. Returns whether it has. */
export async function waitForEnd(directory: string, seconds: number): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (livePid(directory) !== undefined) {
    if (Date.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}

/** Ends a machine's process at once, and waits until it is gone. */
export async function endProcess(directory: string): Promise<void> {
  const pid = livePid(directory);
  if (pid === undefined) return;
  process.kill(pid, "SIGKILL");
  await waitForEnd(directory, 30);
}

const recordFile = (directory: string) => path.join(directory, "process.json");

/**
 * When a process started, in clock ticks since boot. `undefined` if there is none, or only what is left of it for its
 * parent to see.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    // The second field, the program's name in parentheses, may hold spaces.
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

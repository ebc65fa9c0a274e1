/**
 * Processes of a machine that nobody has written down: whoever started it was killed before it could. They are known by
 * a variable in their environment, which every process of a machine inherits.
 */
import * as fs from "node:fs";

const VARIABLE = "PV_TO_HVM_MACHINE";
/** The mark by which an interrupted test run finds what it has started. A machine gets an environment of its own, so it is handed on by name. */
const TEST_RUN = "PV_TO_HVM_TEST_RUN";

/** The command line that runs a command as one of this instance's machine. Keeps its process id. */
export function markedCommand(instanceId: string, command: string[], env = process.env): string[] {
  const run = env[TEST_RUN];
  const marks = [`${VARIABLE}=${instanceId}`, ...(run === undefined ? [] : [`${TEST_RUN}=${run}`])];
  return ["env", ...marks, ...command];
}

/** Ends them at once, until there are none: one may have started another just before its end. */
export async function endStrays(instanceId: string): Promise<void> {
  for (let strays = straysOf(instanceId); strays.length > 0; strays = straysOf(instanceId)) {
    strays.forEach(kill);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function straysOf(instanceId: string): number[] {
  const mark = Buffer.from(`${VARIABLE}=${instanceId}\0`);
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => environmentOf(pid).includes(mark));
}

/** Empty if the process has ended, or is only left for its parent to see. */
function environmentOf(pid: number): Buffer {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`);
  } catch {
    return Buffer.alloc(0);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended just now.
  }
}

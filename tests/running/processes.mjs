/**
 * A program with all that it starts. It has a process group of its own, and a mark in its environment that every process
 * below it inherits: so those are found as well that have left the group, as the local cloud's machines do.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";

const MARK = "PV_TO_HVM_TEST_RUN";

/** Milliseconds from an interruption until what is still there is ended at once. mocha runs its `after` hooks in them. */
const PATIENCE_MS = 15_000;

/** How often it is looked whether a program still says something. */
const LOOK_MS = 5_000;

/**
 * Runs a program until it ends, its words going to a file.
 * @param file for standard output and error; with `answers`, for standard error alone, and standard output goes there.
 * @param mark names it among all that run now.
 * @param silenceMs without a word for so long it is taken to hang, and ended.
 * @param signal aborted: it is interrupted, and ended where that does not help.
 * @returns `status` as a shell has it (128 and the signal's number), and `hung`.
 */
export async function runMarked([program, ...words], { file, answers, mark, env, silenceMs, signal }) {
  const output = openSync(file, "w");
  const answer = answers === undefined ? output : openSync(answers, "w");
  const child = spawn(program, words, {
    detached: true,
    stdio: ["ignore", answer, output],
    env: { ...process.env, ...env, [MARK]: mark },
  });
  new Set([output, answer]).forEach((each) => closeSync(each));
  let hung = false;
  const end = () => void interrupt(child.pid, mark, isOver);
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const watch = setInterval(() => {
    if (hung || Date.now() - statSync(file).mtimeMs < silenceMs) return;
    hung = true;
    end();
  }, LOOK_MS);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  const status = await new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code, killedBy) => resolve(code ?? (killedBy === "SIGKILL" ? 137 : 130)));
  });
  clearInterval(watch);
  signal?.removeEventListener("abort", end);
  if (hung || signal?.aborted) endMarked(mark);
  return { status, hung };
}

async function interrupt(pid, mark, isOver) {
  if (pid === undefined || isOver()) return;
  kill(-pid, "SIGINT");
  const until = Date.now() + PATIENCE_MS;
  while (!isOver() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  if (!isOver()) endMarked(mark);
}

/** A process that waits for a disk that does not answer cannot be ended. */
const MOST_LOOKS = 500;

/** Ends at once all that bears the mark, until nothing does: one may have started another just before its end. */
export function endMarked(mark) {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const found = marked(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid, "SIGKILL");
  }
}

function marked(mark) {
  const sought = Buffer.from(`${MARK}=${mark}\0`);
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && environmentOf(pid).includes(sought));
}

/** Empty where the process has ended, or is only left for its parent to see. */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    return Buffer.alloc(0);
  }
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended just now.
  }
}

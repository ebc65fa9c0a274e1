/** What the lanes run: the preparation of the local cloud, and one suite after the other. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { runMarked } from "./processes.mjs";
import { FAILED, outcomeOf } from "./summary.mjs";

const LOGS = ".cache/test-run";

/** No test may be silent for longer: a boot without KVM, beside other work, takes up to ten minutes. */
const SILENCE_MS = 30 * 60_000;

/**
 * A suite mounts filesystems where no other process sees them. Else each program of another lane that takes mounts of its
 * own, as every container does, would keep a copy of this one's: what is unmounted here would stay mounted there, its file
 * not whole and its loop device busy. And what a suite that died has mounted goes with it.
 */
const MOUNTS_OF_ITS_OWN = ["unshare", "--mount", "--propagation", "private"];

const MOCHA = ["mocha", "--exit"];

export class TestRun {
  /** What became of each suite that has ended, by its name. */
  results = new Map();
  /** The same of the engine and the images, where a suite needed them. */
  preparation = undefined;
  /** When each suite that runs began, by its name. */
  #running = new Map();
  /** Where the local cloud is, for the suites that need it, and for no other: those hold without it. */
  #cloud = {};

  constructor(signal) {
    this.signal = signal;
    mkdirSync(LOGS, { recursive: true });
  }

  /** Builds the engine and the images where they are not there yet, in a cloud of the tests' own. */
  prepare = async () => {
    const answers = join(LOGS, "prepare.json");
    const command = alone([process.execPath, "dist/local/cloud.cjs", "prepare", "--json"]);
    const cloud = { PV_TO_HVM_CLOUD: resolve(".cache/test-cloud") };
    const { status, seconds } = await this.#timed("prepare", command, { answers, env: cloud });
    this.preparation = { failed: status === 0 ? 0 : 1, seconds };
    if (status === 0) {
      const values = Object.entries(JSON.parse(readFileSync(answers, "utf8")));
      this.#cloud = Object.fromEntries(values.filter(([name]) => name.startsWith("PV_TO_HVM_")));
    }
    this.#tell("prepare", seconds, status === 0 ? [] : ["what needs the local cloud is not tested"]);
    return status === 0;
  };

  run = async (suite) => {
    const { outcome, seconds } = suite.command ? await this.#check(suite) : await this.#test(suite);
    this.results.set(suite.name, { ...outcome, seconds });
    const counts = `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`;
    this.#tell(suite.name, seconds, [...(outcome.why ?? []), counts]);
  };

  /** A line with what runs, since when, and the last that each has said. */
  tellProgress() {
    for (const [name, began] of this.#running) {
      const said = readFileSync(logOf(name), "utf8").trimEnd().split("\n").pop()?.trim() || "nothing yet";
      console.log(`... ${name} runs for ${secondsSince(began)} s: ${said.slice(0, 120)}`);
    }
  }

  /** One command that either holds or does not: counts as one. */
  async #check({ name, command: [program, ...words] }) {
    const { status, hung, interrupted, seconds } = await this.#timed(name, [bin(program), ...words]);
    if (status === 0) return { outcome: { passed: 1, failed: 0, skipped: 0 }, seconds };
    const why = interrupted ? "it was interrupted" : hung ? "it hung, and was ended" : "it does not hold";
    return { outcome: { ...FAILED, why: [why] }, seconds };
  }

  async #test({ name, needs, files }) {
    const report = resolve(LOGS, `${name}.json`);
    rmSync(report, { force: true });
    const [mocha, ...options] = MOCHA;
    const env = { PV_TO_HVM_TOTALS: report, ...(needs === "nothing" ? {} : this.#cloud) };
    const { seconds, ...ended } = await this.#timed(name, alone([bin(mocha), ...options, ...files]), { env });
    const written = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
    return { outcome: outcomeOf(written, { files, ...ended }), seconds };
  }

  async #timed(name, command, options = {}) {
    const began = Date.now();
    this.#running.set(name, began);
    console.log(`... ${name} begins`);
    const mark = `${process.pid}-${name}`;
    const common = { file: logOf(name), mark, silenceMs: SILENCE_MS, signal: this.signal };
    const ended = await runMarked(command, { ...common, ...options });
    this.#running.delete(name);
    return { ...ended, interrupted: this.signal.aborted, seconds: secondsSince(began) };
  }

  /** All that a suite has said, in one piece. */
  #tell(name, seconds, lines) {
    const said = readFileSync(logOf(name), "utf8").trimEnd();
    console.log([`\n=== ${name} (${seconds} s) ===`, said, ...lines].filter(Boolean).join("\n"));
  }
}

/** Without root, or in a container without this right, nothing is mounted, and what needs it is skipped or fails by itself. */
const hasMounts = spawnSync(MOUNTS_OF_ITS_OWN[0], [...MOUNTS_OF_ITS_OWN.slice(1), "true"]).status === 0;
export const alone = (command) => (hasMounts ? [...MOUNTS_OF_ITS_OWN, ...command] : command);

const bin = (program) => join("node_modules", ".bin", program);
const logOf = (name) => join(LOGS, `${name}.log`);
const secondsSince = (began) => Math.round((Date.now() - began) / 1000);

/**
 * Everything that must hold: the suites of suites.mjs, in three lanes side by side. Goes on after a failure, and ends with
 * each suite's seconds and one line of totals. While a suite runs, its words go to `.cache/test-run/SUITE.log`; they are
 * printed in one piece when it has ended.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { runLanes } from "./running/lanes.mjs";
import { assign, select, testFilesIn } from "./running/selection.mjs";
import { summaryOf } from "./running/summary.mjs";
import { TestRun } from "./running/testRun.mjs";
import { SUITES } from "./suites.mjs";

/** How often it is told what is running. */
const PROGRESS_MS = 60_000;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const asked = refuseOr(select(process.argv.slice(2), SUITES));
const assigned = refuseOr(assign(SUITES, testFilesIn("tests"), asked.isAll));
const names = asked.suites.map(({ name }) => name);
const suites = assigned.suites.filter(({ name }) => names.includes(name));
if (suites.length === 0)
  refuseOr({ problem: `${names.join(", ")}: all of it is rare. npm run test:all -- ${names.join(" ")}` });
if (asked.isList) list();
else await main();

async function main() {
  if (!asked.isSetUp) setUp();
  await becomeRoot();
  const interruption = new AbortController();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  signals.forEach((signal) => process.on(signal, () => interrupt(interruption, signal)));
  const run = new TestRun(interruption.signal);
  const progress = setInterval(() => run.tellProgress(), PROGRESS_MS);
  await runLanes(suites, run);
  clearInterval(progress);
  const { totals, text } = summaryOf(suites, run);
  console.log(`\n${text}`);
  process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
  if (interruption.signal.aborted) process.exitCode = 130;
}

function refuseOr(answer) {
  if (answer.problem === undefined) return answer;
  console.error(answer.problem);
  process.exit(2);
}

function list() {
  for (const { name, needs, files } of suites) {
    const what = files ? `${files.length} files` : "a check";
    const where = needs === "nothing" ? "" : "on the local cloud";
    console.log(`${name.padEnd(16)}${what.padEnd(12)}${where}`.trimEnd());
  }
}

/** Installs what is missing, and builds dist/. */
function setUp() {
  const { status } = spawnSync("bash", ["local/setup.sh", "--for", "test"], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Mounts, loop devices and namespaces need root. What the set-up has built knows how to become it. */
function becomeRoot() {
  const { ensureRoot } = createRequire(import.meta.url)("../dist/local/root.cjs");
  const engine = suites.some(({ needs }) => needs === "cloud");
  return ensureRoot({ engine, words: ["--set-up-done"] });
}

/** The suites that run are interrupted, and what they leave is ended; nothing more is begun. */
function interrupt(interruption, signal) {
  if (!interruption.signal.aborted) console.log(`\n${signal}: ending what runs, for at most 15 s.`);
  interruption.abort();
}

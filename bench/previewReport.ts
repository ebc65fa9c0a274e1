/**
 * `npm run bench -- preview-report`: the report of a preview of 100 migrations, beside what any program has to do with it
 * first (`JSON.parse`) and, where there is one, jq. Each in a process of its own, as a pull request's job starts it.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { middle, print } from "./numbers";

const MIGRATIONS = 100;
const RUNS = 5;
const AIM_SECONDS = 2;
/** Of one migration that is converted anew, with all its resources: the real engine's. */
const RECORDING = join("tests", "previewReport", "fixtures", "bigger-disk", "preview.json.gz");

/** All rows. */
export function benchPreviewReport(root: string): void {
  const file = join(root, ".cache", `bench-preview-report-${process.pid}.json`);
  const json = previewOfMany(gunzipSync(readFileSync(join(root, RECORDING))).toString());
  writeFileSync(file, json);
  try {
    measure(root, file, Buffer.byteLength(json));
  } finally {
    rmSync(file, { force: true });
  }
}

function measure(root: string, file: string, bytes: number): void {
  console.log(
    `\na preview of ${MIGRATIONS} migrations, all of them converted anew: ${(bytes / 1e6).toFixed(1)} MB`,
  );
  const node = process.execPath;
  const report = [node, join(root, "dist", "bin.cjs"), "preview-report", file];
  const parse = [node, "-e", `JSON.parse(require("node:fs").readFileSync(${JSON.stringify(file)}, "utf8"))`];
  const jq = ["jq", "-r", ".steps[] | [.op, .urn] | @tsv", file];
  const rows: [what: string, command: string[]][] = [
    ["preview-report", report],
    ["JSON.parse alone", parse],
    ...(spawnSync("jq", ["--version"]).status === 0
      ? [["jq: operations and names", jq] as [string, string[]]]
      : []),
  ];
  const seconds = rows.map((): number[] => []);
  // In turns, so that a machine that slows down slows all of them.
  for (let run = 0; run < RUNS; run++)
    rows.forEach(([, command], row) => seconds[row].push(secondsOf(command)));
  rows.forEach(([what], row) => print(what, "s", seconds[row]));
  const holds = middle(seconds[0]) <= AIM_SECONDS ? "holds" : "does not hold";
  console.log(`  the aim of ${AIM_SECONDS} s for ${MIGRATIONS}: ${holds}`);
}

function secondsOf([program, ...args]: string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(program, args, { maxBuffer: 1 << 28, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return (performance.now() - started) / 1000;
}

interface Recorded {
  steps: { urn: string }[];
  diagnostics: object[];
}

/** The steps of the recorded migration under other names; the stack's own step once. */
function previewOfMany(recorded: string): string {
  const preview = JSON.parse(recorded) as Recorded;
  const isOurs = ({ urn }: { urn: string }) => /::web(-|$)/.test(urn);
  const [own, stack] = [preview.steps.filter(isOurs), preview.steps.filter((step) => !isOurs(step))];
  const text = JSON.stringify({ steps: own, diagnostics: preview.diagnostics });
  const copies = Array.from({ length: MIGRATIONS }, (_, index) => {
    const name = `web${String(index).padStart(3, "0")}`;
    return JSON.parse(text.replace(/::web(?=[-"])/g, `::${name}`)) as Recorded;
  });
  return JSON.stringify(
    {
      ...preview,
      steps: [...stack, ...copies.flatMap(({ steps }) => steps)],
      diagnostics: copies.flatMap(({ diagnostics }) => diagnostics),
    },
    null,
    4,
  );
}

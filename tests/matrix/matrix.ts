/** Runs one row: makes the guest, converts it, reads the result back, boots it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { checkDisk, inGuest } from "./checker/checker";
import type { Finding } from "./checker/finding";
import { compareFiles } from "./compare";
import { damageDisk } from "./damages";
import { writeMeanwhile } from "./dirty";
import { makeGuest } from "./guest";
import { LAYOUTS } from "./layouts";
import { type Manifest, manifestOf } from "./manifest";
import { leaveOut } from "./negatives";
import { checkOptions } from "./options";
import { convert, rehearse, type Run } from "./product";
import type { Bus, Row } from "./rows";
import { sh } from "./shell";
import { update } from "./updates";
import { whyNot } from "./abilities";

export interface Result {
  row: Row;
  outcome: "passed" | "failed" | "skipped";
  /** Seconds of making and converting, then of each boot, by its bus. */
  seconds: { guest?: number; convert?: number; boots: Partial<Record<Bus, number>> };
  /** Why it failed or was skipped; of a negative row, what caught it. */
  why: string[];
}

export interface RunOptions {
  /** The image of the row's tree. */
  tree: string;
  /** Folder for disks (removed afterwards) and consoles (kept). */
  folder: string;
  /** The disks to boot from; an empty list: nothing is booted. */
  buses: Bus[];
}

/** Seconds for a boot on a machine that emulates its processor and has other work. */
const BOOT_SECONDS = 600;
/** A converted guest boots from NVMe; with a change left out it must not. */
export const CAUGHT_ON: Bus = "nvme";
const EXTRA_BYTES = 64 * 2 ** 20;
/** An EFI system partition, or something to grow into. */
const GROWTH_BYTES = 700 * 2 ** 20;

/** Runs a row to its end; an error on the way is its failure. */
export function runRow(row: Row, options: RunOptions): Result {
  const result: Result = { row, outcome: "passed", seconds: { boots: {} }, why: [] };
  const lacking = whyNot(LAYOUTS[row.layout]);
  if (lacking) return { ...result, outcome: "skipped", why: [lacking] };
  const work = path.join(options.folder, `work-${process.pid}`);
  fs.mkdirSync(work, { recursive: true });
  try {
    carryOut(row, options, work, result);
  } catch (error) {
    result.why.push((error as Error).message);
    result.outcome = "failed";
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return result;
}

function carryOut(row: Row, options: RunOptions, work: string, result: Result): void {
  const [source, destination] = ["source.img", "destination.img"].map((name) => path.join(work, name));
  const [before, guestSeconds] = timed(() =>
    makeGuest(row, options.tree, source, (root) => {
      if (row.dirty) writeMeanwhile(root);
      return manifestOf(root);
    }),
  );
  damageDisk(row.damage, source);
  makeDestination(row, source, destination);
  const digest = digestOf(source);
  const [run, seconds] = timed(() => convert(source, destination, row.options ?? [], work));
  Object.assign(result.seconds, { guest: guestSeconds, convert: seconds });
  fs.writeFileSync(consoleFile(row, "convert", options), run.log);
  if (digestOf(source) !== digest) throw new Error("the source's bytes are not what they were");
  if ("refused" in row.expected) return expectRefusal(run, row.expected.refused, destination);
  if (run.status !== 0) throw new Error(`convert ended with ${run.status}: ${lastLines(run.log)}`);
  judgeConverted(row, { source, destination, before, run });
  if ("caught" in row.expected) return expectCaught(row, destination, source, options, result);
  for (const bus of row.expected.boots.filter((one) => options.buses.includes(one))) {
    result.seconds.boots[bus] = expectBoot(row, destination, bus, options);
  }
}

function makeDestination(row: Row, source: string, destination: string): void {
  fs.writeFileSync(destination, "");
  const extraBytes = row.options === undefined ? EXTRA_BYTES : GROWTH_BYTES;
  fs.truncateSync(destination, fs.statSync(source).size + extraBytes);
}

const digestOf = (file: string) => sh("sha256sum", file).slice(0, 64);

function expectRefusal({ status, log }: Run, words: RegExp, destination: string): void {
  if (status !== 3)
    throw new Error(`a refusal (3) was expected, convert ended with ${status}: ${lastLines(log)}`);
  if (!words.test(log)) throw new Error(`the refusal does not say ${words}: ${lastLines(log)}`);
  if (fs.statSync(destination).blocks !== 0) throw new Error("refused, but the destination was written to");
}

interface Converted {
  source: string;
  destination: string;
  before: Manifest;
  run: Run;
}

function judgeConverted(row: Row, { destination, before, run }: Converted): void {
  const after = inGuest(destination, "ro", ({ root }) => manifestOf(root));
  const families = familiesOf(row);
  const found = [
    ...checkDisk(destination, families),
    compareFiles(before, after, run.reports),
    ...checkOptions(row.options ?? [], destination),
  ];
  expectWell(found);
  if (row.update) expectWell([...update(row.update, destination), ...checkDisk(destination, families)]);
}

/** Those that `--for` names; all of them without it. */
function familiesOf({ options = [] }: Row): string[] {
  const at = options.indexOf("--for");
  return at < 0 ? ["xen", "nitro"] : options[at + 1].split(",");
}

function expectWell(findings: Finding[]): void {
  const wrong = findings.filter(({ ok }) => !ok);
  if (wrong.length > 0)
    throw new Error(wrong.map(({ name, seen }) => `not so: ${name} (${seen})`).join("\n"));
}

/** Takes the change back; the checker must find it, or the rehearsal must fail. */
function expectCaught(row: Row, disk: string, source: string, options: RunOptions, result: Result): void {
  if (!row.leftOut || !("caught" in row.expected)) throw new Error("a row without a change to leave out");
  leaveOut(row.leftOut, disk, source);
  const wrong = checkDisk(disk, familiesOf(row)).filter(({ ok }) => !ok);
  const seen = wrong.map(({ name }) => name).join("; ");
  result.why.push(`checker: ${seen || "nothing"}`);
  if (row.expected.caught === "statically") {
    if (wrong.length === 0) throw new Error("the checker found nothing");
    return;
  }
  if (options.buses.length === 0) return;
  const [run, seconds] = timed(() => bootIn(row, disk, CAUGHT_ON, options));
  result.seconds.boots[CAUGHT_ON] = seconds;
  const summary = run.reports[0]?.summary ?? lastLines(run.log);
  // A rehearsal that was refused, or ended by something else, has shown nothing.
  if (run.status !== 4 || run.reports[0]?.rehearsal?.booted !== false)
    throw new Error(`the rehearsal did not fail by the boot (${run.status}): ${summary}`);
  if (row.expected.saying && !row.expected.saying.test(summary))
    throw new Error(`the rehearsal says: ${summary}`);
  result.why.push(`rehearsal: ${summary}`);
}

function expectBoot(row: Row, disk: string, bus: Bus, options: RunOptions): number {
  const [run, seconds] = timed(() => bootIn(row, disk, bus, options));
  const rehearsal = run.reports[0]?.rehearsal;
  if (run.status !== 0 || !rehearsal?.booted) {
    throw new Error(`on ${bus}: ${run.reports[0]?.summary ?? lastLines(run.log)}`);
  }
  if (rehearsal.diskBus !== bus) throw new Error(`on ${bus}: was booted on ${rehearsal.diskBus}`);
  return seconds;
}

/** Keeps the console, and what the program said, beside it. */
function bootIn(row: Row, disk: string, bus: Bus, options: RunOptions): Run {
  const console = consoleFile(row, bus, options);
  const run = rehearse({ disk, bus, timeoutSeconds: BOOT_SECONDS, consoleFile: console }, options.folder);
  fs.writeFileSync(consoleFile(row, `${bus}.log`, options), run.log);
  return run;
}

function consoleFile({ name }: Row, what: string, { folder }: RunOptions): string {
  return path.join(folder, `${name.replace(/[^A-Za-z0-9._-]+/g, "-")}.${what}.txt`);
}

function timed<T>(work: () => T): [T, number] {
  const started = Date.now();
  return [work(), Math.round((Date.now() - started) / 100) / 10];
}

const lastLines = (text: string) => text.trim().split("\n").slice(-4).join("\n");

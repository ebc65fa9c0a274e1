/**
 * `npm run bench`: medians of several runs, side by side with the alternative in the same run. Runs alternate, so that a
 * machine that slows down slows both.
 */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { usedRanges } from "../../converter/disk/filesystem/freeMap";
import { buildSampleImage } from "../images";
import { benchCopying } from "./benchCopy";
import { benchLargeDisk } from "./benchLarge";
import { type Told, converterOnce, copyOnce, runSelf } from "./benchOnce";
import { ensureRoot, projectRoot } from "./project";

const RUNS = 5;
const MIB = 1024 * 1024;

async function main(): Promise<void> {
  ensureRoot();
  const root = projectRoot();
  const log = (line: string) => console.error(`[set-up] ${line}`);
  const [, , command, source, ...rest] = process.argv;
  if (command === "preview-once") return previewOnce(root);
  if (command === "copy-once") return copyOnce(source, rest);
  if (command === "converter-once") return converterOnce(root, [source, ...rest]);
  if (command === "copying")
    return benchCopies(root, await buildSampleImage({ cache: join(root, ".cache"), log }));

  // Only here: the engine's libraries would count as the converter's memory.
  const { prepareLocalCloud } = await import("../prepare");
  const local = await prepareLocalCloud({ root, log });
  const previews = repeat(RUNS, () => runSelf(["preview-once"]));
  print(
    "preview of the local stack",
    "s",
    previews.map(({ seconds }) => seconds),
  );
  print(
    "memory of the program",
    "MB",
    previews.map(({ megabytes }) => megabytes),
  );
  await benchConversion(root, local.images.sample);
  await benchCopies(root, local.images.sample);
}

/** `npm run bench -- copying`: these alone. */
async function benchCopies(root: string, sample: string): Promise<void> {
  const folder = mkdtempSync(join(root, ".cache", "bench-"));
  try {
    await benchCopying(folder, join(root, "node_modules"), print);
    benchLargeDisk(folder, sample, print);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One preview in a process of its own, so that its memory is its own. */
async function previewOnce(root: string): Promise<void> {
  const { prepareLocalCloud } = await import("../prepare");
  const { selectStack } = await import("../stack");
  const local = await prepareLocalCloud({ root, log: () => undefined });
  const program = createRequire(join(root, "dist", "index.js"))("./index.js") as PulumiFn;
  process.chdir(root);
  const stack = await selectStack(local, { workDir: root, stackName: "local", program });
  const started = Date.now();
  await stack.preview();
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds: (Date.now() - started) / 1000, megabytes }));
}

/** The conversion step by step, and beside it a sequential copy of the used bytes alone. */
async function benchConversion(root: string, sample: string): Promise<void> {
  const work = mkdtempSync(join(root, ".cache", "bench-"));
  try {
    const source = join(work, "source.img");
    copyFileSync(sample, source);
    const plain = join(work, "used-bytes");
    await extractUsedBytes(source, plain);
    const rows = repeat(RUNS, () => ({
      plain: timePlainCopy(plain, work),
      conversion: timeConversion(source, work),
    }));
    const used = statSync(plain).size / MIB;
    console.log(
      `\nsample image: ${used.toFixed(0)} MiB used of ${(statSync(source).size / MIB).toFixed(0)} MiB`,
    );
    print(
      "plain copy of the used bytes (dd)",
      "s",
      rows.map((row) => row.plain),
    );
    for (const step of Object.keys(rows[0].conversion)) {
      print(
        `  ${step}`,
        "s",
        rows.map((row) => row.conversion[step].wholeSeconds),
      );
    }
    const steps = rows.map((row) => Object.values(row.conversion));
    print(
      "conversion in all, without the rehearsal",
      "s",
      steps.map((told) => sum(told.map(({ wholeSeconds }) => wholeSeconds))),
    );
    print(
      "  memory of the converter",
      "MB",
      steps.map((told) => Math.max(...told.map(({ megabytes }) => megabytes))),
    );
    print(
      "copy step : plain copy",
      "x",
      rows.map((row) => row.conversion.copy.wholeSeconds / row.plain),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function timeConversion(source: string, work: string): Record<string, Told> {
  const destination = join(work, "destination.img");
  rmSync(destination, { force: true });
  closeSync(openSync(destination, "w"));
  truncateSync(destination, statSync(source).size + 64 * MIB);
  const steps = ["inspect", "partition", "copy", "configure", "install-grub", "verify"];
  return Object.fromEntries(
    steps.map((step) => [step, runSelf(["converter-once", step, source, destination])]),
  );
}

function timePlainCopy(plain: string, work: string): number {
  const copy = join(work, "plain-copy");
  rmSync(copy, { force: true });
  return time(() => execFileSync("dd", [`if=${plain}`, `of=${copy}`, "bs=1M", "conv=fsync", "status=none"]));
}

/** The ranges in use, one behind the other. */
async function extractUsedBytes(source: string, plain: string): Promise<void> {
  const from = openSync(source, "r");
  const to = openSync(plain, "w");
  for (const { start, end } of await usedRanges(source, { type: "ext4" })) {
    const buffer = Buffer.alloc(Math.min(MIB, end - start));
    for (let at = start; at < end; at += buffer.length) {
      writeSync(to, buffer, 0, readSync(from, buffer, 0, Math.min(buffer.length, end - at), at));
    }
  }
  closeSync(from);
  closeSync(to);
}

function sum(values: number[]): number {
  return values.reduce((whole, value) => whole + value, 0);
}

function time(action: () => void): number {
  const started = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function repeat<T>(times: number, action: () => T): T[] {
  return Array.from({ length: times }, action);
}

function print(what: string, unit: string, values: number[]): void {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, middle, high] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted[sorted.length - 1]];
  console.log(
    `${what.padEnd(52)} ${middle.toFixed(2).padStart(8)} ${unit}   (${low.toFixed(2)} to ${high.toFixed(2)}, ${values.length} runs)`,
  );
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

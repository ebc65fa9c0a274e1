/** `npm run bench -- conversion`: the converter's steps on the sample, beside a sequential copy of its used bytes alone. */
import { execFileSync } from "node:child_process";
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
import { usedRanges } from "../converter/disk/filesystem/freeMap";
import { print, sum } from "./numbers";
import { type Told, runSelf } from "./once";

const RUNS = 5;
const MIB = 1024 * 1024;

/** The conversion step by step, and beside it a sequential copy of the used bytes alone. */
export async function benchConversion(root: string, sample: string): Promise<void> {
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

function time(action: () => void): number {
  const started = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function repeat<T>(times: number, action: () => T): T[] {
  return Array.from({ length: times }, action);
}

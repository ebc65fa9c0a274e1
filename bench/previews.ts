/**
 * `npm run bench -- previews`: stacks of 1, 20 and 100 migrations previewed before anything is made, and 20 finished ones
 * previewed again: time, memory, and what the time goes to. The engine is the real one; the providers are the local
 * cloud's, so theirs are the numbers that differ on AWS.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { SAMPLE_IMAGE_ID } from "../local/cloud/seed";
import { prepareLocalCloud } from "../local/prepare";
import { withFinished } from "./finished";
import { middle, print, sum } from "./numbers";
import { type PreviewTold, type Stage, benchFolder, sourceImageOf } from "./previewOnce";
import { type Used, watchTree } from "./processTree";

/** How many migrations, and how often each is measured. */
const SIZES: [count: number, runs: number][] = [
  [1, 5],
  [20, 5],
  [100, 3],
];
const FINISHED: [count: number, runs: number] = [20, 5];
/** What the largest stack is to stay below. */
const AIM = { seconds: 30, megabytes: 900 };

/** All rows, or new stacks of the size that is named alone. `log`: told what is being prepared. */
export async function benchPreviews(
  root: string,
  log: (line: string) => void,
  [only]: string[],
): Promise<void> {
  const sizes = SIZES.filter(([count]) => only === undefined || count === Number(only));
  if (sizes.length === 0)
    throw new Error(`previews: no stack of ${only}. There are ${SIZES.map(([count]) => count).join(", ")}.`);
  const most = Math.max(...sizes.map(([count]) => count));
  await prepareSources(root, most, log);
  const medians = new Map<number, Median>();
  try {
    for (const [count, runs] of sizes) {
      console.log(`\npreview of ${migrations(count)}, nothing made yet`);
      medians.set(count, report(await measure(count, "new", runs)));
    }
    reportGrowth(medians);
    if (only !== undefined) return;
    await withFinished(root, FINISHED[0], log, async () => {
      console.log(`\npreview of ${migrations(FINISHED[0])} that are finished: no change`);
      report(await measure(FINISHED[0], "finished", FINISHED[1]));
    });
  } finally {
    rmSync(join(benchFolder(root), "stacks"), { recursive: true, force: true });
  }
}

/** An image for each, as a user with many has them: what one look-up answers, it does not answer for another. */
async function prepareSources(root: string, count: number, log: (line: string) => void): Promise<void> {
  const directory = join(benchFolder(root), "cloud");
  const { cloud } = await prepareLocalCloud({ root, directory, log });
  const sample = await cloud.images.describe(SAMPLE_IMAGE_ID);
  for (let number = 0; number < count; number++) {
    const imageId = sourceImageOf(number);
    await cloud.images.adopt({ ...sample, imageId, name: `${sample.name}-${number}` });
  }
}

interface Measured {
  told: PreviewTold;
  processes: Used[];
}

async function measure(count: number, stage: Stage, runs: number): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (let run = 0; run < runs; run++) measured.push(await previewInProcess(count, stage));
  return measured;
}

async function previewInProcess(count: number, stage: Stage): Promise<Measured> {
  const child = spawn(process.execPath, [process.argv[1], "preview-once", String(count), stage], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const watch = watchTree(child.pid as number);
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  const processes = watch.stop();
  if (status !== 0) throw new Error(`the preview of ${migrations(count)} failed: see above`);
  return { told: JSON.parse(said.trim().split("\n").pop() ?? "") as PreviewTold, processes };
}

interface Median {
  seconds: number;
  megabytes: number;
}

function report(rows: Measured[]): Median {
  const told = (pick: (told: PreviewTold) => number) => rows.map((row) => pick(row.told));
  const megabytes = rows.map(({ processes }) => sum(processes.map((used) => used.megabytes)));
  print(
    "from the command to its end",
    "s",
    told(({ seconds }) => seconds),
  );
  print("memory of all its processes, at their most", "MB", megabytes);
  for (const name of NAMES) {
    const of = (pick: (used: Used) => number) =>
      rows.map(({ processes }) => sum(processes.filter((used) => nameOf(used) === name).map(pick)));
    print(
      `  ${name}`,
      "MB",
      of((used) => used.megabytes),
    );
    print(
      `  ${name}, processor`,
      "s",
      of((used) => used.cpuSeconds),
    );
  }
  reportTime(told);
  console.log(`  ${changes(rows[0].told.changes)}`);
  return { seconds: middle(told(({ seconds }) => seconds)), megabytes: middle(megabytes) };
}

/** What the time goes to, as the program sees it; the spans overlap. */
function reportTime(told: (pick: (told: PreviewTold) => number) => number[]): void {
  const calls = (pick: "lookUps" | "registrations") => middle(told((one) => one[pick].count));
  print(
    "  until the program begins: engine and providers start",
    "s",
    told(({ untilProgram }) => untilProgram),
  );
  for (const [name, pick] of [
    ["look-ups", "lookUps"],
    ["registrations", "registrations"],
  ] as const) {
    print(
      `  at least one of ${calls(pick)} ${name} under way`,
      "s",
      told((one) => one[pick].seconds),
    );
    print(
      `    each of them`,
      "ms",
      told((one) => one[pick].medianMs),
    );
  }
  print(
    "  from the last answer to the end",
    "s",
    told(({ afterProgram }) => afterProgram),
  );
}

const NAMES = ["program", "engine", "provider aws", "provider tls", "provider command", "other"] as const;

function nameOf({ command }: Used): (typeof NAMES)[number] {
  if (command.includes("preview-once")) return "program";
  const provider = /(?:resource-|\/)(aws|tls|command)(?:\.cjs)?$/;
  const found = command.map((word) => provider.exec(word)?.[1]).find(Boolean);
  if (found) return `provider ${found as "aws" | "tls" | "command"}`;
  return basename(command[0] ?? "") === "pulumi" ? "engine" : "other";
}

/** What one more migration costs, between each size and the next: the same where growth is linear. */
function reportGrowth(medians: Map<number, Median>): void {
  console.log("\nwhat one more migration costs");
  const sizes = [...medians.entries()];
  sizes.slice(1).forEach(([count, median], index) => {
    const [before, less] = sizes[index];
    const each = (pick: (median: Median) => number) => (pick(median) - pick(less)) / (count - before);
    console.log(
      `  from ${before} to ${count}: ${(each(({ seconds }) => seconds) * 1000).toFixed(0)} ms, ${each(({ megabytes }) => megabytes).toFixed(1)} MB`,
    );
  });
  const [[count, { seconds, megabytes }]] = sizes.slice(-1);
  const holds = seconds <= AIM.seconds && megabytes <= AIM.megabytes ? "holds" : "does not hold";
  console.log(`  the aim of ${AIM.seconds} s and ${AIM.megabytes} MB for ${count}: ${holds}`);
}

function migrations(count: number): string {
  return count === 1 ? "1 migration" : `${count} migrations`;
}

function changes(summary: Record<string, number>): string {
  const counted = Object.entries(summary).map(([kind, count]) => `${count} to ${kind}`);
  return counted.join(", ").replace("to same", "the same");
}

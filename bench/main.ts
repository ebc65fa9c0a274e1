/**
 * `npm run bench`: medians of several runs, side by side with the alternative in the same run. Runs alternate, so that a
 * machine that slows down slows both.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildSampleImage } from "../local/images";
import { benchConversion } from "./conversion";
import { benchCopying } from "./copy";
import { benchLargeDisk } from "./large";
import { print } from "./numbers";
import { converterOnce, copyOnce } from "./once";
import type { Stage } from "./previewOnce";
import { benchResumption } from "./resumption";
import { projectRoot } from "../local/commands/project";
import { ensureRoot } from "../local/commands/root";

const USAGE = `usage: npm run bench                  all of these
       npm run bench -- previews [COUNT]
                                      1, 20 and 100 migrations previewed: time, memory, what the time goes to
       npm run bench -- conversion    the converter's steps, beside a plain copy
       npm run bench -- resumption    a copy that is killed and gone on with: what is copied again
       npm run bench -- preview-report  the report of a preview of 100 migrations, beside JSON.parse and jq
       npm run bench -- copying       the copying alone, beside other programs, and a disk of 16 TiB
       npm run bench -- snapshot      a snapshot inspected by EBS direct APIs, beside reading all of it by them
       npm run bench -- discover      a fleet of 500 images and 200 instances in moto's server: time and memory
       npm run bench -- live          what runs on a live PV source: time and memory of inspect, by each shell
       npm run bench -- plugin-host   the component's provider: until it serves a program in another language`;

type Bench = (root: string, args: string[]) => Promise<void>;

/** Each prepares what it needs, and nothing besides. */
const BENCHES: Record<string, Bench> = {
  // Loaded only here: the engine's libraries would count as the converter's memory.
  previews: async (root, args) => (await import("./previews")).benchPreviews(root, log, args),
  conversion: async (root) => benchConversion(root, await sampleImage(root)),
  resumption: async (root) => {
    const sample = await sampleImage(root);
    await inFolder(root, (folder) => benchResumption(folder, root, sample));
  },
  "preview-report": async (root) => (await import("./previewReport")).benchPreviewReport(root),
  copying: async (root) => {
    const sample = await sampleImage(root);
    await inFolder(root, async (folder) => {
      await benchCopying(folder, join(root, "node_modules"), print);
      benchLargeDisk(folder, sample, print);
    });
  },
  snapshot: async (root) => {
    const sample = await sampleImage(root);
    await inFolder(root, async (folder) => (await import("./snapshot")).benchSnapshot(folder, root, sample));
  },
  discover: (root) =>
    inFolder(root, async (folder) => (await import("./discover")).benchDiscover(folder, root)),
  live: async (root) => {
    const sample = await sampleImage(root);
    await inFolder(root, async (folder) => (await import("./live")).benchLive(folder, root, sample));
  },
  "plugin-host": async (root) => (await import("./pluginHost")).benchPluginHost(root),
};

/** What the benches start in processes of their own: see `runSelf`. */
const ONCE: Record<string, (root: string, args: string[]) => Promise<void>> = {
  "preview-once": async (root, [count, stage]) =>
    (await import("./previewOnce")).previewOnce(root, Number(count), stage as Stage),
  "copy-once": (_, [source, ...rest]) => copyOnce(source, rest),
  "converter-once": (root, args) => converterOnce(root, args),
};

async function main(): Promise<void> {
  await ensureRoot({ engine: true });
  const root = projectRoot();
  const [command, ...rest] = process.argv.slice(2);
  if (command !== undefined && command in ONCE) return ONCE[command](root, rest);
  const wanted = command === undefined ? Object.keys(BENCHES) : [command];
  if (!wanted.every((name) => name in BENCHES)) {
    console.error(`bench: unknown command "${command}".\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  for (const name of wanted) await BENCHES[name](root, rest);
}

function sampleImage(root: string): Promise<string> {
  return buildSampleImage({ cache: join(root, ".cache"), log });
}

async function inFolder(root: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(root, ".cache", "bench-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function log(line: string): void {
  console.error(`[set-up] ${line}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

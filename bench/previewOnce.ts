/** One preview of many migrations, in a process of its own: what its time goes to, as far as the program can tell. */
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { SAMPLE_IMAGE_ID } from "../local/cloud/seed";
import { prepareLocalCloud } from "../local/prepare";
import { selectStack } from "../local/stack";

/** Calls of one kind, from the program to the engine. */
export interface Calls {
  count: number;
  /** Of each, in the middle: from the question to its answer. Milliseconds. */
  medianMs: number;
  /** In which at least one was under way. */
  seconds: number;
}

export interface PreviewTold {
  /** Of the preview as a whole. */
  seconds: number;
  /** From its beginning until the program's first line: engine and providers start. */
  untilProgram: number;
  /** From the program's last line and call until the preview's end. */
  afterProgram: number;
  lookUps: Calls;
  registrations: Calls;
  /** By kind, as the engine counts them: create, same, update … */
  changes: Record<string, number>;
}

/** Where the stacks of these previews are, and their migrations' cloud. */
export function benchFolder(root: string): string {
  return join(root, ".cache", "bench-previews");
}

/** Migrations that nothing was made of yet, or that were finished (see `withFinished`). */
export type Stage = "new" | "finished";

/** A stack of this many migrations. */
export async function previewStack(
  root: string,
  { count, stage, watch }: { count: number; stage: Stage; watch?: Watch },
): Promise<Stack> {
  const directory = join(benchFolder(root), "cloud");
  const local = await prepareLocalCloud({ root, directory, log: () => undefined });
  const workDir = join(benchFolder(root), "stacks");
  mkdirSync(workDir, { recursive: true });
  writeFileSync(join(workDir, "Pulumi.yaml"), "name: pv-to-hvm\nruntime: nodejs\n");
  const sources = Array.from({ length: count }, (_, number) =>
    // The finished ones are copies of one, whose source is part of its key.
    stage === "new" ? sourceImageOf(number) : SAMPLE_IMAGE_ID,
  );
  const stackName = `bench-${stage}`;
  // JSON is YAML as well.
  writeFileSync(join(workDir, `Pulumi.${stackName}.yaml`), JSON.stringify(settingsOf(sources)));
  return selectStack(local, { workDir, stackName, program: programOf(root, watch) });
}

/** The name of a migration of these stacks. Three digits, so that all have one length. */
export function migrationName(number: number): string {
  return `web-${String(number).padStart(3, "0")}`;
}

/** The image that it migrates. */
export function sourceImageOf(number: number): string {
  return `ami-0be7c4000000${String(number).padStart(5, "0")}`;
}

/** `preview-once N STAGE`: prints what it took, as one line of JSON. */
export async function previewOnce(root: string, count: number, stage: Stage): Promise<void> {
  const watch = new Watch();
  const stack = await previewStack(root, { count, stage, watch });
  const started = performance.now();
  const { changeSummary } = await stack.preview();
  const ended = performance.now();
  const told: PreviewTold = {
    seconds: (ended - started) / 1000,
    untilProgram: (watch.began - started) / 1000,
    afterProgram: (ended - watch.lastAnswer) / 1000,
    lookUps: callsOf(watch.calls.invoke),
    registrations: callsOf(watch.calls.registerResource),
    changes: changeSummary as Record<string, number>,
  };
  console.log(JSON.stringify(told));
}

type Span = [from: number, to: number];

/** Notes when the program's calls to the engine begin and end. */
class Watch {
  began = 0;
  lastAnswer = 0;
  readonly calls: Record<"invoke" | "registerResource", Span[]> = { invoke: [], registerResource: [] };

  /** At the program's beginning, which is when the engine's end of the wire is there. */
  begin(): void {
    this.began = performance.now();
    const monitor = pulumi.runtime.getMonitor() as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const [method, spans] of Object.entries(this.calls)) {
      const call = monitor[method].bind(monitor);
      monitor[method] = (...args) => {
        const from = performance.now();
        const answered = args.pop() as (...answer: unknown[]) => void;
        return call(...args, (...answer: unknown[]) => {
          this.lastAnswer = performance.now();
          spans.push([from, this.lastAnswer]);
          answered(...answer);
        });
      };
    }
  }
}

/** The stack program itself, compiled as users have it. */
function programOf(root: string, watch?: Watch): PulumiFn {
  const program = createRequire(join(root, "dist", "index.js"))("./index.js") as PulumiFn;
  return async () => {
    watch?.begin();
    return program();
  };
}

/** The stack's settings, as its file has them. */
function settingsOf(sources: string[]) {
  const entries = sources.map((imageId, number) => [
    migrationName(number),
    {
      source: { imageId },
      helper: { subnetId: "subnet-00000000000000001", allowedCidrs: ["198.18.0.0/15"] },
      rehearsal: { skip: true },
    },
  ]);
  return { config: { "aws:region": "us-east-1", "pv-to-hvm:migrations": Object.fromEntries(entries) } };
}

function callsOf(spans: Span[]): Calls {
  const lengths = spans.map(([from, to]) => to - from).sort((a, b) => a - b);
  return {
    count: spans.length,
    medianMs: lengths[Math.floor(lengths.length / 2)] ?? 0,
    seconds: covered(spans) / 1000,
  };
}

/** How much the spans cover together. */
function covered(spans: Span[]): number {
  let [sum, end] = [0, -Infinity];
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}

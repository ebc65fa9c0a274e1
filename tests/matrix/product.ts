/** The program under test, as it is shipped: the bundle in dist/, run with the helper's own programs. */
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { toolboxCommand, toolboxImage } from "../../local/machines/toolbox";
import type { StepReport } from "../../converter/types";
import type { Bus } from "./rows";

const PROGRAM = path.resolve("dist/pv-to-hvm.cjs");

export interface Run {
  status: number;
  /** Standard error: progress, and the sentences of a refusal. */
  log: string;
  /** What `--json` printed, where it could be read. */
  reports: StepReport[];
}

/** Runs a command of pv-to-hvm in the toolbox. */
export function pvToHvm(words: string[], folder: string): Run {
  const command = ["node", PROGRAM, ...words, "--json"];
  const [program, ...rest] = toolboxCommand(toolboxImage(), folder, command, [path.dirname(PROGRAM)]);
  const { status, stdout, stderr, error } = spawnSync(program, rest, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return { status: status ?? -1, log: stderr + (error ? String(error) : ""), reports: parse(stdout) };
}

function parse(text: string): StepReport[] {
  try {
    const value = JSON.parse(text) as StepReport | StepReport[];
    return Array.isArray(value) ? value : [value];
  } catch {
    return [];
  }
}

export function convert(source: string, destination: string, options: string[], folder: string): Run {
  return pvToHvm(["convert", source, destination, ...options], folder);
}

export interface Boot {
  disk: string;
  bus: Bus;
  timeoutSeconds: number;
  /** Gets the whole of the serial console. */
  consoleFile: string;
}

/** Boots a disk on a throw-away overlay. */
export function rehearse({ disk, bus, timeoutSeconds, consoleFile }: Boot, folder: string): Run {
  const rest = ["--timeout", String(timeoutSeconds), "--console", consoleFile];
  return pvToHvm(["rehearse", disk, "--disk", bus, ...rest], folder);
}

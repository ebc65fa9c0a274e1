/** The program for live sources as it is shipped, run by the shells that guests have. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { LiveReport } from "../../live/types";
import { scratchFolder } from "../converter/disk/images";

/** Every kind of /bin/sh that a guest may have, by the command that starts it. */
export const SHELLS: Record<string, string[]> = {
  dash: ["dash"],
  "busybox sh": ["busybox", "sh"],
  "bash --posix": ["bash", "--posix"],
};

/** The shells that this machine has. */
export function shellsHere(): string[] {
  return Object.keys(SHELLS).filter((shell) => spawnSync("which", [SHELLS[shell][0]]).status === 0);
}

let assembled: string | undefined;

/** The text of `pv-to-hvm.sh`. */
export function programText(): string {
  const script = 'import("./live/assemble.mjs").then((m) => process.stdout.write(m.assembleLiveProgram()))';
  assembled ??= spawnSync(process.execPath, ["-e", script], {
    cwd: path.join(__dirname, "../.."),
    encoding: "utf8",
  }).stdout;
  return assembled;
}

/** The program in a file of its own, which `removeFolders` takes away. */
export function programFile(): string {
  const file = path.join(scratchFolder(), "pv-to-hvm.sh");
  fs.writeFileSync(file, programText());
  return file;
}

export interface LiveRun {
  status: number;
  /** Progress, line by line. */
  lines: string[];
  stdout: string;
  /** Absent where standard output is no record. */
  report: LiveReport;
}

/** Runs it with `--json`. */
export function runLive(
  shell: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv; program?: string } = {},
): LiveRun {
  const [command, ...first] = SHELLS[shell];
  const words = [...first, options.program ?? programFile(), ...args, "--json"];
  return resultOf(spawnSync(command, words, { encoding: "utf8", env: options.env, maxBuffer: 2 ** 26 }));
}

export function resultOf({ status, stdout, stderr }: SpawnSyncReturns<string>): LiveRun {
  return {
    status: status ?? -1,
    stdout,
    lines: (stderr ?? "").trimEnd().split("\n"),
    get report() {
      return JSON.parse(stdout) as LiveReport;
    },
  };
}

/** Runs a script among the program's functions, in a scratch folder of its own as the program makes one. */
export function runFunctions(shell: string, script: string, env: NodeJS.ProcessEnv = {}): string {
  const functions = programText().replace(/\nmain "\$@"\nexit\n$/, "\n");
  const text = `${functions}\nLC_ALL=C; export LC_ALL\nmake_scratch\n${script}\nclean_up\n`;
  const file = path.join(scratchFolder(), "functions.sh");
  fs.writeFileSync(file, text);
  const [command, ...first] = SHELLS[shell];
  const { status, stdout, stderr } = spawnSync(command, [...first, file], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${shell} ended with ${status}: ${stderr}`);
  return stdout;
}

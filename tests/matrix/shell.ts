/** Programs of the host, run to their end one after the other; what they leave behind is taken away whatever happens. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a command whatever its exit status. `status` is -1 where a signal ended it or it could not be started. */
export function attempt(
  command: string[],
  options: { input?: string; env?: NodeJS.ProcessEnv } = {},
): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command[0], command.slice(1), {
    encoding: "utf8",
    input: options.input ?? "",
    env: { PATH, LC_ALL: "C", HOME: "/root", ...options.env },
    maxBuffer: 2 ** 28,
  });
  return {
    status: status ?? -1,
    stdout: stdout ?? "",
    stderr: (stderr ?? "") + (error ? String(error) : ""),
  };
}

/** Runs a command and gives its standard output. Throws where it fails, with its last lines. */
export function sh(...command: string[]): string {
  return shWith({}, ...command);
}

/** The same with a text for its standard input. */
export function shWith(options: { input?: string; env?: NodeJS.ProcessEnv }, ...command: string[]): string {
  const { status, stdout, stderr } = attempt(command, options);
  if (status === 0) return stdout;
  const said = (stderr.trim() || stdout.trim()).split("\n").slice(-8).join("\n");
  throw new Error(`${command.join(" ")} ended with ${status}:\n${said}`);
}

/** Whether the host has a program. */
export function has(program: string): boolean {
  return PATH.split(":").some((folder) => fs.existsSync(path.join(folder, program)));
}

/** A folder for the time of `work`. */
export function withFolder<T>(work: (folder: string) => T): T {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pv-to-hvm-matrix-"));
  try {
    return work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Part of a file as a loop device, for the time of `work`. Bytes. */
export function withLoop<T>(
  file: string,
  piece: { start: number; length: number; readOnly?: boolean },
  work: (device: string) => T,
): T {
  const window = ["-o", String(piece.start), "--sizelimit", String(piece.length)];
  const device = sh("losetup", "-f", "--show", ...window, ...(piece.readOnly ? ["-r"] : []), file).trim();
  try {
    return work(device);
  } finally {
    sh("losetup", "-d", device);
  }
}

/** A filesystem mounted on a folder, for the time of `work`. A regular file is mounted through a loop device. */
export function withMount<T>(what: string, folder: string, options: string, work: () => T): T {
  fs.mkdirSync(folder, { recursive: true });
  sh("mount", "-o", fs.statSync(what).isFile() ? `loop,${options}` : options, what, folder);
  try {
    return work();
  } finally {
    sh("umount", folder);
  }
}

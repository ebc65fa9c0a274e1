/**
 * The server in front of a cloud's folder: one for each folder, started by whoever needs it first, and found by all others.
 * It knows nothing of what is behind: a provider of the engine's comes here as well.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../commands/project";
import { startTimeOf } from "../machines/process";
import { makePrivateFolder } from "../privateFiles";

/** What a folder says of its server: the last one, if none runs. */
export interface DaemonRecord {
  url: string;
  pid: number;
  /** When it started, so that no other process with its id is taken for it. */
  startTime: string;
}

export interface Ec2Daemon {
  /** For `AWS_ENDPOINT_URL_EC2` and `AWS_ENDPOINT_URL_STS`. */
  url: string;
  /** This process needs it no longer. The end of this process says the same. */
  release(): void;
}

export interface DaemonOptions {
  /**
   * Whether it goes on when nobody holds it, for programs that hold nothing: `aws`, or a `pulumi` that is run by hand. It then
   * ends 8 hours after its last request. Default false: it ends some seconds after its last holder.
   */
  stays?: boolean;
  /** Where it is to listen, where it is started now. Default: where it did before, else any free port. */
  port?: number;
}

/** The path by which a process holds the server, and by which it is asked to stay. */
export const HOLD_PATH = "/pv-to-hvm/hold";
export const STAY_PATH = "/pv-to-hvm/stay";
/** Names the folder that is meant: another server may have got the port of one that has ended. */
export const FOLDER_HEADER = "x-pv-to-hvm-cloud";

const START_LIMIT_MS = 60_000;

/**
 * Finds the server of a cloud's folder, or starts it, and holds it.
 * @throws Error with its last words where it does not start.
 */
export async function ec2Daemon(
  directory: string,
  { stays = false, port }: DaemonOptions = {},
): Promise<Ec2Daemon> {
  makePrivateFolder(directory);
  const daemon = (await holdRunning(directory)) ?? (await start(directory, port));
  if (stays) await ask(daemon.url, STAY_PATH, directory);
  return daemon;
}

/** Ends the server of a folder, after what it is at, and waits until it has ended. Does nothing if none runs. */
export async function endEc2Daemon(directory: string): Promise<void> {
  const record = readDaemonRecord(directory);
  if (!record || !isRunning(record)) return;
  process.kill(record.pid, "SIGTERM");
  const end = Date.now() + START_LIMIT_MS;
  while (isRunning(record) && Date.now() < end) await sleep(20);
  if (isRunning(record)) process.kill(record.pid, "SIGKILL");
}

export function readDaemonRecord(directory: string): DaemonRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(directory), "utf8")) as DaemonRecord;
  } catch {
    // None has run here yet.
    return undefined;
  }
}

/** Renamed into place: nobody reads half of it. */
export function writeDaemonRecord(directory: string, record: DaemonRecord): void {
  const file = recordFile(directory);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

function recordFile(directory: string): string {
  return join(directory, "ec2-api.json");
}

function isRunning({ pid, startTime }: DaemonRecord): boolean {
  return startTimeOf(pid) === startTime;
}

/** Whether one runs that answers for this folder; held, if so. */
export async function holdRunning(directory: string): Promise<Ec2Daemon | undefined> {
  const record = readDaemonRecord(directory);
  if (!record || !isRunning(record)) return undefined;
  const release = await ask(record.url, HOLD_PATH, directory).catch(() => undefined);
  return release && { url: record.url, release };
}

async function start(directory: string, port = 0): Promise<Ec2Daemon> {
  const words = join(directory, "ec2-api.log");
  const log = openSync(words, "w");
  const program = join(projectRoot(), "dist", "local", "ec2-api.cjs");
  const child = spawn(process.execPath, [program, directory, String(port)], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  let problem: string | undefined;
  child.once("error", (error) => (problem = error.message));
  child.once(
    "exit",
    (status) => (problem = status === 0 ? undefined : `it ended with exit status ${status}`),
  );
  const end = Date.now() + START_LIMIT_MS;
  while (Date.now() < end && problem === undefined) {
    const daemon = await holdRunning(directory);
    if (daemon) return daemon;
    await sleep(20);
  }
  const said = readFileSync(words, "utf8").trim();
  throw new Error(
    `The local cloud's server did not start: ${problem ?? `no answer in ${START_LIMIT_MS / 1000} s`}. ` +
      `It said: ${said || "nothing"}. Its words are in ${words}; \`npm run build\` makes the program anew.`,
  );
}

/** Sends a request whose answer never ends, and gives what ends it. It keeps nobody's process alive. */
function ask(url: string, path: string, directory: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const asking = request(`${url}${path}`, { agent: false, headers: { [FOLDER_HEADER]: directory } });
    asking.on("response", (response) => {
      response.on("error", () => undefined).resume();
      response.socket.unref();
      if (response.statusCode === 200) return resolve(() => asking.destroy());
      asking.destroy();
      reject(new Error(`${url} answers for another cloud`));
    });
    asking.on("error", reject);
    asking.end();
  });
}

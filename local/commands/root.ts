/**
 * Mounts, loop devices and machines need root. A program that needs it starts itself again through sudo; what it leaves in
 * the checkout belongs to the checkout's owner afterwards. Every program of this project that needs root passes here.
 */
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { constants, homedir } from "node:os";
import { delimiter, join } from "node:path";
import { findEngine } from "../engine/engine";
import { handBack } from "./handBack";
import { projectRoot } from "./project";

export interface RootOptions {
  /**
   * Whether the program needs Pulumi's engine. Then that is brought here before sudo: to build it needs no root, and the
   * user's own Go settings and caches are used. Default false.
   */
  engine?: boolean;
  /** Added to the program's own words when it is started again, where they are not there. Default none. */
  words?: string[];
}

/** Set for a program that another process of this module waits for. */
const SUPERVISED = "PV_TO_HVM_SUPERVISED";

/** Returns in a process that is root, with a complete PATH; in any other it ends when that process has ended. */
export async function ensureRoot({ engine = false, words = [] }: RootOptions = {}): Promise<void> {
  process.env.PATH = withSystemFolders(process.env.PATH);
  const isRoot = process.getuid?.() === 0;
  const root = projectRoot();
  const owner = statSync(root);
  if (isRoot && (owner.uid === 0 || process.env[SUPERVISED])) return;
  const said = process.argv.slice(1);
  const added = words.filter((word) => !said.includes(word));
  const again = [process.execPath, ...process.execArgv, ...said, ...added];
  if (isRoot) {
    const status = await ended(again, { [SUPERVISED]: "1" });
    handBack(root, owner);
    process.exit(status);
  }
  if (engine) await findEngine({ cache: join(root, ".cache"), log });
  log("sudo: root is needed to mount file systems and to start machines with networks of their own");
  process.exit(await ended(["sudo", ...sudoWords(), ...again]));
}

/** Debian puts these on root's PATH alone: `nft`, `ip`, `losetup` and `mke2fs` are there. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The PATH with these folders behind it, where it lacks them. What is found today is found as before. */
export function withSystemFolders(path = ""): string {
  const folders = path.split(delimiter).filter(Boolean);
  return [...folders, ...SYSTEM_FOLDERS.filter((folder) => !folders.includes(folder))].join(delimiter);
}

/**
 * The user's environment, with root's own HOME: programs keep caches there, and those of root would shut the user out.
 * sudo would put a PATH of its own in place of the user's, and might find another pulumi there.
 */
function sudoWords(): string[] {
  const pulumiHome = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  // The plugins that the user has fetched already are looked for there.
  const plugins = existsSync(pulumiHome) ? [`PULUMI_HOME=${pulumiHome}`] : [];
  const caches = ["npm_config_cache", "XDG_CACHE_HOME", "GOPATH", "GOCACHE", "GOMODCACHE"];
  const unset = caches.flatMap((name) => ["--unset", name]);
  return ["--preserve-env", "--set-home", "env", ...unset, `PATH=${process.env.PATH}`, ...plugins];
}

/**
 * Runs a command to its end and gives its exit status, as a shell would. Ctrl-C reaches the command by the terminal, and it
 * ends in its own time; other signals are handed on.
 */
function ended([program, ...args]: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once("error", (error) => {
      log(`${program} could not be started: ${error.message}. Run this as root, or install ${program}.`);
      resolve(1);
    });
    child.once("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}

function log(line: string): void {
  console.error(`[set-up] ${line}`);
}

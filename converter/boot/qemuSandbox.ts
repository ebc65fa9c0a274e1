/**
 * What QEMU may do while it runs a guest: its device models are what an unknown guest works on, and have had ways out. It runs
 * by bubblewrap with nothing of this machine but its programs, one disk and a folder, without a network; as a user that nobody
 * else is, and under QEMU's own filter of system calls.
 */
import * as fs from "node:fs";
import { type Runner, dyingWithThisProgram } from "../run";

/** Nobody's: systemd's table of users has nothing from 60706 to 61183 (https://systemd.io/UIDS-GIDS). */
export const QEMU_USER = 61_048;

/**
 * Every group of system calls that QEMU's filter knows. With `-runas` QEMU has to change its user after the filter is there, and
 * is killed for it where that is denied: nothing is lost, for neither rights nor new privileges are left afterwards.
 */
const filter = (elevate: "allow" | "deny") => [
  ...["-sandbox", `on,obsolete=deny,elevateprivileges=${elevate},spawn=deny,resourcecontrol=deny`],
];

/** How QEMU is told its user, the newest first: `-runas` goes in a version after 10. */
const AS_USER = [
  ["-run-with", `user=${QEMU_USER}:${QEMU_USER}`],
  ["-runas", `${QEMU_USER}:${QEMU_USER}`],
];

/** What this machine's QEMU can be held by. */
export interface QemuWalls {
  arguments: string[];
  /** What it cannot, in words for the log. */
  missing: string[];
}

/** Asks QEMU, which starts no machine for it: an old one, or one that was built without, does not know the arguments. */
export async function wallsOf(runner: Runner): Promise<QemuWalls> {
  let user: string[] = [];
  for (const words of AS_USER) if (user.length === 0 && (await isKnown(words, runner))) user = words;
  const wanted = filter(user.length > 0 ? "allow" : "deny");
  const filtered = await isKnown(wanted, runner);
  return {
    arguments: [...(filtered ? wanted : []), ...user],
    missing: [
      ...(filtered ? [] : ["a filter of system calls (-sandbox)"]),
      ...(user.length > 0 ? [] : ["a user of its own (-run-with user, -runas)"]),
    ],
  };
}

async function isKnown(words: string[], runner: Runner): Promise<boolean> {
  const asked = ["qemu-system-x86_64", ...words, "-machine", "help"];
  const { exitCode } = await runner(asked, { purpose: "asking what QEMU can do", accept: [-1, 0, 1] });
  return exitCode === 0;
}

/** Where programs and their libraries are, and what finds them. `/nix` and `/gnu`: distributions with folders of their own. */
const PROGRAMS = [
  "/usr",
  "/bin",
  "/lib",
  "/lib32",
  "/lib64",
  "/etc/ld.so.cache",
  "/etc/alternatives",
  "/nix",
  "/gnu",
];

/** To open what is another user's, and to become a user without any: gone before the guest runs. */
const CAPABILITIES = ["CAP_DAC_OVERRIDE", "CAP_SETUID", "CAP_SETGID"];

/** What QEMU may reach. */
export interface Reach {
  disk: string;
  /** For what it writes. */
  folder: string;
}

/** QEMU's command in its sandbox; whatever ends this program ends it. Its user is another, which forgets who its parent was: so process 1 in there ends with this program, and all others with that. */
export function inQemuSandbox(command: string[], { disk, folder }: Reach): string[] {
  const real = fs.existsSync(disk) ? fs.realpathSync(disk) : disk;
  return dyingWithThisProgram([
    "bwrap",
    ...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--die-with-parent", "--new-session"],
    ...["--cap-drop", "ALL", ...CAPABILITIES.flatMap((name) => ["--cap-add", name])],
    ...PROGRAMS.flatMap((place) => ["--ro-bind-try", place, place]),
    ...["--proc", "/proc", "--dev", "/dev", "--dev-bind-try", "/dev/kvm", "/dev/kvm"],
    ...["--bind", folder, folder, "--dev-bind", real, disk],
    ...["--chdir", folder, "--"],
    ...command,
  ]);
}

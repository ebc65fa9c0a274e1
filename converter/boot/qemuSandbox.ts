/**
 * The sandbox in which QEMU runs a guest. An unknown guest can attack QEMU's device models, which have had holes. So QEMU runs
 * in bubblewrap: it sees only its programs, one disk and one folder, and has no network. It runs as a user of its own, under
 * QEMU's own filter of system calls.
 */
import * as fs from "node:fs";
import { type Runner, dyingWithThisProgram } from "../run";

/** A user id that nothing else uses: systemd's table has nothing from 60706 to 61183 (https://systemd.io/UIDS-GIDS). */
export const QEMU_USER = 61_048;

/**
 * Every group of system calls that QEMU's filter knows. With `-runas`, QEMU changes its user after it set the filter, and would
 * be killed if the filter denied that. Allowing it is safe: after the change, QEMU has no privileges and can get none.
 */
const filter = (elevate: "allow" | "deny") => [
  ...["-sandbox", `on,obsolete=deny,elevateprivileges=${elevate},spawn=deny,resourcecontrol=deny`],
];

/** The arguments that set QEMU's user, the newest first: a version after 10 drops `-runas`. */
const AS_USER = [
  ["-run-with", `user=${QEMU_USER}:${QEMU_USER}`],
  ["-runas", `${QEMU_USER}:${QEMU_USER}`],
];

/** The sandbox that this machine's QEMU supports. */
export interface QemuSandbox {
  arguments: string[];
  /** The parts that it does not support, in words for the log. */
  missing: string[];
}

/** Asks QEMU, without starting a machine. An old QEMU, or one that was built without a part, does not know its arguments. */
export async function sandboxFor(runner: Runner): Promise<QemuSandbox> {
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

/** Folders and files that programs need to start. `/nix` and `/gnu`: some distributions keep their programs there. */
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

/** Needed to open files of other users, and to change the user. QEMU gives them up before the guest runs. */
const CAPABILITIES = ["CAP_DAC_OVERRIDE", "CAP_SETUID", "CAP_SETGID"];

/** What QEMU can reach. */
export interface Reach {
  disk: string;
  /** The folder that QEMU writes to. */
  folder: string;
}

/**
 * QEMU's command in its sandbox. QEMU ends if this program ends, for any reason. The change of user resets QEMU's own
 * death signal, so process 1 of the sandbox ends with this program, and QEMU ends with process 1.
 */
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

/** Where programs of the guest run. They are root's, and nobody knows who wrote them: an image of a stranger is one as well. */
import { existsSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { dyingWithThisProgram, EXTRA_DESCRIPTOR, type Runner, type RunOptions, type RunResult } from "../run";
import { type Controller, type Limits, withLimits } from "./controlGroups";
import { systemCallFilter } from "./systemCalls";
import type { GuestTree } from "./tree";

/**
 * What generators of an initramfs do as root: give files owners and modes, look into folders of others, make device nodes for
 * the image (dracut, mkinitrd; every filesystem here is `nodev`, so none of them opens anything), and `ldconfig -r`, which
 * changes its root. Nothing that reaches the kernel's settings, modules, memory, network or other filesystems.
 */
const CAPABILITIES = [
  ...["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_SETGID", "CAP_SETUID", "CAP_KILL"],
  ...["CAP_MKNOD", "CAP_SETFCAP", "CAP_SYS_CHROOT"],
];

/** If memory runs out, these programs are ended first, and not what works beside them: choom(1). */
const FIRST_TO_GO = 1000;

/** Of processes and threads: a packer starts a few for each processor. */
const MOST_PROCESSES = 1024;

/** What a program of the guest may take of this machine: of its memory all that is free, but for an eighth of the whole. */
export function limitsHere(free = freemem(), total = totalmem()): Limits {
  return { processes: MOST_PROCESSES, memoryBytes: Math.floor(Math.max(free - total / 8, free / 2)) };
}

/** Folders of /sys that tell or change what is the machine's alone. */
const HIDDEN_IN_SYS = ["/sys/firmware", "/sys/fs", "/sys/kernel", "/sys/module"];

/** Parts of /proc that are the machine's alone, whatever namespaces a program is in. */
const SETTINGS = ["acpi", "asound", "bus", "driver", "fs", "irq", "mtrr", "scsi", "sys", "sysrq-trigger"];

/**
 * What a program of the guest finds in its environment: nothing of the helper's. `/tmp` is memory that goes with the program:
 * what dracut unpacks there needs no room in the guest, and an interruption leaves nothing of it.
 */
const ENVIRONMENT = {
  TMPDIR: "/tmp",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  HOME: "/root",
  DEBIAN_FRONTEND: "noninteractive",
};

/** How a program of the guest ended. */
export interface SandboxResult extends RunResult {
  /** The limits that it met. */
  met: Controller[];
}

/**
 * Runs a program of the guest in its root by bubblewrap: the guest's filesystems (without device nodes that open and without
 * set-user-id), a /proc of its own processes whose settings are read-only, a read-only /sys, a read-only /dev without disks,
 * no network, no new privileges, no system calls but those that a generator needs, and limits on processes and memory where
 * this machine can set them. The old root is unmounted in there, so there is no way back to it. What it starts ends with it.
 * Needs root. Throws as the runner does.
 */
export function runInGuest(
  tree: GuestTree,
  command: string[],
  runner: Runner,
  options: RunOptions,
  limits: Limits = limitsHere(),
): Promise<SandboxResult> {
  return withLimits(limits, async ({ members, met }) => {
    const goesFirst = ["choom", "-n", String(FIRST_TO_GO), "--"];
    const words = [...goesFirst, ...joining(members), ...sandbox(tree), ...command];
    const all = { env: ENVIRONMENT, ...options, extra: systemCallFilter() };
    const result = await runner(dyingWithThisProgram(words), all);
    return { ...result, met: met() };
  });
}

/** bubblewrap's words, up to those of the program. */
function sandbox(tree: GuestTree): string[] {
  const [proc, sys, dev, tmp] = ["/proc", "/sys", "/dev", "/tmp"].map((place) => insideOf(tree, place));
  const hidden = HIDDEN_IN_SYS.map((folder) => folder.replace(/^\/sys/, sys));
  return [
    "bwrap",
    ...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--die-with-parent", "--new-session", "--hostname", "guest"],
    ...["--cap-drop", "ALL", ...CAPABILITIES.flatMap((name) => ["--cap-add", name])],
    ...["--seccomp", String(EXTRA_DESCRIPTOR)],
    ...["--bind", tree.root, "/"],
    ...["--proc", proc, "--dev", dev, "--tmpfs", tmp, "--ro-bind", "/sys", sys],
    // Filesystems in memory, and each may take half of it: /tmp is the one that can be written to.
    ...hidden.flatMap((folder) => ["--tmpfs", folder, "--remount-ro", folder]),
    ...["--remount-ro", dev],
    ...coveredIn(proc),
    ...["--chdir", "/", "--"],
  ];
}

/** Constant words for a shell, which enters the groups and becomes the command: `0` is whoever writes it. */
const JOIN = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 125; shift; done; shift; exec "$@"';

function joining(members: string[]): string[] {
  return members.length === 0 ? [] : ["sh", "-c", JOIN, "sh", ...members, "--"];
}

/** What root may change in /proc without any capability, made read-only, and the kernel's memory, emptied. Not every kernel has all of it. */
function coveredIn(proc: string): string[] {
  const there = SETTINGS.filter((name) => existsSync(`/proc/${name}`));
  return [
    ...there.flatMap((name) => ["--ro-bind", `/proc/${name}`, `${proc}/${name}`]),
    ...(existsSync("/proc/kcore") ? ["--ro-bind", "/dev/null", `${proc}/kcore`] : []),
  ];
}

/** A place as the guest has it: some have a link there (`/tmp` to `/var/tmp`), which is followed inside the guest. */
function insideOf(tree: GuestTree, place: string): string {
  return tree.hostPath(place).slice(tree.root.length) || "/";
}

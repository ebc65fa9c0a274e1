/** Where programs of the guest run. They are root's, and nobody knows who wrote them: an image of a stranger is one as well. */
import { existsSync } from "node:fs";
import { dyingWithThisProgram, type Runner, type RunOptions, type RunResult } from "../run";
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

/**
 * Runs a program of the guest in its root by bubblewrap: the guest's filesystems (without device nodes that open and without
 * set-user-id), a /proc of its own processes whose settings are read-only, a read-only /sys, a /dev without disks, no network,
 * no new privileges. The old root is unmounted in there, so there is no way back to it. What it starts ends with it. Needs root.
 * Throws as the runner does.
 */
export function runInGuest(
  tree: GuestTree,
  command: string[],
  runner: Runner,
  options: RunOptions,
): Promise<RunResult> {
  const [proc, sys, dev, tmp] = ["/proc", "/sys", "/dev", "/tmp"].map((place) => insideOf(tree, place));
  const sandbox = [
    "bwrap",
    ...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--die-with-parent", "--new-session", "--hostname", "guest"],
    ...["--cap-drop", "ALL", ...CAPABILITIES.flatMap((name) => ["--cap-add", name])],
    ...["--bind", tree.root, "/"],
    ...["--proc", proc, "--dev", dev, "--tmpfs", tmp, "--ro-bind", "/sys", sys],
    ...HIDDEN_IN_SYS.flatMap((folder) => ["--tmpfs", folder.replace(/^\/sys/, sys)]),
    ...coveredIn(proc),
    ...["--chdir", "/", "--"],
  ];
  const goesFirst = ["choom", "-n", String(FIRST_TO_GO), "--"];
  return runner(dyingWithThisProgram([...goesFirst, ...sandbox, ...command]), {
    env: ENVIRONMENT,
    ...options,
  });
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

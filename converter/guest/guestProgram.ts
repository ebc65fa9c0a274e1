/** Running the guest's own programs: whether they run here at all, and what it means when they fail. */
import { FailedError } from "../errors";
import { formatBytes } from "../disk/sizes";
import type { Runner } from "../run";
import type { Controller, Limits } from "./controlGroups";
import { limitsHere, runInGuest, type SandboxResult } from "./sandbox";
import { programPath } from "./initramfs/generators/detect";
import type { GuestTree } from "./tree";

/** Under QEMU's TCG an initramfs of 30 MB takes two minutes. */
const TIMEOUT_SECONDS = 1200;

const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/** Runs a program of the guest to its end. Throws a `FailedError` with its last lines where it fails, with the limits that it met, and with what to do where that is known. */
export async function runGuestProgram(
  tree: GuestTree,
  command: string[],
  runner: Runner,
  purpose: string,
  limits = limitsHere(),
): Promise<void> {
  const options = { purpose, timeoutSeconds: TIMEOUT_SECONDS, accept: [-1, ...ANY_EXIT_CODE] };
  const result = await runInGuest(tree, command, runner, options, limits);
  if (result.exitCode !== 0) throw new FailedError(describeFailure(result, command, purpose, limits));
}

/**
 * Runs the interpreter of a program of the guest, and `date` in it: both ask for the time, for which programs of glibc before
 * 2.15 call a page that this machine may not have. Throws a `FailedError` saying why the guest's programs do not run.
 */
export async function probeGuestProgram(tree: GuestTree, program: string, runner: Runner): Promise<void> {
  const interpreter = interpreterOf(tree, program);
  const purpose = `trying whether the guest's programs run on this machine`;
  await runGuestProgram(tree, [interpreter, "-c", "date >/dev/null"], runner, purpose);
}

/** By the first line of the program's script: bash for dracut and both mkinitrd, sh for initramfs-tools. */
function interpreterOf(tree: GuestTree, program: string): string {
  const script = tree.readStart(programPath(tree, program) ?? "/nowhere", 256)?.toString("latin1") ?? "";
  const named = /^#!\s*(\/\S+)/.exec(script)?.[1];
  return named !== undefined && /\/(?:ba|da|k)?sh$/.test(named) ? named : "/bin/sh";
}

/** 128 + SIGSEGV: what the shell and bubblewrap hand on. */
const SEGMENTATION_FAULT = 139;

/** What to do about a failure, by what the program said. */
const REMEDIES: [said: RegExp, remedy: string][] = [
  [
    /segmentation fault/i,
    "Programs of glibc before 2.15 (EL 6, Debian 6 and older) need the vsyscall page: boot the helper with vsyscall=emulate.",
  ],
  [
    /exec format error/i,
    "This machine's kernel cannot run the guest's programs: use an x86_64 helper whose kernel runs 32-bit programs too (CONFIG_IA32_EMULATION).",
  ],
  [
    /no space left on device/i,
    "Make room in the source's /boot and root, by removing old kernels, or rebuild the initramfs there.",
  ],
  [
    /No module (\S+) found for kernel/,
    "Rebuild the initramfs in the source, where its configuration is known to work.",
  ],
];

/** What a program that met a limit is told by. */
const LIMITED: Record<Controller, (limits: Limits) => string> = {
  pids: ({ processes }) => `It started more than ${processes} processes at a time`,
  memory: ({ memoryBytes }) =>
    `It needed more memory than the ${formatBytes(memoryBytes)} that it may take here`,
};

function describeFailure(result: SandboxResult, command: string[], purpose: string, limits: Limits): string {
  const { exitCode, stderr, stdout, timedOut } = result;
  const said = (stderr.trim() || stdout.trim()).split("\n").slice(-12).join("\n");
  const how = timedOut ? `was ended after ${TIMEOUT_SECONDS} s` : `ended with exit code ${exitCode}`;
  const message = `${purpose}: the guest's ${command.join(" ")} ${how}:\n${said}`;
  const met = result.met.map((controller) => LIMITED[controller](limits));
  if (met.length > 0)
    return `${message}\n${met.join(". ")}. Take a helper with more memory if the guest is to be trusted; else look what that program does.`;
  const known = exitCode === SEGMENTATION_FAULT ? "segmentation fault" : said;
  const remedy = REMEDIES.find(([pattern]) => pattern.test(known))?.[1];
  return `${message}\n${remedy ?? "Rebuild the initramfs in the source with the drivers that inspect names, and convert again."}`;
}

import { FailedError } from "../errors";
import type { Runner, RunResult } from "../run";
import type { InitramfsPlan } from "../types";
import { runInGuest } from "./chroot";
import { moduleKey, type Driver } from "./drivers";
import { initramfsModules } from "./initramfsContent";
import { builtInDrivers } from "./modules";
import { GuestTree } from "./tree";

export { initramfsModules, listInitramfs } from "./initramfsContent";

/** Under QEMU's TCG an initramfs of 30 MB takes two minutes. */
const TIMEOUT_SECONDS = 1200;

/**
 * Rebuilds each initramfs that the plan says to, by the guest's own program in the guest's own root, and reads the result
 * again: what the program says of its success is not taken for it. Returns the kernels that were rebuilt. One that has
 * every driver already is left alone, so that a second run does nothing.
 *
 * Throws a `FailedError` where the program fails, or where the new image still lacks a driver.
 * @param root where the guest's root is mounted, writable
 */
export async function rebuildInitramfs(
  root: string,
  plans: InitramfsPlan[],
  runner: Runner,
): Promise<string[]> {
  const tree = new GuestTree(root);
  const rebuilt: string[] = [];
  for (const plan of plans.filter(({ action }) => action === "rebuild")) {
    if ((await stillMissing(tree, plan, runner)).length === 0) continue;
    await rebuild(tree, plan, runner);
    await verify(tree, plan, runner);
    rebuilt.push(plan.kernel);
  }
  return rebuilt;
}

async function rebuild(tree: GuestTree, plan: InitramfsPlan, runner: Runner): Promise<void> {
  const purpose = `rebuilding the initramfs of kernel ${plan.kernel}`;
  // An image whose modules were never indexed has an empty initramfs as a result (compute-image-tools#1139).
  if (!tree.exists(`/lib/modules/${plan.kernel}/modules.dep`))
    await runGuestProgram(tree, ["depmod", plan.kernel], runner, purpose);
  await runGuestProgram(tree, rebuildCommand(plan), runner, purpose);
}

function rebuildCommand({ tool, kernel }: InitramfsPlan): string[] {
  switch (tool) {
    case "update-initramfs":
      return ["update-initramfs", "-u", "-k", kernel];
    default:
      throw new FailedError(
        `kernel ${kernel}: its initramfs cannot be rebuilt by ${tool ?? "any program of the guest"}. Rebuild it in the source.`,
      );
  }
}

async function runGuestProgram(
  tree: GuestTree,
  command: string[],
  runner: Runner,
  purpose: string,
): Promise<void> {
  const accept = Array.from({ length: 256 }, (_, code) => code);
  const result = await runInGuest(tree, command, runner, {
    purpose,
    timeoutSeconds: TIMEOUT_SECONDS,
    accept,
  });
  if (result.exitCode !== 0) throw new FailedError(describeFailure(result, command, purpose));
}

/** 128 + SIGSEGV: what the shell and `unshare --fork` hand on. */
const SEGMENTATION_FAULT = 139;

function describeFailure(
  { exitCode, stderr, stdout }: RunResult,
  command: string[],
  purpose: string,
): string {
  const said = (stderr.trim() || stdout.trim()).split("\n").slice(-12).join("\n");
  const message = `${purpose}: the guest's ${command.join(" ")} ended with exit code ${exitCode}:\n${said}`;
  if (exitCode !== SEGMENTATION_FAULT && !/segmentation fault/i.test(said)) return message;
  return `${message}\nPrograms of glibc before 2.15 (EL 6, Debian 6 and older) need the vsyscall page: boot the helper with vsyscall=emulate.`;
}

async function verify(tree: GuestTree, plan: InitramfsPlan, runner: Runner): Promise<void> {
  const missing = await stillMissing(tree, plan, runner);
  if (missing.length === 0) return;
  throw new FailedError(
    `${plan.path}: rebuilt, and it still lacks ${missing.join(", ")}. ` +
      `Rebuild it in the source with ${plan.tool} so that it has them, and convert again.`,
  );
}

/** Of the drivers that the plan found missing, those that are neither in the image nor built in. */
async function stillMissing(tree: GuestTree, plan: InitramfsPlan, runner: Runner): Promise<string[]> {
  const bytes = tree.readBytes(plan.path);
  if (bytes === undefined) return plan.missing;
  // What cannot be read is rebuilt; read again afterwards, it is the caller's to hear of.
  const modules = await initramfsModules(bytes, runner).catch(() => new Set<string>());
  const builtIn = builtInDrivers(tree, plan.kernel);
  return plan.missing.filter((name) => !modules.has(moduleKey(name)) && !builtIn.includes(name as Driver));
}

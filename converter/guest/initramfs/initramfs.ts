import fs from "node:fs";
import path from "node:path";
import { FailedError, rethrowObstacle } from "../../errors";
import type { Runner } from "../../run";
import type { InitramfsPlan } from "../../types";
import type { Log } from "../../progress";
import { unlimitedHere } from "../controlGroups";
import { hasDriver, moduleKey, DRIVER_NAMES, type Driver } from "../kernel/drivers";
import { probeGuestProgram, runGuestProgram } from "../guestProgram";
import { readInitramfs, type InitramfsContent } from "./initramfsContent";
import { loadableModules } from "../kernel/moduleDependencies";
import { readKernelConfig } from "../kernel/kernelConfig";
import { builtInDrivers, installedModules, moduleFolder } from "../kernel/modules";
import { GuestTree } from "../tree";

/**
 * Rebuilds each initramfs that the plan says to, by the guest's own program in the guest's own root, and reads the result
 * again: what the program says of its success is not taken for it. The old image stays until the new one was judged. Returns
 * the kernels that were rebuilt. One that has every driver already is left alone, so that a second run does nothing.
 *
 * Throws a `FailedError` if the program fails, or if the new image lacks a driver.
 * @param root where the guest's root is mounted, writable
 */
export async function rebuildInitramfs(
  root: string,
  plans: InitramfsPlan[],
  runner: Runner,
  log: Log = () => undefined,
): Promise<string[]> {
  const tree = new GuestTree(root);
  if (plans.some(({ depmod, action }) => depmod || action === "rebuild")) await tellUnlimited(log);
  const rebuilt: string[] = [];
  let probed = false;
  for (const plan of plans) {
    if (plan.depmod) await indexModules(tree, plan, runner);
    if (plan.action !== "rebuild") continue;
    if (!(await isToBeDone(tree, plan, runner))) {
      clearLeftovers(tree, plan);
      continue;
    }
    const command = commandOf(plan);
    if (!probed) await probeGuestProgram(tree, command[0], runner);
    probed = true;
    await replaceImage(tree, plan, command, runner);
    rebuilt.push(plan.kernel);
  }
  return rebuilt;
}

/** The sandbox holds without limits as well; only, a program that takes all of a machine makes the rest wait. */
async function tellUnlimited(log: Log): Promise<void> {
  const names = { pids: "the number of processes", memory: "memory" };
  const unlimited = (await unlimitedHere()).map((controller) => names[controller]);
  if (unlimited.length > 0)
    log(
      `note: this machine's control groups cannot be written to, so programs of the guest run without a limit on ${unlimited.join(" and ")}`,
    );
}

/** An image whose modules were never indexed has an empty initramfs as a result (compute-image-tools#1139). */
async function indexModules(tree: GuestTree, { kernel }: InitramfsPlan, runner: Runner): Promise<void> {
  if (tree.exists(`${moduleFolder(tree, kernel)}/modules.dep`)) return;
  await runGuestProgram(tree, ["depmod", kernel], runner, `indexing the modules of kernel ${kernel}`);
}

function commandOf({ command, kernel, tool }: InitramfsPlan): string[] {
  if (command) return command;
  throw new FailedError(
    `kernel ${kernel}: its initramfs cannot be rebuilt by ${tool ?? "any program of the guest"}. Rebuild it in the source.`,
  );
}

/** Of what the plan asks for, whether the image that is there lacks anything. */
async function isToBeDone(tree: GuestTree, plan: InitramfsPlan, runner: Runner): Promise<boolean> {
  // What cannot be read is rebuilt; read again afterwards, it is the caller's to hear of.
  const lacking = await lackingIn(tree, plan, plan.path, runner).catch((error: unknown) => {
    rethrowObstacle(error);
    return plan.missing;
  });
  return lacking.length > 0;
}

/** Beside the image: a name of its own while a program that writes in place of it works. */
const KEPT = ".pv-to-hvm-old";

async function replaceImage(
  tree: GuestTree,
  plan: InitramfsPlan,
  command: string[],
  runner: Runner,
): Promise<void> {
  const image = tree.hostPath(plan.path);
  const output = plan.output === undefined ? image : tree.hostPath(plan.output);
  const kept = output === image ? keepOld(image) : undefined;
  const files = [image, output, ...(kept === undefined ? [] : [kept])];
  try {
    if (output !== image) fs.rmSync(output, { force: true });
    await runGuestProgram(tree, command, runner, `rebuilding the initramfs of kernel ${plan.kernel}`);
    refuseElsewhere(files, plan);
    await judge(tree, plan, runner);
    if (output !== image) takeOver(output, image);
  } catch (error) {
    refuseElsewhere(files, plan);
    if (kept !== undefined) fs.renameSync(kept, image);
    else fs.rmSync(output, { force: true });
    throw error;
  } finally {
    // Also after a rename: between two names of one file that does nothing.
    if (kept !== undefined && !isElsewhere(kept)) fs.rmSync(kept, { force: true });
  }
}

/**
 * A program of the guest may have put links in place of folders or of the image, and on this machine they lead to this
 * machine's files. Nothing is touched then. Nobody changes anything meanwhile: its last process has ended.
 */
function refuseElsewhere(files: string[], { path: image, tool }: InitramfsPlan): void {
  if (!files.some(isElsewhere)) return;
  throw new FailedError(
    `${image}: the guest's ${tool} has put a link or something else in its place, or in that of its folder, so nothing there was touched. Look what that program does; do not use this image otherwise.`,
  );
}

function isElsewhere(file: string): boolean {
  const [folder, status] = [path.dirname(file), fs.lstatSync(file, { throwIfNoEntry: false })];
  return (
    !fs.existsSync(folder) || fs.realpathSync(folder) !== folder || (status !== undefined && !status.isFile())
  );
}

/** What a run left that was interrupted between judging the new image and clearing up. */
function clearLeftovers(tree: GuestTree, { path: place, output }: InitramfsPlan): void {
  const image = tree.hostPath(place);
  for (const file of [image + KEPT, ...(output === undefined ? [] : [tree.hostPath(output)])])
    fs.rmSync(file, { force: true });
}

/** A second name for the old image, which costs no room: update-initramfs puts a new file in its place. */
function keepOld(image: string): string | undefined {
  const kept = image + KEPT;
  if (!fs.existsSync(image)) return undefined;
  // One that an interrupted run left is the older of the two, and so the original.
  if (!fs.existsSync(kept)) fs.linkSync(image, kept);
  return kept;
}

/** With the old image's owner and mode: what reads it reads the new one. */
function takeOver(output: string, image: string): void {
  const before = fs.statSync(image, { throwIfNoEntry: false });
  if (before) {
    fs.chownSync(output, before.uid, before.gid);
    fs.chmodSync(output, before.mode);
  }
  fs.renameSync(output, image);
}

async function judge(tree: GuestTree, plan: InitramfsPlan, runner: Runner): Promise<void> {
  const { path: place, output, tool } = plan;
  const lacking = await lackingIn(tree, plan, output ?? place, runner).catch((error: Error) => {
    rethrowObstacle(error);
    throw new FailedError(
      `${place}: rebuilt by ${tool}, and it cannot be read: ${error.message}. Rebuild it in the source, and convert again.`,
    );
  });
  if (lacking.length === 0) return;
  throw new FailedError(
    `${place}: rebuilt, and it still lacks ${lacking.join(", ")}. ` +
      `Rebuild it in the source with ${tool} so that it has them, and convert again.`,
  );
}

/**
 * Of what the plan wants in the image and of what the old one had for its root, what is neither in it nor built in. Throws an
 * `Error` where it cannot be read.
 */
async function lackingIn(
  tree: GuestTree,
  plan: InitramfsPlan,
  image: string,
  runner: Runner,
): Promise<string[]> {
  const bytes = tree.readBytes(image);
  if (bytes === undefined) throw new Error("it is not there");
  const read = await readInitramfs(bytes, runner);
  const content = { ...read, modules: loadableModules(read.modules, tree, plan.kernel) };
  const symbols = readKernelConfig(tree, plan.kernel)?.builtIn ?? new Set<string>();
  const builtIn = builtInDrivers(tree, plan.kernel, symbols, installedModules(tree, plan.kernel));
  const isThere = (name: string) => isIn(content, name) || builtIn.some((driver) => driver === name);
  return [...plan.missing, ...(plan.keep ?? [])].filter((name) => !isThere(name));
}

function isIn({ modules, lvm }: InitramfsContent, name: string): boolean {
  if (name === "lvm") return lvm;
  const driver = DRIVER_NAMES.find((known) => known === name);
  return driver === undefined ? modules.has(moduleKey(name)) : hasDriver(modules, driver satisfies Driver);
}

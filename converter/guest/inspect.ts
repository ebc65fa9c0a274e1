import fs from "node:fs";
import path from "node:path";
import { RefusedError } from "../errors";
import type { Runner } from "../run";
import type { BootFileFacts, GuestFacts } from "../types";
import { chooseEntry, isGrub2Script, parseMenu, PV_GRUB_PLACES, type Menu } from "./bootFile";
import { grub2Syntax, judgeDefault, noBootFile, noKernel } from "./bootFileRefusals";
import { CONSOLE_FILES, isPvGettyLink } from "./consoles";
import { inspectKernels, type InspectedKernel } from "./inspectKernels";
import { HARDWARE_MEMORY, hasPredictableNames, networkFilesByName } from "./network";
import { readInit, readInitramfsTool, readOs, readPackageManager, readUserlandArchitecture } from "./os";
import type { GuestTree } from "./tree";
import { readGlibc } from "./vsyscall";

/**
 * What a guest's root filesystem says of it. Reads the tree and writes nothing.
 * Throws a `RefusedError` with all reasons at once where it is no guest that PV-GRUB boots from this filesystem.
 */
export async function readGuest(tree: GuestTree, runner: Runner): Promise<GuestFacts> {
  const bootFile = readBootFile(tree);
  const kernels = await inspectKernels(tree, bootFile.entries, runner);
  if (kernels.length === 0) throw new RefusedError([noKernel(bootFile)]);
  return {
    os: readOs(tree),
    architecture: bootKernel(bootFile, kernels).architecture ?? readUserlandArchitecture(tree) ?? "x86_64",
    init: readInit(tree),
    bootFile,
    kernels: kernels.map(({ facts }) => facts),
    files: editableFiles(tree, bootFile.resolvedPath),
    networkByName: networkFilesByName(tree),
    predictableNames: hasPredictableNames(tree),
    bootFreeBytes: freeBytes(tree, "/boot"),
    initramfsTool: readInitramfsTool(tree),
    glibc: readGlibc(tree),
    packageManager: readPackageManager(tree),
  };
}

/** The boot file in force. Throws a `RefusedError` where there is none, or none that says which Linux boots. */
function readBootFile(tree: GuestTree): BootFileFacts {
  const place = PV_GRUB_PLACES.filter(({ device }) => device === "(hd0)").find(
    ({ path }) => tree.read(path) !== undefined,
  );
  if (!place) throw new RefusedError([noBootFile(tree)]);
  const text = tree.read(place.path) ?? "";
  const menu = resolveEntries(tree, parseMenu(text));
  const { index, why } = chooseEntry(
    menu,
    savedEntry(tree, place.path),
    ({ kernel }) => kernel !== undefined && tree.exists(kernel),
  );
  const bootFile: BootFileFacts = {
    path: place.path,
    resolvedPath: tree.resolve(place.path),
    defaultEntry: index,
    defaultWhy: why,
    entries: menu.entries,
  };
  const reasons = isGrub2Script(text) ? [grub2Syntax(bootFile)] : judgeDefault(tree, bootFile);
  if (reasons.length > 0) throw new RefusedError(reasons);
  return bootFile;
}

/** The entries' files after links: `/vmlinuz` and `/boot/vmlinuz-V` are then the same kernel. */
function resolveEntries(tree: GuestTree, menu: Menu): Menu {
  const resolved = (path?: string) => (path === undefined ? undefined : tree.resolve(path));
  const entries = menu.entries.map((entry) => ({
    ...entry,
    kernel: resolved(entry.kernel),
    initrd: resolved(entry.initrd),
  }));
  return { ...menu, entries };
}

/** GRUB legacy keeps the saved default in a file beside the menu: a number, then text for people. */
function savedEntry(tree: GuestTree, menuPath: string): number {
  return Number.parseInt(tree.read(path.posix.join(path.posix.dirname(menuPath), "default")) ?? "", 10) || 0;
}

function bootKernel({ entries, defaultEntry }: BootFileFacts, kernels: InspectedKernel[]): InspectedKernel {
  return kernels.find(({ facts }) => facts.path === entries[defaultEntry].kernel) ?? kernels[0];
}

/** Files of which it depends on their text whether they are edited. */
const OTHER_FILES = ["/etc/fstab", "/etc/default/grub", "/etc/grub.d/40_custom", "/var/lib/ucf/hashfile"];
const INITRAMFS_FILES = [
  "/etc/initramfs-tools/modules",
  "/etc/initramfs-tools/initramfs.conf",
  "/etc/initramfs-tools/conf.d/driver-policy",
];
const SYSTEMD_FOLDER = "/etc/systemd/system";

function editableFiles(tree: GuestTree, bootFile: string): string[] {
  const named = [...OTHER_FILES, ...CONSOLE_FILES, ...HARDWARE_MEMORY, ...INITRAMFS_FILES].filter((path) =>
    tree.hasName(path),
  );
  return [bootFile, ...named, ...gettyLinks(tree)];
}

function gettyLinks(tree: GuestTree): string[] {
  const wants = tree.list(SYSTEMD_FOLDER).filter((name) => name.endsWith(".wants"));
  const links = wants.flatMap((folder) =>
    tree.list(`${SYSTEMD_FOLDER}/${folder}`).map((name) => `${SYSTEMD_FOLDER}/${folder}/${name}`),
  );
  return links.filter(isPvGettyLink);
}

function freeBytes(tree: GuestTree, guestPath: string): number {
  const { bavail, bsize } = fs.statfsSync(tree.hostPath(guestPath));
  return bavail * bsize;
}

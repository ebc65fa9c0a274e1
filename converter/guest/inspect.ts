import fs from "node:fs";
import { RefusedError } from "../errors";
import type { Runner } from "../run";
import type { BootFileFacts, GuestFacts } from "../types";
import { noBootFile, noKernel } from "./menu/bootFileRefusals";
import { configurationFiles } from "./configurationFiles";
import { inspectKernels, type InspectedKernel } from "./kernel/inspectKernels";
import { hasPredictableNames, networkFilesByName } from "./configuration/network";
import { mountKnowsNofail } from "./configuration/optionalMounts";
import { readInitramfsTool } from "./initramfs/generators/detect";
import { readInit, readOs, readPackageManager, readUserlandArchitecture } from "./os";
import { readHostKeys } from "./hostKeys";
import { findMetadataReaders } from "./metadataReaders";
import type { MountedGuest } from "./mounts";
import { readBootFile } from "./menu/readBootFile";
import { findDeviceReferences } from "./references";
import type { GuestTree } from "./tree";
import { readGlibc } from "./vsyscall";

/**
 * What a guest's root filesystem says of it. Reads the tree and writes nothing.
 * Throws a `RefusedError` with all reasons at once where it is no guest that PV-GRUB boots.
 */
export async function readGuest(
  { tree, mounts, bootFile: place }: Pick<MountedGuest, "tree" | "bootFile"> & Partial<MountedGuest>,
  runner: Runner,
): Promise<GuestFacts> {
  if (!place) throw new RefusedError([noBootFile(tree)]);
  const bootFile = readBootFile(tree, place, mounts);
  const kernels = await inspectKernels(tree, bootFile, runner);
  if (kernels.length === 0) throw new RefusedError([noKernel(bootFile)]);
  const files = editableFiles(tree, bootFile.resolvedPath);
  return {
    os: readOs(tree),
    architecture: bootKernel(bootFile, kernels).architecture ?? readUserlandArchitecture(tree) ?? "x86_64",
    init: readInit(tree),
    bootFile,
    kernels: kernels.map(({ facts }) => facts),
    files,
    networkByName: networkFilesByName(tree),
    predictableNames: hasPredictableNames(tree),
    bootFreeBytes: freeBytes(tree, "/boot"),
    rootFree: rootFree(tree),
    ...readInitramfsTool(tree, files),
    glibc: readGlibc(tree),
    packageManager: readPackageManager(tree),
    mountKnowsNofail: mountKnowsNofail(tree),
    deviceReferences: findDeviceReferences(tree),
    metadataReaders: findMetadataReaders(tree),
    ...hostKeysOf(tree),
  };
}

function hostKeysOf(tree: GuestTree): Pick<GuestFacts, "hostKeys"> {
  const hostKeys = readHostKeys(tree);
  return hostKeys ? { hostKeys } : {};
}

function bootKernel({ entries, defaultEntry }: BootFileFacts, kernels: InspectedKernel[]): InspectedKernel {
  return kernels.find(({ facts }) => facts.path === entries[defaultEntry].kernel) ?? kernels[0];
}

/** Files of which it depends on their text whether they are edited. */
const OTHER_FILES = ["/etc/default/grub", "/etc/grub.d/40_custom", "/var/lib/ucf/hashfile"];
const INITRAMFS_FILES = ["/etc/initramfs-tools/modules", "/etc/initramfs-tools/initramfs.conf"];

export function editableFiles(tree: GuestTree, bootFile: string): string[] {
  const named = [...OTHER_FILES, ...INITRAMFS_FILES].filter((path) => tree.hasName(path));
  return [bootFile, ...named, ...configurationFiles(tree)];
}

function freeBytes(tree: GuestTree, guestPath: string): number {
  const { bavail, bsize } = fs.statfsSync(tree.hostPath(guestPath));
  return bavail * bsize;
}

/** Where the report will lie, in /var; filesystems without a table of inodes (XFS) say how many could be made. */
function rootFree(tree: GuestTree): { bytes: number; inodes: number } {
  const { bavail, bsize, ffree } = fs.statfsSync(tree.hostPath(tree.exists("/var") ? "/var" : "/"));
  return { bytes: bavail * bsize, inodes: ffree };
}

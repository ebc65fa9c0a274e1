/** What the converter finds in the same folder: the live program has to say the same. */
import * as assert from "node:assert/strict";
import { findBootFile } from "../../converter/guest/menu/bootFile";
import { readBootFile } from "../../converter/guest/menu/readBootFile";
import { inspectKernels } from "../../converter/guest/kernel/inspectKernels";
import { readOs } from "../../converter/guest/os";
import { GuestTree } from "../../converter/guest/tree";
import { run } from "../../converter/run";
import type { BootFileFacts, GuestFacts, KernelFacts } from "../../converter/types";
import type { LiveKernel, LiveReport } from "../../live/types";

const DRIVERS = ["xen-blkfront", "xen-netfront", "nvme", "ena", "ixgbevf"];

export interface ConverterFindings {
  os: GuestFacts["os"];
  boot: BootFileFacts;
  kernels: KernelFacts[];
}

/** Throws a `RefusedError` where nothing says what boots. */
export async function converterFinds(root: string, hasOwnBoot: boolean): Promise<ConverterFindings> {
  const tree = new GuestTree(root);
  const boot = readBootFile(tree, placeOfMenu(root, hasOwnBoot));
  const kernels = await inspectKernels(tree, boot, run);
  return { os: readOs(tree), boot, kernels: kernels.map(({ facts }) => facts) };
}

function placeOfMenu(root: string, hasOwnBoot: boolean) {
  const prefix = hasOwnBoot ? "/boot" : "";
  const part = hasOwnBoot ? 1 : 0;
  const found = findBootFile([{ part, tree: new GuestTree(root + prefix) }]);
  return found && { part: found.part, path: prefix + found.path, prefix };
}

/** That the record says of menu, entry and kernels what the converter found. */
export function assertSame(report: LiveReport, { os, boot, kernels }: ConverterFindings): void {
  const { kernel = "", initrd } = boot.entries[boot.defaultEntry];
  assert.equal(report.distribution, os.name);
  assert.deepEqual(report.today, { menu: boot.path, kernel, ...(initrd === undefined ? {} : { initrd }) });
  assert.deepEqual(report.kernels.map(ofLive), kernels.map(ofConverter));
}

function ofLive({ version, image, initrd, hvm, why, drivers }: LiveKernel) {
  const places = drivers.map(({ name, where }) => [
    name,
    where === "builtin" || where === "initramfs" ? "early" : where,
  ]);
  return { version, image, initrd, hvm, why, drivers: places };
}

function ofConverter(kernel: KernelFacts) {
  const { version, path: image, initrd, bootsHvm: hvm, evidence } = kernel;
  // Notes inside the kernel are the converter's alone.
  const why = evidence.replace(/; its Xen notes cannot be read: .*/s, "");
  return {
    version,
    image,
    initrd,
    hvm,
    why,
    drivers: DRIVERS.map((driver) => [driver, placeOf(kernel, driver)]),
  };
}

function placeOf({ earlyDrivers, availableDrivers }: KernelFacts, driver: string): string {
  if (earlyDrivers.includes(driver)) return "early";
  return availableDrivers.includes(driver) ? "module" : "missing";
}

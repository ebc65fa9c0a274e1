/** Step `install-grub`: boot code and core image, all before partition 1. */
import { makeBootLoader, writeBootLoader } from "../boot/grubCore";
import { withDisk } from "../disk/bytes";
import { formatBytes } from "../disk/sizes";
import type { DiskRecord, StepReport } from "../types";
import type { ConversionContext } from "./context";
import { type StepResult, runStep } from "./step";

/** Gives the disk a boot loader that runs the guest's own menu. */
export function installGrub(context: ConversionContext): Promise<StepReport> {
  return runStep("install-grub", context, (record) => install(context, record));
}

async function install(
  { destination, runner, log }: ConversionContext,
  { plan }: DiskRecord,
): Promise<StepResult> {
  const loader = await makeBootLoader(plan.boot, runner);
  log(`writing GRUB ${loader.version} before partition 1 of ${destination.path}`);
  await withDisk(destination.path, "write", (disk) => writeBootLoader(disk, loader, plan.destination));
  return {
    summary: `GRUB ${loader.version} (${formatBytes(loader.core.length)}) before partition 1, reading ${plan.boot.menuFile}`,
    grub: { version: loader.version, coreBytes: loader.core.length, configuration: loader.configuration },
  };
}

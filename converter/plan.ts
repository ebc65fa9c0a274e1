import { planDrivers } from "./guest/planDrivers";
import { planEdits, warnOfFiles, type Read } from "./guest/planEdits";
import { defaultBoot, refuseKernel, warnNewerKernels } from "./guest/planKernel";
import { refusePrograms } from "./guest/vsyscall";
import type { Advice, Facts, Options, Plan } from "./types";

/** Where partition 1 begins, in bytes: GRUB's core image and the conversion's record lie before it. */
export const PARTITION_START_BYTES = 1024 * 1024;

/** A master boot record counts sectors of 512 bytes in 32 bits. */
const MBR_LIMIT_BYTES = 2 ** 32 * 512;

const GIB = 1024 ** 3;

export interface PlanInput {
  facts: Facts;
  /** A file of the guest as text, by its absolute path inside; `undefined` where there is none. */
  read: Read;
  options: Options;
}

/** Decides everything about a conversion, and does nothing. With refusals in it, nothing may be written. */
export function planConversion({ facts, read, options }: PlanInput): Plan {
  const { guest, source } = facts;
  const boot = defaultBoot(guest);
  const drivers = planDrivers(guest, boot.kernel, options.for);
  const destination = planDestination(facts, options);
  return {
    format: 1,
    options,
    refusals: [
      ...refuseKernel(guest, boot),
      ...drivers.refusals,
      ...refusePrograms(guest, facts.helper, drivers.initramfs),
      ...refuseDestination(facts, destination),
    ],
    warnings: [
      ...warnNewerKernels(guest, boot),
      ...drivers.warnings,
      ...warnOfFiles(guest, source.filesystem, read),
    ],
    destination,
    copy: planCopy(facts),
    boot: {
      menuFile: guest.bootFile.resolvedPath,
      filesystemUuid: source.filesystem.uuid,
      kernel: boot.kernel.path,
      ...(boot.kernel.initrd === undefined ? {} : { initrd: boot.kernel.initrd }),
      why: `entry ${guest.bootFile.defaultEntry} (${boot.entry.title}): ${guest.bootFile.defaultWhy ?? "the default"}`,
    },
    edits: planEdits(guest, source.filesystem, drivers.drivers, read),
    initramfs: drivers.initramfs,
    verdicts: drivers.verdicts,
  };
}

function planDestination({ source }: Facts, { layout }: Options): Plan["destination"] {
  return {
    layout,
    partitionStartBytes: PARTITION_START_BYTES,
    minimumSizeBytes: source.sizeBytes + PARTITION_START_BYTES,
  };
}

function refuseDestination(
  { destination }: Facts,
  { layout, minimumSizeBytes }: Plan["destination"],
): Advice[] {
  const reasons: Advice[] = [];
  if (layout === "gpt") {
    reasons.push({
      subject: "--layout gpt",
      found: "this version writes MBR partition tables alone.",
      advice: "Leave --layout out.",
    });
  }
  if (minimumSizeBytes > MBR_LIMIT_BYTES) {
    const found = `it needs ${size(minimumSizeBytes)}, and an MBR partition table ends at ${size(MBR_LIMIT_BYTES)}.`;
    reasons.push({ subject: "destination", found, advice: "Shrink the source's disk to less than 2 TiB." });
  }
  if (destination && destination.sizeBytes < minimumSizeBytes) {
    const found = `${destination.path} has ${destination.sizeBytes} bytes, ${minimumSizeBytes} needed (the source and 1 MiB).`;
    reasons.push({
      subject: "destination",
      found,
      advice: `Make it ${Math.ceil(minimumSizeBytes / GIB)} GiB or larger.`,
    });
  }
  return reasons;
}

function size(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/** By the free-space map, unless the journal holds a newer one: copied by a stale map, fresh files come out wrong. */
function planCopy({ source: { filesystem } }: Facts): Plan["copy"] {
  const { blockCount, freeBlocks, blockSizeBytes, needsRecovery } = filesystem;
  if (needsRecovery) {
    const why = "the journal needs recovery, so the map of free blocks on the disk cannot be trusted";
    return { method: "all-blocks", bytes: blockCount * blockSizeBytes, why };
  }
  const why = "cleanly unmounted, so the map of free blocks holds";
  return { method: "used-blocks", bytes: (blockCount - freeBlocks) * blockSizeBytes, why };
}

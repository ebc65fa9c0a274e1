/** What must be true of a converted disk before its partition: boot code, table, core image, against fresh ones. Pure. */
import type { BootLoader } from "../boot/grubCore";
import { BOOT_CODE_BYTES, CORE_OFFSET, PARTITION_OFFSET } from "../disk/sizes";
import { LINUX_TYPE, parseMasterBootRecord } from "../disk/partitionTable";
import type { Check } from "../types";

/** Checks the gap (the disk's first MiB) against what a boot needs. */
export function checkGap(gap: Buffer, expected: Pick<BootLoader, "bootCode" | "core">): Check[] {
  return [checkTable(gap), checkBootCode(gap, expected.bootCode), checkCoreImage(gap, expected.core)];
}

function checkTable(gap: Buffer): Check {
  const partitions = parseMasterBootRecord(gap.subarray(0, 512)) ?? [];
  const [first, ...others] = partitions;
  const ok =
    others.length === 0 &&
    first?.active === true &&
    first.type === LINUX_TYPE &&
    first.startBytes === PARTITION_OFFSET;
  const seen = partitions.map(
    (one) => `type ${one.type.toString(16)} from byte ${one.startBytes}${one.active ? ", active" : ""}`,
  );
  return {
    name: "the master boot record has one active Linux partition from 1 MiB on",
    ok,
    seen: seen.join("; ") || "no partition",
  };
}

function checkBootCode(gap: Buffer, bootCode: Buffer): Check {
  const ok = gap.subarray(0, BOOT_CODE_BYTES).equals(bootCode);
  return {
    name: "the boot code is GRUB's",
    ok,
    seen: ok ? `${bootCode.length} bytes, equal` : "other bytes",
  };
}

function checkCoreImage(gap: Buffer, core: Buffer): Check {
  const ok = gap.subarray(CORE_OFFSET, CORE_OFFSET + core.length).equals(core);
  return {
    name: "GRUB's core image is whole",
    ok,
    seen: ok ? `${core.length} bytes from sector 1 on, equal` : "other bytes",
  };
}

/** Where GRUB's boot code and core image lie on a disk, and whether they do. Sectors have 512 bytes. */
import { type Handle, readAt, syncAt, writeAt } from "../disk/bytes";
import { BOOT_CODE_BYTES, CORE_OFFSET, RECORD_OFFSET, SECTOR } from "../disk/sizes";
import { FailedError } from "../errors";
import type { Check, DestinationPlan } from "../types";
import type { BootLoader } from "./grubCore";

type Images = Pick<BootLoader, "bootCode" | "core">;
type Partitions = Pick<DestinationPlan, "layout" | "partitions">;

/** In boot.img: the sector from which it loads the core image's first (64 bits; GRUB_BOOT_MACHINE_KERNEL_SECTOR). */
const KERNEL_SECTOR_AT = 0x5c;
/** In the core image's first sector: the sector from which it loads the rest, of which only the last list entry is used. */
const BLOCK_LIST_AT = SECTOR - 12;

/** Where the core image may lie: behind the master boot record, or in the BIOS boot partition. The record lies behind both. */
export function coreSpace({ layout, partitions }: Partitions): { offset: number; bytes: number } {
  if (layout === "mbr") return { offset: CORE_OFFSET, bytes: RECORD_OFFSET - CORE_OFFSET };
  const partition = partitions.find(({ role }) => role === "bios-boot");
  if (partition) return { offset: partition.startBytes, bytes: partition.sizeBytes };
  throw new FailedError("GRUB: the GPT has no BIOS boot partition for it. The plan is damaged: start again.");
}

/** Refuses a core image that is longer than the available bytes. */
export function checkCore(core: Buffer, available: number): Buffer {
  if (core.length <= available) return core;
  throw new FailedError(
    `GRUB's core image: ${core.length} bytes, ${available} fit before partition 1. Use a helper with GRUB 2.06 to 2.12.`,
  );
}

/** Writes boot code and core image. The partition table, in the same sector as the boot code, stays as it is. */
export async function writeBootLoader(disk: Handle, loader: Images, plan: Partitions): Promise<void> {
  const { bootCode, core, offset } = locate(loader, plan);
  // The core image first: boot code without what it loads would be worse than none.
  await writeAt(disk, offset, core);
  await writeAt(disk, 0, bootCode);
  await syncAt(disk, 0);
}

/** Holds what is on the disk against a fresh boot loader. */
export async function compareBootLoader(disk: Handle, expected: Images, plan: Partitions): Promise<Check[]> {
  const { bootCode, core, offset } = locate(expected, plan);
  const first = await readAt(disk, 0, SECTOR);
  return [
    compare("the boot code is GRUB's", first.subarray(0, BOOT_CODE_BYTES), bootCode, 0),
    {
      name: "the first sector is marked as one to boot from",
      ok: first.readUInt16LE(SECTOR - 2) === 0xaa55,
      seen: first.toString("hex", SECTOR - 2),
    },
    compare("GRUB's core image is whole", await readAt(disk, offset, core.length), core, offset / SECTOR),
  ];
}

function compare(name: string, found: Buffer, expected: Buffer, sector: number): Check {
  const ok = found.equals(expected);
  const where = `${expected.length} bytes from sector ${sector} on`;
  return { name, ok, seen: ok ? `${where}, equal` : `${where}, other bytes` };
}

/** Both images, made to find each other where they will lie. */
function locate(loader: Images, plan: Partitions): Images & { offset: number } {
  const { offset, bytes } = coreSpace(plan);
  const sector = BigInt(offset / SECTOR);
  const core = padded(checkCore(loader.core, bytes));
  core.writeBigUInt64LE(sector + 1n, BLOCK_LIST_AT);
  const bootCode = Buffer.from(loader.bootCode);
  bootCode.writeBigUInt64LE(sector, KERNEL_SECTOR_AT);
  return { bootCode, core, offset };
}

/** Whole sectors, the rest filled with zeros. */
function padded(bytes: Buffer): Buffer {
  const buffer = Buffer.alloc(Math.ceil(bytes.length / SECTOR) * SECTOR);
  bytes.copy(buffer);
  return buffer;
}

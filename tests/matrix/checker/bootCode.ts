/** Whether a BIOS that loads sector 0 comes to GRUB's core image, wholly outside of every partition with data. */
import { BIOS_BOOT, bytesAt, type Table } from "./table";
import type { Finding } from "./finding";

const SECTOR = 512;

/** boot.img's field with the core image's first sector, and where diskboot.img keeps the list of the rest. */
const CORE_SECTOR_AT = 0x5c;
const BLOCK_LIST_END = 500;

/** Follows the boot code from sector 0 to the core image's last sector. */
export function checkBootCode(disk: string, table: Table): Finding[] {
  const boot = bytesAt(disk, 0, SECTOR);
  const jump = boot[0] === 0xeb || boot[0] === 0xe9;
  const core = Number(boot.readBigUInt64LE(CORE_SECTOR_AT));
  const blocks = blockList(disk, core);
  const space = spaceFor(table);
  const last = Math.max(core, ...blocks.map(({ first, count }) => first + count - 1));
  return [
    {
      name: "sector 0 holds boot code",
      ok: jump && boot.includes("GRUB"),
      seen: boot.subarray(0, 4).toString("hex"),
    },
    {
      name: "GRUB's core image is where the boot code looks for it",
      ok: blocks.length > 0 && blocks[0].first === core + 1 && !isBlank(bytesAt(disk, core * SECTOR, SECTOR)),
      seen: `sector ${core}, then ${blocks.map(({ first, count }) => `${first}+${count}`).join(", ") || "nothing"}`,
    },
    {
      name: "the core image keeps to its room",
      ok: core >= space.first && last < space.end,
      seen: `sectors ${core} to ${last} of ${space.first} to ${space.end - 1}`,
    },
    {
      name: "no sector of the core image is blank",
      ok: !hasBlankBlock(disk, blocks),
      seen: `${blocks.length} block(s)`,
    },
  ];
}

/** Twelve bytes each, written backwards from the sector's end: first sector (64 bits), how many, where to in memory. */
function blockList(disk: string, core: number): { first: number; count: number }[] {
  if (core < 1) return [];
  const sector = bytesAt(disk, core * SECTOR, SECTOR);
  const found: { first: number; count: number }[] = [];
  for (let at = BLOCK_LIST_END; at > 0; at -= 12) {
    const count = sector.readUInt16LE(at + 8);
    if (count === 0) break;
    found.push({ first: Number(sector.readBigUInt64LE(at)), count });
  }
  return found;
}

/** On GPT the BIOS boot partition, on an MBR disk the gap before the first partition. In sectors. */
function spaceFor({ kind, slices }: Table): { first: number; end: number } {
  if (kind === "dos") return { first: 1, end: Math.min(...slices.map(({ start }) => start)) / SECTOR };
  const own = slices.find(({ type }) => type === BIOS_BOOT);
  return own ? { first: own.start / SECTOR, end: (own.start + own.length) / SECTOR } : { first: 0, end: 0 };
}

const isBlank = (bytes: Buffer) => bytes.every((byte) => byte === 0);

function hasBlankBlock(disk: string, blocks: { first: number; count: number }[]): boolean {
  return blocks.some(({ first, count }) =>
    isBlank(bytesAt(disk, first * SECTOR, Math.min(count, 8) * SECTOR)),
  );
}

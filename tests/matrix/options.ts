/** What `convert`'s own options promise, seen on the disk. */
import * as fs from "node:fs";
import type { Finding } from "./checker/finding";
import { inGuest } from "./checker/checker";
import { BIOS_BOOT, EFI_SYSTEM, readTable } from "./checker/table";

/** Findings for each option of a row that promises something. */
export function checkOptions(options: string[], disk: string): Finding[] {
  return [
    ...(options.includes("gpt") ? [checkGpt(disk)] : []),
    ...(options.includes("--grow") ? [checkGrown(disk)] : []),
  ];
}

function checkGpt(disk: string): Finding {
  const { kind, slices } = readTable(disk);
  const types = slices.map(({ type }) => type);
  const ok = kind === "gpt" && types.includes(BIOS_BOOT) && types.includes(EFI_SYSTEM);
  return {
    name: "GPT with a BIOS boot and an EFI system partition",
    ok,
    seen: `${kind}: ${types.join(", ")}`,
  };
}

/** Superblocks, inode tables and a journal take their share. */
const SHARE_OF_DATA = 0.9;

function checkGrown(disk: string): Finding {
  const bytes = inGuest(disk, "ro", ({ root }) => {
    const { blocks, bsize } = fs.statfsSync(root);
    return blocks * bsize;
  });
  const whole = fs.statSync(disk).size;
  return {
    name: "the root filesystem has grown with the disk",
    ok: bytes > SHARE_OF_DATA * whole,
    seen: `${bytes} of ${whole} bytes`,
  };
}

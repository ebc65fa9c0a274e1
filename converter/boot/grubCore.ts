/**
 * GRUB 2 without grub-install: a core image that lies wholly before partition 1 (on a GPT: in the BIOS boot partition), with
 * its modules and its configuration inside. Not a byte of GRUB 2 enters the guest's filesystem, where a later upgrade of the
 * guest's own GRUB would mix the two up. Sectors have 512 bytes here, as on every EBS volume.
 */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { FailedError } from "../errors";
import { BOOT_CODE_BYTES } from "../disk/sizes";
import type { Runner } from "../run";
import { withScratch } from "../scratch";
import type { Plan } from "../types";

export { checkCore, compareBootLoader, coreSpace, writeBootLoader } from "./grubPlace";

/** Where Debian's grub-pc-bin puts GRUB's images for BIOS machines. */
export const GRUB_IMAGES = "/usr/lib/grub/i386-pc";

/** `legacycfg` reads menu.lst and turns its lines into `linux16`, `search_label` and their like; `sleep` is called by menus. */
const MODULES = [
  ...["biosdisk", "part_msdos", "part_gpt", "ext2", "xfs", "search", "search_fs_uuid", "search_label"],
  ...["legacycfg", "linux", "linux16", "normal", "configfile", "boot", "echo", "test", "sleep"],
  ...["serial", "terminal", "gzio"],
];

/** The configuration that the core image runs: the guest's own menu, on the guest's own filesystem. */
export function embeddedConfiguration(boot: Plan["boot"]): string[] {
  return [
    // EC2 shows the serial port as the instance's console output; a screenshot shows the other.
    "serial --unit=0 --speed=115200",
    "terminal_input serial console",
    "terminal_output serial console",
    `search --no-floppy --fs-uuid --set=root ${boot.filesystemUuid}`,
    `echo "GRUB: booting from ${boot.menuFile} on ($root)"`,
    `legacy_configfile ${quote(boot.menuFile)}`,
  ];
}

/** Single quotes keep everything but themselves from GRUB's shell. */
function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

export interface BootLoader {
  bootCode: Buffer;
  core: Buffer;
  configuration: string[];
  version: string;
}

/** Makes the boot loader out of the helper's GRUB packages. Throws `FailedError` if grub-mkimage fails. */
export async function makeBootLoader(boot: Plan["boot"], runner: Runner): Promise<BootLoader> {
  return withScratch({ kind: "grub", what: "GRUB's core image" }, async (folder) => {
    const configuration = embeddedConfiguration(boot);
    const [input, output] = [path.join(folder, "grub.cfg"), path.join(folder, "core.img")];
    await fs.writeFile(input, configuration.join("\n") + "\n");
    await runner(mkimageCommand(input, output, boot.device), { purpose: "making GRUB's core image" });
    const core = await fs.readFile(output);
    const bootCode = (await fs.readFile(path.join(GRUB_IMAGES, "boot.img"))).subarray(0, BOOT_CODE_BYTES);
    return { bootCode, core, configuration, version: await grubVersion(runner) };
  });
}

/** `grub-mkimage`'s arguments. The prefix names a folder that need not exist: all that is needed is inside. */
export function mkimageCommand(configuration: string, output: string, device: string): string[] {
  const prefix = `${partitionName(device)}/boot/grub`;
  const options = ["-O", "i386-pc", "-d", GRUB_IMAGES, "-c", configuration, "-p", prefix, "-o", output];
  return ["grub-mkimage", ...options, ...MODULES];
}

/** GRUB legacy's `(hd0,0)` as GRUB 2 has it, whichever table the disk has: it counts partitions from 1. */
function partitionName(device: string): string {
  const number = /^\(hd0,(\d+)\)$/.exec(device)?.[1];
  if (number !== undefined) return `(hd0,${Number(number) + 1})`;
  throw new FailedError(
    `boot device ${device}: (hd0,N) was needed. The plan is of another version: start again.`,
  );
}

async function grubVersion(runner: Runner): Promise<string> {
  const { stdout } = await runner(["grub-mkimage", "--version"], { purpose: "asking GRUB's version" });
  return /(\d\S*)\s*$/.exec(stdout.trim())?.[1] ?? stdout.trim();
}

/**
 * GRUB 2 without grub-install: a core image that lies wholly between the master boot record and partition 1, with its
 * modules and its configuration inside. Not a byte of GRUB 2 enters the guest's filesystem, where a later upgrade of
 * the guest's own GRUB would mix the two up. The stock boot.img looks for the core image in sector 1.
 */
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { type Handle, writeAt } from "../disk/bytes";
import { BOOT_CODE_BYTES, CORE_OFFSET, RECORD_OFFSET } from "../disk/sizes";
import { FailedError } from "../errors";
import type { Runner } from "../run";
import type { Plan } from "../types";

/** Where Debian's grub-pc-bin puts GRUB's images for BIOS machines. */
export const GRUB_IMAGES = "/usr/lib/grub/i386-pc";

/** `legacycfg` reads menu.lst and turns its lines into `linux16`, `search_label` and their like; `sleep` is called by menus. */
const MODULES = [
  ...["biosdisk", "part_msdos", "part_gpt", "ext2", "search", "search_fs_uuid", "search_label"],
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

/** Makes the boot loader out of the helper's GRUB packages. Throws `FailedError` where it would not fit. */
export async function makeBootLoader(boot: Plan["boot"], runner: Runner): Promise<BootLoader> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "pv-to-hvm-grub-"));
  try {
    const configuration = embeddedConfiguration(boot);
    const [input, output] = [path.join(folder, "grub.cfg"), path.join(folder, "core.img")];
    await fs.writeFile(input, configuration.join("\n") + "\n");
    await runner(mkimageCommand(input, output), { purpose: "making GRUB's core image" });
    const core = checkCore(await fs.readFile(output));
    const bootCode = (await fs.readFile(path.join(GRUB_IMAGES, "boot.img"))).subarray(0, BOOT_CODE_BYTES);
    return { bootCode, core, configuration, version: await grubVersion(runner) };
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** `grub-mkimage`'s arguments. The prefix names a folder that need not exist: all that is needed is inside. */
export function mkimageCommand(configuration: string, output: string): string[] {
  const options = [
    "-O",
    "i386-pc",
    "-d",
    GRUB_IMAGES,
    "-c",
    configuration,
    "-p",
    "(hd0,msdos1)/boot/grub",
    "-o",
    output,
  ];
  return ["grub-mkimage", ...options, ...MODULES];
}

/** Refuses a core image that would reach into the record behind it. */
export function checkCore(core: Buffer): Buffer {
  const room = RECORD_OFFSET - CORE_OFFSET;
  if (core.length <= room) return core;
  throw new FailedError(
    `GRUB's core image: ${core.length} bytes, ${room} fit before partition 1. Use a helper with GRUB 2.06 to 2.12.`,
  );
}

/** Writes boot code and core image. The partition table, in the same sector as the boot code, stays as it is. */
export async function writeBootLoader(
  disk: Handle,
  loader: Pick<BootLoader, "bootCode" | "core">,
): Promise<void> {
  // The core image first: boot code without what it loads would be worse than none.
  await writeAt(disk, CORE_OFFSET, padded(loader.core));
  await writeAt(disk, 0, loader.bootCode);
  await disk.sync();
}

/** Whole sectors, the rest filled with zeros. */
function padded(bytes: Buffer): Buffer {
  const buffer = Buffer.alloc(Math.ceil(bytes.length / 512) * 512);
  bytes.copy(buffer);
  return buffer;
}

async function grubVersion(runner: Runner): Promise<string> {
  const { stdout } = await runner(["grub-mkimage", "--version"], { purpose: "asking GRUB's version" });
  return /(\d\S*)\s*$/.exec(stdout.trim())?.[1] ?? stdout.trim();
}

/**
 * A row of the table of menus: K1 to K5 stand for kernels, I1 to I5 for the initramfs of each (`withFiles`).
 *
 * Two things have no row, since GRUB 0.97 of a PC is no judge of them. *An entry without `root`* takes its files from the
 * filesystem that GRUB was started from: the CD here, the network in Xen's PV-GRUB, and in EC2's kernel images (AKI), which look
 * for a menu in places that Xen's does not know, nobody outside can tell. The conversion takes the menu's own. *`makeactive` on a
 * bare disk* asks the firmware, which PV has none of.
 */
import type { Files } from "../guest";
import type { Lying } from "../threeWays";

export interface Row {
  /** What the menu is tried for, as a clause: `default in hexadecimal`. */
  what: string;
  menu: string | Buffer;
  /** Other files of the guest. */
  files?: Files;
  lying?: Lying;
  /** What GRUB 0.97 starts, measured: `K2`; `nothing` where it gives up or asks for a password. */
  starts: "K1" | "K2" | "K3" | "K4" | "K5" | "nothing";
  /**
   * What becomes of it: `the same` kernel is in the report and started by GRUB 2; or it is `refused`. Default: the same,
   * and refused where GRUB 0.97 starts nothing.
   */
  then?: "the same" | "refused";
}

/** An entry for a kernel, as every distribution writes it. */
export function entry(
  kernel: number,
  changes: { title?: string; more?: string; root?: string } = {},
): string {
  const { title = `Linux ${kernel}`, more = "", root = "(hd0)" } = changes;
  return `title ${title}\n\troot ${root}\n\tkernel K${kernel} root=LABEL=root ro console=hvc0\n\tinitrd I${kernel}\n${more}`;
}

/** An entry that GRUB 0.97 cannot start: its kernel is not there. */
export function brokenEntry(title = "gone"): string {
  return `title ${title}\n\troot (hd0)\n\tkernel /boot/vmlinuz-gone root=LABEL=root ro\n`;
}

/** What comes first in a menu that boots by itself and at once. */
export const AT_ONCE = "timeout 0\n";

/** Two entries. */
export const TWO = entry(1) + entry(2);

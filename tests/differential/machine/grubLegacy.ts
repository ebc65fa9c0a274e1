/** GRUB 0.97, of which PV-GRUB is made, as the judge of what a menu means. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { scratchFolder } from "../../converter/disk/images";
import { debianFile } from "../../converter/guest/menu/updateGrub";
import { boot, type Started } from "./boot";

const STAGE2 = "usr/lib/grub/x86_64-pc/stage2_eltorito";

/**
 * What GRUB 0.97 on the CD does: it shows itself on the serial port, and goes over to the menu of the disk. PV-GRUB too is
 * given the menu's name with the device before it, so that both find `default` beside it.
 */
const cdMenu = (device: string) => `serial --unit=0 --speed=115200
terminal --dumb serial
timeout 0
title the guest's own menu
configfile ${device}/boot/grub/menu.lst
`;

const made = new Map<string, string>();

/** The CD, made once for each device. Debian's package is unpacked, not installed: it would write menus of this machine. */
function cdFor(device: string): string {
  const there = made.get(device);
  if (there !== undefined && fs.existsSync(there)) return there;
  const stage2 = debianFile("grub-legacy", STAGE2);
  assert.ok(stage2, "apt-get download grub-legacy");
  const folder = scratchFolder();
  const grub = path.join(folder, "cd/boot/grub");
  fs.mkdirSync(grub, { recursive: true });
  fs.copyFileSync(stage2, path.join(grub, "stage2_eltorito"));
  fs.writeFileSync(path.join(grub, "menu.lst"), cdMenu(device));
  const cd = path.join(folder, "cd.iso");
  const bootable = ["-b", "boot/grub/stage2_eltorito", "-no-emul-boot", "-boot-load-size", "4"];
  const options = ["-quiet", "-R", ...bootable, "-boot-info-table", "-o", cd];
  execFileSync("genisoimage", [...options, path.join(folder, "cd")], { stdio: "ignore" });
  made.set(device, cd);
  return cd;
}

/**
 * What GRUB 0.97 starts from a disk.
 * @param device the filesystem with the menu: `(hd0)` for a bare disk, `(hd0,0)` for a first partition
 */
export function startedByLegacy(disk: string, device: string): Promise<Started> {
  return boot(disk, cdFor(device));
}

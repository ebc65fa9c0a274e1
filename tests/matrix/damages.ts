/** What makes a guest one that must be refused. */
import * as fs from "node:fs";
import * as path from "node:path";

const IN_TREE = {
  "no menu": (root) => fs.rmSync(menu(root)),
  "no kernels": (root) => everyFile(root, "vmlinuz-", (file) => fs.rmSync(file)),
  // CentOS 5's kernel-xen and Ubuntu's -ec2: built for Xen's PV alone, as their configuration says.
  "PV-only kernel": (root) => {
    everyFile(root, "config-", (file) => fs.appendFileSync(file, "CONFIG_X86_64_XEN=y\n"));
  },
  "cut initramfs": (root) =>
    everyFile(root, "initrd.img-", (file) => fs.truncateSync(file, fs.statSync(file).size >> 1)),
  "circle of links": (root) => {
    fs.rmSync(menu(root));
    fs.symlinkSync("grub.conf", menu(root));
    fs.symlinkSync("menu.lst", path.join(root, "boot/grub/grub.conf"));
  },
} satisfies Record<string, (root: string) => void>;

const ON_DISK = {
  // ext's superblock lies from byte 1024 on.
  "damaged superblock": (disk) => overwrite(disk, 1024, 512),
} satisfies Record<string, (disk: string) => void>;

export type Damage = keyof typeof IN_TREE | keyof typeof ON_DISK;

/** Damages the guest's files, where the damage is of that kind. */
export function damageTree(damage: Damage, root: string): void {
  if (damage in IN_TREE) IN_TREE[damage as keyof typeof IN_TREE](root);
}

/** Damages the finished disk, where the damage is of that kind. */
export function damageDisk(damage: Damage | undefined, disk: string): void {
  if (damage !== undefined && damage in ON_DISK) ON_DISK[damage as keyof typeof ON_DISK](disk);
}

const menu = (root: string) => path.join(root, "boot/grub/menu.lst");

function everyFile(root: string, beginning: string, work: (file: string) => void): void {
  const folder = path.join(root, "boot");
  const names = fs.readdirSync(folder).filter((name) => name.startsWith(beginning));
  if (names.length === 0) throw new Error(`no ${beginning}* in /boot to damage`);
  for (const name of names) work(path.join(folder, name));
}

function overwrite(file: string, offset: number, length: number): void {
  const handle = fs.openSync(file, "r+");
  fs.writeSync(handle, Buffer.alloc(length, 0xa5), 0, length, offset);
  fs.closeSync(handle);
}

/** The programs that the converter asks for help, and the Debian packages that bring them. */
import * as fs from "node:fs";
import { isInstalled, type Runner } from "../run";
import { GRUB_IMAGES } from "../boot/grubCore";
import type { Advice } from "../types";

const CONVERTING: Record<string, string> = {
  blkid: "util-linux",
  blockdev: "util-linux",
  losetup: "mount",
  mount: "mount",
  umount: "mount",
  setpriv: "util-linux",
  choom: "util-linux",
  bwrap: "bubblewrap",
  sfdisk: "fdisk",
  e2fsck: "e2fsprogs",
  e2image: "e2fsprogs",
  dumpe2fs: "e2fsprogs",
  resize2fs: "e2fsprogs",
  lsattr: "e2fsprogs",
  chattr: "e2fsprogs",
  xfs_db: "xfsprogs",
  xfs_repair: "xfsprogs",
  xfs_growfs: "xfsprogs",
  "grub-mkimage": "grub-common",
  setfattr: "attr",
};

const REHEARSING: Record<string, string> = { "qemu-system-x86_64": "qemu-system-x86", bwrap: "bubblewrap" };

/** What is missing for a conversion: the right user, and all programs in one piece of advice. Empty: nothing. */
export async function missingForConversion(runner: Runner): Promise<Advice[]> {
  const missing = await missingOf(CONVERTING, runner);
  const images = fs.existsSync(`${GRUB_IMAGES}/boot.img`)
    ? []
    : [{ program: `${GRUB_IMAGES}/boot.img`, debianPackage: "grub-pc-bin" }];
  return [...adviceForUser(process.getuid?.()), ...adviceFor([...missing, ...images], "converting")];
}

/** Loop devices, mounts and namespaces are root's. */
export function adviceForUser(id: number | undefined): Advice[] {
  if (id === 0) return [];
  const found = `is user ${id ?? "unknown"}, and only root may attach and mount disks.`;
  return [{ subject: "pv-to-hvm", found, advice: "Run it as root, e.g. with sudo." }];
}

/** What is missing for a rehearsal. */
export async function missingForRehearsal(runner: Runner): Promise<Advice[]> {
  return adviceFor(await missingOf(REHEARSING, runner), "the rehearsal");
}

interface Missing {
  program: string;
  debianPackage: string;
}

async function missingOf(table: Record<string, string>, runner: Runner): Promise<Missing[]> {
  const found = await Promise.all(Object.keys(table).map((program) => isInstalled(program, runner)));
  return Object.entries(table)
    .filter((_, index) => !found[index])
    .map(([program, debianPackage]) => ({ program, debianPackage }));
}

/** One piece of advice for all that is missing. */
export function adviceFor(missing: Missing[], purpose: string): Advice[] {
  if (missing.length === 0) return [];
  const packages = [...new Set(missing.map((one) => one.debianPackage))].sort();
  return [
    {
      subject: "helper",
      found: `${missing.map((one) => one.program).join(", ")} not found, needed for ${purpose}.`,
      advice: `Install them: apt-get install ${packages.join(" ")}`,
    },
  ];
}

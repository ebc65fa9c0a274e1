/** Programs of a made-up guest that make an initramfs: they take their arguments as the real ones do, and copy a file. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { InitramfsTool } from "../../../converter/guest/initramfs/generators";
import { copyPrograms } from "../guest/programs";
import { initramfs } from "./kernels";

const PREPARED = "/usr/lib/prepared-initramfs";

/** Everything that a conversion may want in it. */
const CONTENT = [
  ...["xen-blkfront", "xen-vbd", "xen-netfront", "xen-vnif", "xen-platform-pci", "nvme", "ena", "ata_piix"],
  ...["ahci", "e1000", "virtio_pci", "virtio_blk", "virtio_net", "ext2", "ext3", "ext4", "xfs", "dm_mod"],
  "sbin/lvm",
];

/** `$last` and the one before it: output and kernel, in the order of dracut and Red Hat's mkinitrd. */
const TWO_AT_THE_END = `for word; do before=$last; last=$word; done
cat ${PREPARED} > "$before"
`;

/** The value behind an option. */
const behind = (option: string) => `while [ $# -gt 0 ]; do
  [ "$1" = "${option}" ] && output=$2
  shift
done
cat ${PREPARED} > "$output"
`;

/** Words in comments are those by which the real programs are told from each other. */
const PROGRAMS: Record<InitramfsTool, { file: string; script: string }> = {
  "update-initramfs": {
    file: "/usr/sbin/update-initramfs",
    script: behind("-k").replace('"$output"', '"/boot/initrd.img-$output"'),
  },
  dracut: {
    file: "/sbin/dracut",
    script: `# --add-drivers, /etc/dracut.conf.d\n${TWO_AT_THE_END}`,
  },
  mkinitrd: { file: "/sbin/mkinitrd", script: `# nash, --preload\n${TWO_AT_THE_END}` },
  "mkinitrd-suse": {
    file: "/sbin/mkinitrd",
    script: `# INITRD_MODULES\n${behind("-i").replace('"$output"', '"/boot/$output"')}`,
  },
  mkinitcpio: { file: "/usr/bin/mkinitcpio", script: `# --skiphooks\n${behind("-g")}` },
};

/** Puts the program into the guest, with a shell and what else it needs to run there. */
export function writeGenerator(root: string, tool: InitramfsTool): void {
  const { file, script } = PROGRAMS[tool];
  writeProgram(root, file, script);
  fs.writeFileSync(root + PREPARED, initramfs("V", CONTENT));
}

/** A shell script of the guest, and the shell. */
export function writeProgram(root: string, file: string, script: string): void {
  copyPrograms(root, ["/bin/sh", "/bin/cat", "/bin/date"]);
  for (const folder of [path.dirname(file), "/usr/lib"]) fs.mkdirSync(root + folder, { recursive: true });
  fs.writeFileSync(root + file, `#!/bin/sh\n${script}`, { mode: 0o755 });
}

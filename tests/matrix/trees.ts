/** The Debian trees that the guests are made of. Few: each takes a minute to build, and a guest differs by its files. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { cachedImage } from "../../local/images/cache";
import { buildTree, writeFiles } from "../../local/images/debianTree";
import { DRIVERS_OF_OTHER_MACHINES } from "../../local/images/drivers";
import { writeFilesystemImage } from "../../local/images/filesystemImage";
import {
  DOCUMENTATION,
  type BuildOptions,
  type FilesystemRecipe,
  type ImageFile,
  type TreeRecipe,
} from "../../local/images/recipe";

/** `sysvinit` has GRUB legacy's update-grub and GRUB 2's grub-mkconfig; `systemd` has LVM and XFS's programs. */
export type TreeName = "sysvinit" | "systemd" | "i386" | "dracut";

const ANY_GUEST = [
  "udev",
  "kmod",
  "e2fsprogs",
  "procps",
  "ifupdown",
  "isc-dhcp-client",
  "iproute2",
  "netbase",
];

/**
 * An initramfs as those of PV guests: Xen's drivers, and the disks of common machines, but no NVMe, so that the
 * converter has to make a new one. MODULES=most would add 20 MB, which a boot without KVM unpacks for 10 s.
 */
const INITRAMFS_TOOLS: ImageFile[] = [
  { path: "/etc/initramfs-tools/conf.d/matrix", text: "MODULES=list\nCOMPRESS=gzip\n" },
  {
    path: "/etc/initramfs-tools/modules",
    text: "xen-blkfront\nxen-netfront\nata_piix\nata_generic\nahci\nsd_mod\next4\nxfs\ncrc32c\n",
  },
];

/** dracut's configuration in the same sense, as builders wrote it for CentOS 6: `drivers+=` restricts an image to its list. */
const DRACUT: ImageFile[] = [
  {
    path: "/etc/dracut.conf.d/matrix.conf",
    text:
      'hostonly="no"\ncompress="gzip"\n' +
      'drivers+=" xen-blkfront xen-netfront ata_piix ata_generic ahci sd_mod ext3 ext4 xfs dm-mod "\n' +
      'omit_dracutmodules+=" plymouth btrfs crypt dmraid mdraid multipath nbd nfs lunmask iscsi "\n',
  },
];

/** device-mapper's modules lie among the drivers that the other images leave out. */
const EXCLUDED = [
  ...DOCUMENTATION,
  ...DRIVERS_OF_OTHER_MACHINES.filter((pattern) => !/drivers\/md\//.test(pattern)),
];

function tree(packages: string[], filesBefore: ImageFile[], architecture?: string): TreeRecipe {
  return {
    suite: "bookworm",
    architecture,
    packages: [...packages, ...ANY_GUEST],
    exclude: EXCLUDED,
    filesBefore,
  };
}

const TREES: Record<TreeName, TreeRecipe> = {
  sysvinit: tree(
    ["linux-image-amd64", "initramfs-tools", "sysvinit-core", "xfsprogs", "grub-legacy", "grub-common"],
    INITRAMFS_TOOLS,
  ),
  systemd: tree(
    ["linux-image-amd64", "initramfs-tools", "systemd-sysv", "xfsprogs", "lvm2"],
    INITRAMFS_TOOLS,
  ),
  i386: tree(["linux-image-686-pae", "initramfs-tools", "sysvinit-core"], INITRAMFS_TOOLS, "i386"),
  dracut: tree(["linux-image-amd64", "dracut", "systemd-sysv", "xfsprogs", "lvm2"], DRACUT),
};

/** Sparse; holds the tree and nothing else. */
const FILESYSTEM: FilesystemRecipe = { label: "tree", sizeBytes: 2 * 1024 ** 3, features: [] };

/** What every tree is given once. */
const COMMON: ImageFile[] = [
  { path: "/etc/hostname", text: "pv-guest\n" },
  { path: "/etc/hosts", text: "127.0.0.1\tlocalhost\n127.0.1.1\tpv-guest\n" },
];

/** The tree as an ext4 image, to be mounted read-only and copied from; built where the cache has none. */
export function treeImage(name: TreeName, options: BuildOptions): Promise<string> {
  const recipe = TREES[name];
  return cachedImage(
    {
      name: `tree-${name}`,
      inputs: [recipe, FILESYSTEM, COMMON],
      build: async (file, scratch) => {
        const folder = path.join(scratch, "tree");
        await buildTree(recipe, folder, options.log);
        await writeFiles(folder, COMMON);
        await fs.rm(path.join(folder, "var/cache/apt"), { recursive: true, force: true });
        await writeFilesystemImage(FILESYSTEM, folder, file);
      },
    },
    options,
  );
}

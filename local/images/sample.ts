import * as fs from "node:fs/promises";
import * as path from "node:path";
import { FailedError } from "../../converter/errors";
import { run } from "../../converter/run";
import { cachedImage } from "./cache";
import { DRIVERS_OF_OTHER_MACHINES } from "./drivers";
import { buildTree, removeHostKeys, writeFiles } from "./debianTree";
import { writeFilesystemImage } from "./filesystemImage";
import { DOCUMENTATION, type BuildOptions, type FilesystemRecipe, type TreeRecipe } from "./recipe";
import { guestFiles, INITRAMFS_FILES } from "./sampleFiles";

/**
 * Debian 12 set up as PV guests were: sysvinit, ifupdown, GRUB legacy's menu. Debian's ordinary kernel still carries
 * Xen's PV entry, and has NVMe as a module (the cloud flavour has it built in, and would leave nothing to rebuild).
 */
export const SAMPLE_TREE: TreeRecipe = {
  suite: "bookworm",
  packages: [
    ...["linux-image-amd64", "initramfs-tools", "sysvinit-core", "udev", "kmod", "e2fsprogs", "procps"],
    ...["ifupdown", "isc-dhcp-client", "iproute2", "netbase", "openssh-server", "wget"],
    // Answers the power button, which is how a stop reaches a guest outside Xen.
    ...["acpid", "acpi-support-base"],
  ],
  exclude: [...DOCUMENTATION, ...DRIVERS_OF_OTHER_MACHINES],
  filesBefore: INITRAMFS_FILES,
};

/** Exactly the features that mke2fs 1.42 gave to ext4 (Debian 7); newer ones stop PV-GRUB and old kernels. */
export const SAMPLE_FILESYSTEM: FilesystemRecipe = {
  label: "root",
  sizeBytes: 1024 ** 3,
  features: [
    ...["none", "has_journal", "ext_attr", "resize_inode", "dir_index", "filetype", "extent", "flex_bg"],
    ...["sparse_super", "large_file", "huge_file", "uninit_bg", "dir_nlink", "extra_isize"],
  ],
};

/**
 * A genuine PV image without a partition table: 1 GiB, about 45 s to build, reused while its inputs are the same.
 * @returns the raw image's file.
 */
export function buildSampleImage(options: BuildOptions): Promise<string> {
  return cachedImage(
    {
      name: "pv-debian",
      inputs: [SAMPLE_TREE, SAMPLE_FILESYSTEM, guestFiles("VERSION", "")],
      build: async (file, scratch) => {
        const tree = path.join(scratch, "tree");
        await buildTree(SAMPLE_TREE, tree, options.log);
        await makeGuest(tree);
        await writeFilesystemImage(SAMPLE_FILESYSTEM, tree, file);
      },
    },
    options,
  );
}

/** Makes a PV guest of an unpacked tree; its menu starts the kernel of Debian's ordinary flavour. */
export async function makeGuest(tree: string) {
  const inittab = await fs.readFile(path.join(tree, "usr/share/sysvinit/inittab"), "utf8");
  await writeFiles(tree, guestFiles(await kernelVersion(tree), inittab));
  await run(["chroot", tree, "update-rc.d", "ec2-get-credentials", "defaults"], {
    purpose: "enabling the guest's own services",
  });
  await removeHostKeys(tree);
}

const ORDINARY_KERNEL = /^vmlinuz-[\d.]+-\d+-amd64$/;

async function kernelVersion(tree: string): Promise<string> {
  const kernels = (await fs.readdir(path.join(tree, "boot"))).filter((name) => ORDINARY_KERNEL.test(name));
  if (kernels.length !== 1) {
    throw new FailedError(
      `/boot of the sample: ${kernels.length} ordinary kernels found, one needed. Remove the cache folder.`,
    );
  }
  return kernels[0].replace("vmlinuz-", "");
}

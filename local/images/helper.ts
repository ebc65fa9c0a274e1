import * as path from "node:path";
import { run } from "../../converter/run";
import { writeBootableImage } from "./bootableImage";
import { cachedImage } from "./cache";
import { buildTree, removeHostKeys, writeFiles } from "./debianTree";
import { DISK_ID, helperFiles, helperUnits, MENU_MODULES } from "./helperFiles";
import { DOCUMENTATION, type BuildOptions, type FilesystemRecipe, type TreeRecipe } from "./recipe";

/**
 * Debian 13 as its own cloud image is, with everything in it that the component would otherwise install at the first
 * start, so that a helper of the local cloud needs no way out. Its QEMU 10 also runs the guests (`machines/toolbox.ts`):
 * under TCG it boots them in half the time of Debian 12's 7.2. The kernel and what follows it are for a helper that is a
 * virtual machine; a container shares the host's.
 */
const TREE: TreeRecipe = {
  suite: "trixie",
  packages: [
    ...[
      "cloud-init",
      "openssh-server",
      "openssh-sftp-server",
      "ca-certificates",
      "iproute2",
      "procps",
      "udev",
      "kmod",
    ],
    ...["nodejs", "grub-pc-bin", "grub-common", "qemu-system-x86", "qemu-utils", "seabios", "fuse3", "socat"],
    ...["e2fsprogs", "xfsprogs", "dosfstools", "dmsetup", "attr", "fdisk", "util-linux", "mount"],
    ...["zstd", "lz4", "xz-utils", "lzop", "bzip2", "bubblewrap"],
    ...["linux-image-cloud-amd64", "systemd-sysv", "grub2-common", "cloud-guest-utils", "acpid"],
  ],
  exclude: DOCUMENTATION,
  filesBefore: [],
  // NVMe and ext4 are in the kernel itself: an initramfs would only cost, ten seconds of each start under TCG.
  environment: { INITRD: "No" },
};

/** Room for the overlays of a rehearsal, about 1 GiB. Sparse: only what is used takes space. */
const FILESYSTEM: FilesystemRecipe = { label: "helper", sizeBytes: 3 * 1024 ** 3 - 1024 ** 2, features: [] };

/**
 * The helper's image, one partition behind a boot record: 3 GiB (sparse, about 0.6 GiB used), about a minute to build,
 * reused while its inputs are the same.
 * @returns the raw image's file.
 */
export function buildHelperImage(options: BuildOptions): Promise<string> {
  return cachedImage(
    {
      name: "helper",
      inputs: [TREE, FILESYSTEM, helperFiles(), helperUnits(), MENU_MODULES],
      build: async (file, scratch) => {
        const tree = path.join(scratch, "tree");
        await buildTree(TREE, tree, options.log);
        await writeFiles(tree, helperFiles());
        await setUnits(tree);
        // Each helper has the host key that its user data gives it.
        await removeHostKeys(tree);
        await writeBootableImage(
          { diskId: DISK_ID, filesystem: FILESYSTEM, modules: MENU_MODULES },
          tree,
          file,
        );
      },
    },
    options,
  );
}

async function setUnits(tree: string): Promise<void> {
  for (const [verb, units] of Object.entries(helperUnits())) {
    await run(["chroot", tree, "systemctl", verb, ...units], {
      purpose: `setting the helper's units: ${verb}`,
    });
  }
}

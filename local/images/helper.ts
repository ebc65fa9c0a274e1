import * as path from "node:path";
import { cachedImage } from "./cache";
import { buildTree, removeHostKeys, writeFiles } from "./debianTree";
import { writeFilesystemImage } from "./filesystemImage";
import {
  DOCUMENTATION,
  type BuildOptions,
  type FilesystemRecipe,
  type ImageFile,
  type TreeRecipe,
} from "./recipe";

/**
 * Debian 13 as its own cloud image is, with everything in it that the component would otherwise install at the first
 * start, so that a helper of the local cloud needs no way out. Its QEMU 10 also runs the guests (`machines/toolbox.ts`):
 * under TCG it boots them in half the time of Debian 12's 7.2.
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
    ...["zstd", "lz4", "xz-utils", "lzop", "bzip2"],
  ],
  exclude: DOCUMENTATION,
  filesBefore: [],
};

/** Room for the overlays of a rehearsal, about 1 GiB. Sparse: only what is used takes space. */
const FILESYSTEM: FilesystemRecipe = { label: "helper", sizeBytes: 3 * 1024 ** 3, features: [] };

/**
 * The seed is a folder, not a metadata service: a container has no one at 169.254.169.254. Its network,
 * too, is not the helper's to change, and its filesystem has grown to the volume's size before it starts.
 */
const CLOUD_CONFIG = `datasource_list: [NoCloud, None]
network: {config: disabled}
growpart: {mode: "off"}
resize_rootfs: false
locale: false
`;

const FILES: ImageFile[] = [
  { path: "/etc/cloud/cloud.cfg.d/90_local_cloud.cfg", text: CLOUD_CONFIG },
  { path: "/etc/hosts", text: "127.0.0.1\tlocalhost\n" },
];

/**
 * The helper's image, partitionless: 3 GiB (sparse, about 0.5 GiB used), about 50 s to build, reused while its
 * inputs are the same.
 * @returns the raw image's file.
 */
export function buildHelperImage(options: BuildOptions): Promise<string> {
  return cachedImage(
    {
      name: "helper",
      inputs: [TREE, FILESYSTEM, FILES],
      build: async (file, scratch) => {
        const tree = path.join(scratch, "tree");
        await buildTree(TREE, tree, options.log);
        await writeFiles(tree, FILES);
        // Each helper has the host key that its user data gives it.
        await removeHostKeys(tree);
        await writeFilesystemImage(FILESYSTEM, tree, file);
      },
    },
    options,
  );
}

import * as path from "node:path";
import { run } from "../../converter/run";
import { cachedImage } from "./cache";
import { buildTree, writeFiles } from "./debianTree";
import { writeFilesystemImage } from "./filesystemImage";
import { LIVE_SOURCE_USER, liveSourceFiles, REPOSITORY_FOLDER } from "./liveSourceFiles";
import type { BuildOptions, TreeRecipe } from "./recipe";
import { indexRepository } from "./repository";
import { guestFiles } from "./sampleFiles";
import { makeGuest, SAMPLE_FILESYSTEM, SAMPLE_TREE } from "./sample";

/** There already, since each package that a guest under TCG installs takes it some seconds. */
const LIBRARIES_OF_GRUB = ["gettext-base", "libdevmapper1.02.1", "libefiboot1", "libfreetype6", "libfuse2"];

/**
 * The sample, as somebody runs it to this day: a second kernel besides the one that it boots, whose initramfs knows no
 * NVMe either; a user with sudo; an sshd that knows RSA only; and packages that it can install without a network.
 */
const TREE: TreeRecipe = {
  ...SAMPLE_TREE,
  packages: [...SAMPLE_TREE.packages, "linux-image-rt-amd64", "sudo", ...LIBRARIES_OF_GRUB],
  repository: { folder: REPOSITORY_FOLDER, packages: ["grub-pc-bin", "grub-common"] },
};

/**
 * A PV image whose machine can be prepared while it runs: 1 GiB, about a minute to build, reused while its inputs are
 * the same.
 * @returns the raw image's file.
 */
export function buildLiveSourceImage(options: BuildOptions): Promise<string> {
  return cachedImage(
    {
      name: "pv-live",
      inputs: [TREE, SAMPLE_FILESYSTEM, guestFiles("VERSION", ""), liveSourceFiles()],
      build: async (file, scratch) => {
        const tree = path.join(scratch, "tree");
        await buildTree(TREE, tree, options.log);
        await makeGuest(tree);
        await makeLive(tree);
        await writeFilesystemImage(SAMPLE_FILESYSTEM, tree, file);
      },
    },
    options,
  );
}

async function makeLive(tree: string): Promise<void> {
  await writeFiles(tree, liveSourceFiles());
  await indexRepository(path.join(tree, REPOSITORY_FOLDER));
  const inside = (command: string[], purpose: string) => run(["chroot", tree, ...command], { purpose });
  await inside(
    ["useradd", "--create-home", "--shell", "/bin/bash", LIVE_SOURCE_USER],
    "making the login user",
  );
  await inside(["update-rc.d", "admin-login", "defaults"], "enabling the user's login");
}

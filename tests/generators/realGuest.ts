/** A guest with a real generator and a real kernel's modules, for the time of a test: Debian's packages, nothing made by hand. */
import * as fs from "node:fs";
import * as path from "node:path";
import { readInitramfs } from "../../converter/guest/initramfs/initramfsContent";
import { readInitramfsTool } from "../../converter/guest/initramfs/generators/detect";
import { configurationFiles } from "../../converter/guest/configurationFiles";
import { driversAmong } from "../../converter/guest/kernel/drivers";
import { driverModules, installedModules } from "../../converter/guest/kernel/modules";
import { GuestTree } from "../../converter/guest/tree";
import { run } from "../../converter/run";
import type { GuestFacts } from "../../converter/types";
import { phonyGuestFacts, phonyKernelFacts } from "../converter/guest/phonyFacts";
import { sh } from "../matrix/shell";
import { treeImage, type TreeName } from "../matrix/trees";

const cache = path.resolve(".cache");

/** Builds the tree where the cache has none: a minute or two, once. */
export function realTree(name: TreeName): Promise<string> {
  return treeImage(name, { cache, log: () => undefined });
}

export interface RealGuest {
  tree: GuestTree;
  /** As of a PV guest whose old initramfs has Xen's disk and nothing else. */
  facts: GuestFacts;
  version: string;
}

/**
 * The tree with some texts of its own, writable: what is written goes with the test.
 * @param image from `realTree`
 */
export async function withRealGuest(
  image: string,
  texts: Record<string, string>,
  work: (guest: RealGuest) => Promise<void>,
): Promise<void> {
  const folder = fs.mkdtempSync(path.join(cache, "generator-"));
  const root = path.join(folder, "root");
  const below = path.join(folder, "below");
  try {
    for (const name of ["upper", "work"]) fs.mkdirSync(path.join(folder, name));
    fs.mkdirSync(root);
    fs.mkdirSync(below);
    sh("mount", "-o", "loop,ro", image, below);
    sh(
      ...["mount", "-t", "overlay", "overlay", root, "-o"],
      `lowerdir=${below},upperdir=${folder}/upper,workdir=${folder}/work`,
    );
    for (const [name, text] of Object.entries(texts)) {
      fs.mkdirSync(path.dirname(root + name), { recursive: true });
      fs.writeFileSync(root + name, text);
    }
    await work(lookAt(root));
  } finally {
    for (const point of [root, below]) if (fs.existsSync(point)) unmount(point);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** One that was never mounted is none to be unmounted. */
function unmount(point: string): void {
  if (fs.readFileSync("/proc/self/mounts", "utf8").includes(` ${point} `)) sh("umount", point);
}

function lookAt(root: string): RealGuest {
  const tree = new GuestTree(root);
  const [version] = tree.list("/lib/modules");
  const installed = installedModules(tree, version);
  const files = configurationFiles(tree);
  const kernel = phonyKernelFacts({
    version,
    earlyDrivers: ["xen-blkfront", "ext4"],
    availableDrivers: driversAmong(installed),
    driverModules: driverModules(installed),
  });
  const facts = phonyGuestFacts([kernel], { files, ...readInitramfsTool(tree, files) });
  return { tree, facts, version };
}

/** The modules in the guest's initramfs, by our own reader. */
export async function modulesIn({ tree, version }: RealGuest): Promise<ReadonlySet<string>> {
  const bytes = tree.readBytes(`/boot/initrd.img-${version}`);
  if (bytes === undefined) throw new Error("there is no initramfs");
  return (await readInitramfs(bytes, run)).modules;
}

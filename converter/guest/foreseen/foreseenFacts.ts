/** What inspection will find once a plan has been carried out, told from what it finds now. Pure, but for reading the guest. */
import type {
  DestinationPlan,
  DiskFacts,
  Facts,
  InitramfsPlan,
  KernelFacts,
  MountFacts,
  Plan,
} from "../../types";
import { networkFilesByName } from "../configuration/network";
import { editableFiles } from "../inspect";
import { readBootFile } from "../menu/readBootFile";
import type { ForeseenTree } from "./foreseenTree";

/**
 * The facts of the guest as it will be: its files are read again, by what read them before. Kernels stay what they are; an
 * initramfs that is rebuilt has what it is rebuilt for. Throws a `RefusedError` if PV-GRUB's menu says no more which
 * Linux boots.
 */
export function foreseenFacts({ guest, ...facts }: Facts, plan: Plan, tree: ForeseenTree): Facts {
  const { part, path, prefix } = guest.bootFile;
  const bootFile = readBootFile(tree, { part, path, prefix, isMoved: part === 0 }, facts.mounts);
  return {
    ...facts,
    guest: {
      ...guest,
      bootFile,
      kernels: guest.kernels.map((kernel) => foreseenKernel(kernel, plan.initramfs)),
      files: editableFiles(tree, bootFile.resolvedPath),
      networkByName: networkFilesByName(tree),
    },
  };
}

function foreseenKernel(kernel: KernelFacts, plans: InitramfsPlan[]): KernelFacts {
  const plan = plans.find(({ path, action }) => action === "rebuild" && path === kernel.initrd);
  if (!plan) return kernel;
  return { ...kernel, earlyDrivers: [...new Set([...kernel.earlyDrivers, ...plan.missing])] };
}

/** The destination as it will be read: the source's parts under the numbers and identities that they get. */
export function foreseenDisk(
  { parts }: Pick<DiskFacts, "parts">,
  { partitions, tableId }: DestinationPlan,
): Pick<DiskFacts, "parts" | "tableId"> {
  const copies = partitions.flatMap(({ from, number, guid, startBytes, sizeBytes }) => {
    const part = parts.find((one) => one.number === from);
    return part ? [{ ...part, number, guid, startBytes, sizeBytes }] : [];
  });
  return { tableId, parts: copies };
}

/** The guest's mounts by the partitions' numbers on the destination. */
export function foreseenMounts(mounts: MountFacts[], { partitions }: DestinationPlan): MountFacts[] {
  return mounts.map((mount) => ({
    ...mount,
    part: partitions.find(({ from }) => from === mount.part)?.number ?? mount.part,
  }));
}

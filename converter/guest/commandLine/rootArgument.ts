import type { Advice, DestinationPlan, Facts, Family, KernelFacts, Plan } from "../../types";
import type { GuestDevices } from "../devices";
import type { DefaultBoot } from "../kernel/chooseDefault";

/** What a kernel that has no initramfs can go by, besides a device's name. */
export type RootPlan = Pick<Plan, "options" | "destination">;

/**
 * A partition's PARTUUID, as the kernel reads it from the table: the disk's signature and the number (MBR), or the
 * partition's own GUID (GPT). `undefined` if the plan leaves it to chance.
 */
export function partitionUuid(destination: DestinationPlan, part: number): string | undefined {
  const number = Math.max(part, 1);
  if (destination.layout === "gpt")
    return destination.partitions.find((partition) => partition.number === number)?.guid?.toLowerCase();
  const signature = /^0x([0-9a-f]{8})$/i.exec(destination.tableId ?? "")?.[1];
  return signature && `${signature.toLowerCase()}-${number.toString(16).padStart(2, "0")}`;
}

/** Linux's first versions that find a root by PARTUUID: GPT's in 2.6.37, MBR's in 3.8. */
const FIRST_WITH_PARTUUID = { gpt: [2, 6, 37], mbr: [3, 8, 0] };

/** Whether a kernel finds a root by PARTUUID by itself. One without a version in its name is taken for too old. */
export function knowsPartuuid({ version }: Pick<KernelFacts, "version">, layout: "mbr" | "gpt"): boolean {
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(version)
    ?.slice(1)
    .map((one) => Number(one ?? 0));
  if (!numbers) return false;
  const first = FIRST_WITH_PARTUUID[layout];
  const differs = first.findIndex((one, place) => one !== numbers[place]);
  return differs < 0 || numbers[differs] > first[differs];
}

/** The root's disk by the one name that it has on all types of a family. */
const DISKS: Record<Family, string> = { xen: "/dev/xvda", nitro: "/dev/nvme0n1p" };

/**
 * The value of `root=` for a kernel without an initramfs, as on Gentoo: nothing there resolves LABEL= and UUID=. The
 * PARTUUID where the kernel knows it, else the device's name where one family alone was asked for; `undefined` where
 * neither is right everywhere.
 */
export function rootArgument(
  kernel: Pick<KernelFacts, "version">,
  part: number,
  { options, destination }: RootPlan,
): string | undefined {
  const uuid = knowsPartuuid(kernel, destination.layout) ? partitionUuid(destination, part) : undefined;
  if (uuid !== undefined) return `PARTUUID=${uuid}`;
  return options.for.length === 1 ? `${DISKS[options.for[0]]}${Math.max(part, 1)}` : undefined;
}

/** Why the kernel that boots would not find its root: it has no initramfs, and no one name is right on every family. */
export function refuseRoot(
  { mounts: [root] }: Pick<Facts, "mounts">,
  { entry, kernel }: Pick<DefaultBoot, "entry" | "kernel">,
  plan: RootPlan,
): Advice[] {
  if (entry.initrd !== undefined) return [];
  if (root.logicalVolume !== undefined) return [noInitramfs(kernel, "its root is on LVM")];
  if (rootArgument(kernel, root.part, plan) !== undefined) return [];
  return [
    noInitramfs(
      kernel,
      `Linux ${kernel.version} finds no root by PARTUUID, and its disk has another name on each family`,
    ),
  ];
}

function noInitramfs({ version }: KernelFacts, why: string): Advice {
  return {
    subject: `kernel ${version}`,
    found: `its entry has no initrd, and ${why}.`,
    advice:
      "Give the entry an initrd in the source, install a kernel of 3.8 or later, or convert for one family alone (--for xen).",
  };
}

/** The name under which a kernel with an initramfs finds a device of the guest's on every family. */
export function stableArgument(devices: GuestDevices, device: string, word: "root" | "resume"): string {
  const volume = devices.find(device);
  if (word === "root") return volume ? devices.stableName(device) : devices.stableRoot(device);
  if (!volume?.uuid || !devices.isDiskName(device)) return device;
  // Initramfs of these years resume from a path; not all of them from UUID=.
  return `/dev/disk/by-uuid/${volume.uuid}`;
}

/** A guest of stub kernels, whose menu is what a test is about. */
import * as fs from "node:fs";
import * as path from "node:path";
import { RefusedError } from "../../converter/errors";
import { applyEdits } from "../../converter/guest/apply";
import { findBootFile } from "../../converter/guest/menu/bootFile";
import { GuestTree } from "../../converter/guest/tree";
import { planConversion } from "../../converter/plan";
import type { Options, Plan } from "../../converter/types";
import { scratchFolder } from "../converter/disk/images";
import { cleanFilesystem, inspectedGuest } from "../converter/guest/inspectedGuest";
import { stubInitramfs, stubKernel } from "./machine/stubKernel";

export const MENU = "/boot/grub/menu.lst";
export const UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";
const OPTIONS: Options = { for: ["xen"], layout: "mbr", grow: false };

/** How many kernels are installed. */
export const KERNELS = 5;
const versionOf = (number: number) => `3.2.0-${number}-amd64`;
export const kernelFile = (number: number) => `/boot/vmlinuz-${versionOf(number)}`;
export const initramfsFile = (number: number) => `/boot/initrd.img-${versionOf(number)}`;
/** By its size one knows an initramfs. */
export const initramfsBytes = (number: number) => 1024 + number;

const DRIVERS = ["xen-blkfront", "xen-platform-pci", "ata_piix", "ext4", "ext3", "xfs"];

/** What a menu's words K1 to K5 and I1 to I5 stand for: the kernels, and the initramfs of each. */
export function withFiles(menu: string): string {
  return menu
    .replace(/\bK(\d)\b/g, (_, number: string) => kernelFile(Number(number)))
    .replace(/\bI(\d)\b/g, (_, number: string) => initramfsFile(Number(number)));
}

/** Files of the guest by their paths, the menu's among them; bytes where they are no text. */
export type Files = Record<string, string | Buffer | { link: string }>;

/** Writes the guest into a new folder. */
export function writeGuest(files: Files): string {
  const folder = scratchFolder();
  const put = (name: string, content: Files[string]) => {
    fs.mkdirSync(path.dirname(folder + name), { recursive: true });
    if (typeof content === "object" && "link" in content) fs.symlinkSync(content.link, folder + name);
    else fs.writeFileSync(folder + name, content);
  };
  for (let number = 1; number <= KERNELS; number += 1) {
    put(kernelFile(number), stubKernel(versionOf(number)));
    put(initramfsFile(number), stubInitramfs(initramfsBytes(number), DRIVERS));
    put(`/boot/config-${versionOf(number)}`, "CONFIG_XEN_PVHVM=y\nCONFIG_XEN_NETDEV_FRONTEND=y\n");
    put(`/lib/modules/${versionOf(number)}/modules.dep`, "");
  }
  put("/etc/fstab", "LABEL=root / auto defaults 0 1\n");
  put("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
  put("/sbin/init", "");
  for (const [name, content] of Object.entries(files)) put(name, content);
  return folder;
}

/** The plan for the guest in a folder; its reasons where it is refused. */
export async function planFor(
  folder: string,
  lying: { part: number } = { part: 0 },
): Promise<Plan | string[]> {
  const tree = new GuestTree(folder);
  const found = findBootFile([{ part: lying.part, tree }]);
  const filesystem = cleanFilesystem({ type: "ext3", uuid: UUID, label: "root" });
  const mounts = [{ point: "/", part: lying.part, filesystem }];
  const table = lying.part === 0 ? ("none" as const) : ("mbr" as const);
  try {
    const bootFile = found && { ...found, prefix: "" };
    const { facts } = await inspectedGuest(tree, { mounts, table, bootFile });
    const plan = planConversion({ facts, read: (name) => tree.read(name), options: OPTIONS });
    return plan.refusals.length > 0 ? sentences(plan.refusals) : plan;
  } catch (error) {
    if (error instanceof RefusedError) return sentences(error.reasons);
    throw error;
  }
}

function sentences(reasons: Plan["refusals"]): string[] {
  return reasons.map(({ subject, found }) => `${subject}: ${found}`);
}

/** Makes the plan's changes in the folder. */
export function convertTree(folder: string, plan: Plan): void {
  applyEdits(new GuestTree(folder), plan);
}

export { versionOf };

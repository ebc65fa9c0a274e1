import type { Advice, BootEntryFacts, BootFileFacts } from "../types";
import { chainLoads, PV_GRUB_PLACES } from "./bootFile";
import type { GuestTree } from "./tree";

/** Why the entry that boots starts no Linux that is there; empty where it does. */
export function judgeDefault(tree: GuestTree, { path, entries, defaultEntry }: BootFileFacts): Advice[] {
  const entry = entries[defaultEntry];
  if (!entry) {
    const advice = "Add an entry for an installed kernel in the source.";
    return [{ subject: path, found: "it has no entry (`title`).", advice }];
  }
  const fault = faultOf(tree, entry, `entry ${defaultEntry} (${entry.title})`);
  return fault ? [{ subject: path, ...fault }] : [];
}

function faultOf(tree: GuestTree, entry: BootEntryFacts, name: string): Omit<Advice, "subject"> | undefined {
  const { kernel } = entry;
  if (kernel === undefined) {
    const advice = "Make an entry with a kernel the default in the source.";
    return { found: `${name} has no \`kernel\` line.`, advice };
  }
  if (chainLoads(entry)) {
    const found = `${name} starts a second boot loader, ${kernel}, whose own configuration decides.`;
    const advice = "Put an entry that names a kernel first, or migrate to a current image of this system.";
    return { found, advice };
  }
  if (tree.exists(kernel)) return undefined;
  const found = `unable to detect the default kernel: ${name} names ${kernel}, which is not there, and no fallback is.`;
  return {
    found,
    advice: adviceForMenu(installedKernels(tree)),
  };
}

function adviceForMenu(kernels: string[]): string {
  return kernels.length > 0
    ? `Installed are: ${kernels.join(", ")}. Name one of them in the source's menu.`
    : "No other one is installed: install a kernel package in the source.";
}

function installedKernels(tree: GuestTree): string[] {
  return tree.list("/boot").filter((name) => name.startsWith("vmlinuz"));
}

/** No `menu.lst` where PV-GRUB looks. */
export function noBootFile(tree: GuestTree): Advice {
  const [{ path }] = PV_GRUB_PLACES;
  const extlinux =
    tree.exists("/boot/extlinux") || tree.exists("/ldlinux.sys") || tree.exists("/extlinux.conf");
  return {
    subject: "menu.lst",
    found: `PV-GRUB would find none: on a disk without a partition table it reads ${path} alone${extlinux ? ". extlinux is installed" : ""}.`,
    advice: extlinux
      ? "This looks like an HVM image, which needs no conversion."
      : "Where a kernel image (AKI) other than pv-grub booted it, install a kernel and a menu.lst in the source first.",
  };
}

/** A boot file in a language that PV-GRUB does not speak. */
export function grub2Syntax({ path, resolvedPath }: BootFileFacts): Advice {
  return {
    subject: path,
    found: `${path === resolvedPath ? "it" : resolvedPath} is a script for GRUB 2, which PV-GRUB cannot read: this file did not boot the source.`,
    advice: "Check the source's kernel image (AKI), and write a menu.lst for GRUB legacy.",
  };
}

/** Nothing to start. */
export function noKernel({ path }: BootFileFacts): Advice {
  return {
    subject: path,
    found: "no entry and no file in /boot is a Linux kernel.",
    advice: "Install a kernel package in the source.",
  };
}

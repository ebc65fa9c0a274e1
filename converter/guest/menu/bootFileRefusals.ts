import type { Advice, BootEntryFacts, BootFileFacts } from "../../types";
import { chainLoads, isReadable, PV_GRUB_PLACES } from "./bootFile";
import type { GuestTree } from "../tree";
import { whyUnreadable } from "./unreadableMenu";

/** Why the entry that boots starts no Linux that is there; empty if it does. */
export function judgeDefault(
  tree: GuestTree,
  { path, resolvedPath, entries, defaultEntry }: BootFileFacts,
): Advice[] {
  const entry = entries[defaultEntry];
  if (!entry) {
    const unreadable = whyUnreadable(tree, resolvedPath);
    if (unreadable) return [{ subject: path, found: `${unreadable.found}.`, advice: unreadable.advice }];
    const advice = "Add an entry for an installed kernel in the source.";
    return [{ subject: path, found: "it has no entry (`title`).", advice }];
  }
  const fault = faultOf(tree, entry, `entry ${defaultEntry} (${entry.title})`);
  return fault ? [{ subject: path, ...fault }] : [];
}

function faultOf(tree: GuestTree, entry: BootEntryFacts, name: string): Omit<Advice, "subject"> | undefined {
  const { kernel, nextMenu, fault, otherSystem } = entry;
  if (kernel === undefined && nextMenu !== undefined) {
    const found = `${name} hands over to another menu, ${nextMenu} (\`configfile\`).`;
    return { found, advice: "Take that menu's entry for the kernel over into this one in the source." };
  }
  if (kernel === undefined) {
    const advice = "Make an entry with a kernel the default in the source.";
    return { found: `${name} has no \`kernel\` line.`, advice };
  }
  if (chainLoads(entry)) return secondLoader(name, kernel);
  if (otherSystem !== undefined) {
    const found = `${name} starts ${kernel}, which is ${otherSystem}. Only Linux is converted.`;
    const advice =
      "If the guest has a Linux kernel, make its entry the default in the source. If it runs another system, look for an HVM image of that system.";
    return { found, advice };
  }
  if (fault === undefined) return undefined;
  const found = `unable to detect the default kernel: ${name} cannot be started, since ${fault}, and no fallback can.`;
  return { found, advice: adviceForMenu(installedKernels(tree)) };
}

/** CoreOS, Flatcar and NixOS: PV-GRUB starts GRUB 2 for Xen, whose own configuration on the disk picks the kernel. */
function secondLoader(name: string, kernel: string): Omit<Advice, "subject"> {
  return {
    found: `${name} starts a second boot loader, ${kernel}, whose own configuration decides.`,
    advice:
      "Put an entry that names a kernel first, or migrate to a current image of this system: CoreOS, Flatcar and NixOS publish HVM images of each release.",
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
  const loader = loaderOfHvm(tree);
  const unreadable = whyUnreadable(tree, MENU);
  if (unreadable)
    return {
      subject: "menu.lst",
      found: `PV-GRUB would find none: ${unreadable.found}.`,
      advice: unreadable.advice,
    };
  const seen = [...brokenNames(tree), ...(loader === undefined ? [] : [loader])];
  return {
    subject: "menu.lst",
    found: `PV-GRUB would find none: it reads ${placesInWords()}.${seen.map((one) => ` ${one}.`).join("")}`,
    advice: loader
      ? "This looks like an HVM image, which needs no conversion: register it as it is."
      : "Where a kernel image (AKI) other than pv-grub booted it, install a kernel and a menu.lst in the source first.",
  };
}

/** What an HVM image boots by, and a PV image has no use for; undefined if there is no trace of it. */
function loaderOfHvm(tree: GuestTree): string | undefined {
  if (["/boot/extlinux", "/ldlinux.sys", "/extlinux.conf"].some((path) => tree.exists(path))) {
    return "extlinux is installed";
  }
  const configuration = ["/boot/grub/grub.cfg", "/boot/grub2/grub.cfg"].find((path) =>
    isReadable(tree, path),
  );
  return configuration && `GRUB 2 boots it, by ${configuration}`;
}

function placesInWords(): string {
  const [{ path }, second, third] = PV_GRUB_PLACES;
  return `${path} alone on a disk without a partition table, ${second.path} or ${third.path} on one of the first four partitions`;
}

const MENU = "/boot/grub/menu.lst";

/** Menus that are there for the guest and not for PV-GRUB, which follows links on one filesystem alone. */
function brokenNames(tree: GuestTree): string[] {
  const conf = "/boot/grub/grub.conf";
  if (tree.hasName(MENU)) return [whereMenuLies(tree, MENU)];
  return isReadable(tree, conf) ? [`${conf} is there, and no menu.lst leads to it`] : [];
}

function whereMenuLies(tree: GuestTree, menu: string): string {
  const file = tree.resolve(menu);
  const subject = file === menu ? `${menu} lies` : `${menu} leads to ${file},`;
  return `${subject} on another filesystem or outside those partitions`;
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

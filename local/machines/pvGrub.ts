/**
 * What PV-GRUB does, done from outside: the kernel and initramfs that a disk's own menu names are taken out of it and
 * loaded. An approximation, since QEMU is no Xen: the kernel starts as on hardware, its disks are virtio, and what the
 * command line says of Xen's disk and console is replaced.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { withFilesystem } from "../../converter/disk/mount";
import { chainLoads, isGrub2Script, PV_GRUB_PLACES } from "../../converter/guest/menu/bootFile";
import { chooseEntry, parseMenu, savedNumber, type MenuEntry } from "../../converter/guest/menu/menu";
import { GuestTree } from "../../converter/guest/tree";
import { run } from "../../converter/run";
import type { LoadedKernel } from "./qemuArguments";

export type PvGrubOutcome = { loaded: LoadedKernel } | { console: string };

/**
 * Takes out of a disk what its default entry names, into `directory`. Where PV-GRUB would be left without anything to
 * start, the outcome is what it would show on the console.
 * @param diskFile a raw file with a filesystem straight on it; only read.
 */
export async function loadFromDisk(diskFile: string, directory: string): Promise<PvGrubOutcome> {
  const signature = await run(["blkid", "-p", "-s", "TYPE", "-o", "value", diskFile], {
    purpose: `looking for a filesystem on ${diskFile}`,
    accept: [0, 2],
  });
  if (!/^(?:ext[234]|xfs)$/m.test(signature.stdout))
    return { console: prompt("Error 17: Cannot mount selected partition") };
  return withFilesystem({ path: diskFile, readOnly: true }, run, async (root) =>
    loadFrom(new GuestTree(root), directory),
  );
}

function loadFrom(tree: GuestTree, directory: string): PvGrubOutcome {
  const menuPath = PV_GRUB_PLACES.find(
    ({ device, path: file }) => device === "(hd0)" && tree.exists(file),
  )?.path;
  const text = menuPath && tree.read(menuPath);
  if (!text) return { console: prompt() };
  const entry = defaultEntry(tree, text, menuPath);
  if (!entry?.kernel) return { console: prompt() };
  const problem = judge(tree, entry);
  if (problem) return { console: prompt(`Booting '${entry.title}'\n\n${problem}`) };
  return { loaded: takeOut(tree, entry, directory) };
}

function defaultEntry(tree: GuestTree, menu: string, menuPath: string): MenuEntry | undefined {
  const parsed = parseMenu(menu);
  if (isGrub2Script(menu) || parsed.entries.length === 0) return undefined;
  const saved = savedNumber(tree.read(path.posix.join(path.posix.dirname(menuPath), "default")));
  const { index } = chooseEntry(parsed, saved, (entry) => judge(tree, entry));
  return parsed.entries[index];
}

function judge(tree: GuestTree, entry: MenuEntry): string | undefined {
  if (entry.failure !== undefined) return `Error 27: Unrecognized command (${entry.failure})`;
  const earlier = entry.earlier?.map(({ file }) => file) ?? [];
  const files = [...earlier, entry.kernel, entry.initrd].filter((file) => file !== undefined);
  if (files.some((file) => !tree.exists(file))) return "Error 15: File not found";
  return chainLoads(entry) ? "Error 13: Invalid or unsupported executable format" : undefined;
}

function takeOut(tree: GuestTree, entry: MenuEntry, directory: string): LoadedKernel {
  const copy = (guestFile: string, name: string) => {
    const file = path.join(directory, name);
    fs.copyFileSync(tree.hostPath(guestFile), file);
    return file;
  };
  return {
    kernelFile: copy(entry.kernel ?? "", "kernel"),
    initrdFile: entry.initrd && copy(entry.initrd, "initrd"),
    commandLine: commandLineOutsideXen(entry.arguments),
  };
}

/**
 * The entry's arguments, made to fit: the root disk is vda, the console ttyS0 and, since a vif is always eth0, the
 * network card keeps that name. The check of the root filesystem is left out (`fastboot` for sysvinit, `fsck.mode` for
 * systemd): it would look for the device that fstab names, xvda1, which is Xen's.
 */
export function commandLineOutsideXen(entryArguments: string[]): string {
  const kept = entryArguments.filter((argument) => !/^(root|console|xencons|net\.ifnames)=/.test(argument));
  return ["root=/dev/vda", ...kept, "console=ttyS0", "net.ifnames=0", "fastboot", "fsck.mode=skip"].join(" ");
}

/** PV-GRUB is GRUB 0.97 on Xen's Mini-OS; without a menu, or after an error, it waits at its prompt. */
function prompt(error?: string): string {
  const shown = error ? `\n${error}\n` : "";
  return `Xen Minimal OS!\n\n    GNU GRUB  version 0.97\n${shown}\ngrubdom> `;
}

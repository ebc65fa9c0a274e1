import path from "node:path";
import { fileEdit } from "../../edit";
import { besideOf, type Generator, type Target } from "./generator";
import { addToShellList, shellList } from "./shellList";

const CONFIGURATION = "/etc/sysconfig/kernel";

/** The PV kernel's names of what the HVM kernels of SLES 10 and 11 call xen-vbd and xen-vnif: those have no such file. */
const PV_ONLY = ["xenblk", "xennet"];

/**
 * SUSE's, to SLES 11 and openSUSE 13.1. Kernel and image are named as they are called in the folder that -b gives.
 * Whose option parser was read (openSUSE's repository of it, by its branches):
 * - SLES 9 and 10 to SP4: one script with `getopts`. It knows -b, -d, -i, -k and -m, and no -B: it leaves the menu alone anyway.
 * - openSUSE 10.3 and 11.0: no -B either, and at the end they call update-bootloader, which writes the menu anew.
 * - SLES 11 to SP4, openSUSE 11.2 to 12.3, 2.8.1 of 13.1: the options stand as `#%param_X` in /lib/mkinitrd/setup. -B leaves the
 *   menu alone, and all the others mean the same.
 * All of them follow the root's devices through sysfs, where LVM's are not to be found here. With -m they take no module of
 * INITRD_MODULES, which is why those are named in the call as well.
 */
export const mkinitrdSuse: Generator = {
  program: "mkinitrd",
  words: { "-B": /\bparam_B\b/, "update-bootloader": /update-bootloader\s+--refresh/ },
  findsLvm: false,
  build({ kernel, path: image, modules, knows, configured, rootName }) {
    const output = besideOf(image);
    const { dir, base } = path.posix.parse(output);
    const kept = configured.filter((name) => !PV_ONLY.includes(name) && !modules.includes(name));
    const named = [...kept, ...modules];
    return {
      command: [
        ...["mkinitrd", ...(knows.includes("-B") ? ["-B"] : [])],
        ...["-b", dir, "-k", `vmlinuz-${kernel}`, "-i", base],
        ...(named.length > 0 ? ["-m", named.join(" ")] : []),
        ...rootOption({ knows, rootName }),
      ],
      output,
    };
  },
  configure(modules, { read }) {
    const text = read(CONFIGURATION);
    const why = `INITRD_MODULES: the initrd of every kernel gets ${modules.join(", ")}`;
    const edit = fileEdit(CONFIGURATION, text, addToShellList(text ?? "", "INITRD_MODULES", modules, why));
    return edit ? [edit] : [];
  },
  configured: ({ read }) => shellList(read(CONFIGURATION) ?? "", "INITRD_MODULES"),
  whyNot({ knows, rootName }) {
    if (knows.includes("update-bootloader") && !knows.includes("-B"))
      return "the guest's mkinitrd (openSUSE 10.3, 11.0) writes the boot menu anew, and has no option against it";
    if (rootName === undefined)
      return "the guest's mkinitrd finds the root by its line in /etc/fstab, and there is none";
    return undefined;
  },
};

/**
 * Without -d it takes the device of `/` from the kernel, which is the helper's loop device: "Root device (/dev/loop3) not
 * found" (SLES 11, openSUSE 11.2 to 12.3). With fstab's own name it finds the filesystem's type there, and asks for no
 * device. SLES 10 wants to find the device behind a LABEL or a UUID, but not the one behind a link of udev's.
 */
function rootOption({ knows, rootName }: Pick<Target, "knows" | "rootName">): string[] {
  if (rootName === undefined) return [];
  return ["-d", knows.includes("-B") ? rootName : udevLink(rootName)];
}

function udevLink(name: string): string {
  const [, kind, value] = /^(UUID|LABEL)=(.*)$/.exec(name) ?? [];
  return kind === undefined ? name : `/dev/disk/by-${kind.toLowerCase()}/${value}`;
}

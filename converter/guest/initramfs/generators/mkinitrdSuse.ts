import path from "node:path";
import { fileEdit } from "../../edit";
import { besideOf, type Generator } from "./generator";
import { addToShellList } from "./shellList";

const CONFIGURATION = "/etc/sysconfig/kernel";

/**
 * SUSE's, to SLES 11 and openSUSE 13.1. Kernel and image are named as they are called in the folder that -b gives; -B leaves
 * the boot loader's menu alone. It follows the root's devices through sysfs, where LVM's are not to be found here.
 */
export const mkinitrdSuse: Generator = {
  program: "mkinitrd",
  words: [],
  findsLvm: false,
  build({ kernel, path: image, modules }) {
    const output = besideOf(image);
    const { dir, base } = path.posix.parse(output);
    const more = modules.length > 0 ? ["-m", modules.join(" ")] : [];
    return {
      command: ["mkinitrd", "-B", "-b", dir, "-k", `vmlinuz-${kernel}`, "-i", base, ...more],
      output,
    };
  },
  configure(modules, read) {
    const text = read(CONFIGURATION);
    const why = `INITRD_MODULES: the initrd of every kernel gets ${modules.join(", ")}`;
    const edit = fileEdit(CONFIGURATION, text, addToShellList(text ?? "", "INITRD_MODULES", modules, why));
    return edit ? [edit] : [];
  },
};

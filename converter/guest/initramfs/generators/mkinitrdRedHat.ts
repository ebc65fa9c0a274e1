import { appendLine, fileEdit } from "../../edit";
import { besideOf, type Generator } from "./generator";

const CONFIGURATION = "/etc/sysconfig/mkinitrd";
const OWN_FILE = `${CONFIGURATION}/pv-to-hvm`;
/** Disks wait for these: loaded before everything else. */
const FIRST = ["xen-platform-pci", "xen-vbd", "xen-blkfront"];

/**
 * Red Hat 5 and Fedora to 11: an init of fixed commands, which loads the modules in the order in which they were named. It
 * asks LVM for the root's volume group, which is not active here: the image would not look for it.
 */
export const mkinitrdRedHat: Generator = {
  program: "mkinitrd",
  words: [],
  findsLvm: false,
  build({ kernel, path, modules }) {
    const output = besideOf(path);
    const options = modules.map((name) => (FIRST.includes(name) ? `--preload=${name}` : `--with=${name}`));
    return { command: ["mkinitrd", "-f", ...options, output, kernel], output };
  },
  /** A script that mkinitrd reads, among others in a folder or the only one, as the builders of images have it. */
  configure(modules, read) {
    const line = `MODULES="$MODULES ${modules.join(" ")}"`;
    const file = read(CONFIGURATION);
    const path = file === undefined ? OWN_FILE : CONFIGURATION;
    const text = file ?? read(OWN_FILE);
    if (text?.split(/\r?\n/).includes(line)) return [];
    const why = [`the initrd of every kernel gets ${modules.join(", ")}`];
    const edit = fileEdit(path, text, { text: appendLine(text ?? "", line), why });
    // Those in the folder are read where they may be executed.
    return edit ? [edit.action === "create" ? { ...edit, mode: 0o755 } : edit] : [];
  },
};

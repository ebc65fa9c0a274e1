import type { FileEdit } from "../../../types";
import { moduleKey } from "../../kernel/drivers";
import { appendLine, fileEdit, type Edited } from "../../edit";
import { besideOf, type Generator } from "./generator";

const MODULES_FILE = "/etc/initramfs-tools/modules";
export const INITRAMFS_TOOLS_FOLDER = "/etc/initramfs-tools/conf.d";
const CONFIGURATION_FILES = [
  "/etc/initramfs-tools/initramfs.conf",
  `${INITRAMFS_TOOLS_FOLDER}/driver-policy`,
];

/**
 * Debian's and Ubuntu's initramfs-tools. With `MODULES=most` every filesystem and LVM's tools are in, whatever this machine has; with
 * `list` what its list of modules names, and nothing else.
 * Which version was run: 0.142 (Debian 12). No older one's option parser was read; each guest's own script is asked before
 * anything is written (`unknownOptions`).
 */
export const initramfsTools: Generator = {
  program: "update-initramfs",
  words: {},
  findsLvm: true,
  build({ kernel, path }) {
    // update-initramfs keeps a checksum of what it made; -t takes over an image that somebody else changed.
    if (path === `/boot/initrd.img-${kernel}`)
      return { command: ["update-initramfs", "-u", "-t", "-k", kernel] };
    const output = besideOf(path);
    return { command: ["mkinitramfs", "-o", output, kernel], output };
  },
  configure(modules, { read }) {
    const text = read(MODULES_FILE);
    const edit = fileEdit(MODULES_FILE, text, addModules(text ?? "", modules));
    return edit ? [edit] : [];
  },
  lift(_modules, { read, files }) {
    const inFolder = files.filter((path) => path.startsWith(`${INITRAMFS_TOOLS_FOLDER}/`));
    const edits = [...new Set([...CONFIGURATION_FILES, ...inFolder])].map((path): FileEdit | undefined => {
      const text = read(path);
      return text === undefined ? undefined : fileEdit(path, text, takeMostModules(text));
    });
    return edits.filter((edit) => edit !== undefined);
  },
};

/** Adds the modules that the file does not name yet, a line each. */
export function addModules(text: string, modules: string[]): Edited {
  const named = new Set(text.split("\n").map((line) => moduleKey(line.trim().split(/\s/)[0])));
  const added = modules.filter((module) => !named.has(moduleKey(module)));
  if (added.length === 0) return { text, why: [] };
  return {
    text: added.reduce(appendLine, text),
    why: [`the initramfs of every kernel gets ${added.join(", ")}`],
  };
}

/**
 * `MODULES=dep` builds for the hardware that it sees, which is the helper's, and fails where it finds no device for the
 * root (initramfs-tools: "failed to determine device for /"). `list` takes the file's modules alone, which are enough.
 */
export function takeMostModules(text: string): Edited {
  const edited = text.replace(/^(\s*MODULES=)(["']?)dep\2(?=\s|$)/gm, "$1most");
  return {
    text: edited,
    why: edited === text ? [] : ["MODULES=dep → most: dep would look at the helper's hardware"],
  };
}

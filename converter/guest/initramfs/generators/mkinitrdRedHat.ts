import type { FileEdit } from "../../../types";
import { appendLine, fileEdit, Reasons, type Edited } from "../../edit";
import { besideOf, type Configured, type Generator } from "./generator";

export const CONFIGURATION = "/etc/sysconfig/mkinitrd";
const OWN_FILE = `${CONFIGURATION}/pv-to-hvm`;
/** Disks wait for these: loaded before everything else. */
const FIRST = ["xen-platform-pci", "xen-vbd", "xen-blkfront"];

/**
 * Red Hat 5, Fedora to 11, Mandriva: an init of fixed commands, which loads the modules in the order in which they were named.
 * It asks LVM for the root's volume group, which is not active here: the image would not look for it. It puts in what it is
 * told and what it sees on the machine, which is the helper.
 * Whose option parser was read: 7.0.15 (Fedora's line of development, as MeeGo had it) and the patches of Mandriva's 6.0.93. Both
 * know -f, --preload and --with. That of Red Hat 5 (5.1.19.6) was not to be had:
 * what a guest's own script does not know is refused before anything is written (`unknownOptions`).
 * Their configuration: 5.1.19.6 reads the executable files of the folder /etc/sysconfig/mkinitrd, and no file of that name; 6.0 and
 * later read a file of that name, and no folder. The guest's own script says which.
 */
export const mkinitrdRedHat: Generator = {
  program: "mkinitrd",
  words: {
    // Sourced in a loop over its files, or tested for being a folder.
    folder: /\/etc\/sysconfig\/mkinitrd\/|-d\s+"?\/etc\/sysconfig\/mkinitrd\b/,
    file: /(?:^|[\s;&])(?:\.|source)\s+"?\/etc\/sysconfig\/mkinitrd"?(?=\s|;|$)/m,
  },
  findsLvm: false,
  build({ kernel, path, modules }) {
    const output = besideOf(path);
    const options = modules.map((name) => (FIRST.includes(name) ? `--preload=${name}` : `--with=${name}`));
    return { command: ["mkinitrd", "-f", ...options, output, kernel], output };
  },
  configure(modules, guest) {
    const path = whatItReads(guest);
    if (path === undefined) return [];
    const line = `MODULES="$MODULES ${modules.join(" ")}"`;
    const text = guest.read(path);
    if (text?.split(/\r?\n/).includes(line)) return [];
    const why = [`the initrd of every kernel gets ${modules.join(", ")}`];
    const edit = fileEdit(path, text, { text: appendLine(text ?? "", line), why });
    // Those in the folder are read where they may be executed.
    return edit ? [edit.action === "create" ? { ...edit, mode: 0o755 } : edit] : [];
  },
  /** A builder's list (ami-creator's `MODULES+="xenblk "`): it ends at a module for which there is no file. */
  lift(modules, { read, files }) {
    const inFolder = files.filter((path) => path.startsWith(`${CONFIGURATION}/`));
    const edits = [CONFIGURATION, ...inFolder].map((path): FileEdit | undefined => {
      const text = read(path);
      return text === undefined ? undefined : fileEdit(path, text, renameModules(text, modules));
    });
    return edits.filter((edit) => edit !== undefined);
  },
  whyNotKept(guest) {
    if (whatItReads(guest) !== undefined) return undefined;
    const found = guest.knows.includes("folder")
      ? "it is a file, and the guest's mkinitrd reads the files of a folder of that name alone."
      : "the guest's mkinitrd reads no configuration.";
    const advice = guest.knows.includes("folder")
      ? `Move it to ${CONFIGURATION}/local (mode 755) in the source, and convert again.`
      : "After each kernel update make its initrd anew, with the options --preload and --with that the report shows.";
    return { path: CONFIGURATION, found, advice };
  },
};

/** The PV kernel's names, and what the HVM kernels of Red Hat 5 call the same. */
const HVM_NAMES: Record<string, string> = { xenblk: "xen-vbd", xennet: "xen-vnif" };

function renameModules(text: string, modules: string[]): Edited {
  const reasons = new Reasons();
  const hasOldNames = modules.includes("xen-vbd");
  const edited = text.replace(/^[ \t]*(?:export[ \t]+)?(?:MODULES|PREMODS)\+?=.*$/gm, (line) =>
    line.replace(/(?<![\w-])(?:xenblk|xennet)(?![\w-])/g, (name) => {
      const why = `${name}: the HVM kernel has no module of that name, and mkinitrd ends where one is missing`;
      return reasons.note(name, hasOldNames ? HVM_NAMES[name] : "", why);
    }),
  );
  return { text: edited, why: reasons.list() };
}

/** The file to write, by what the guest's script reads and what is there; `undefined` if it would be read by nobody. */
function whatItReads({ read, knows }: Configured): string | undefined {
  if (knows.includes("file")) return CONFIGURATION;
  if (!knows.includes("folder") || read(CONFIGURATION) !== undefined) return undefined;
  return OWN_FILE;
}

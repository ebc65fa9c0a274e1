import { fileEdit } from "../../edit";
import { besideOf, type Generator } from "./generator";
import { addToShellList } from "./shellList";

const CONFIGURATION = "/etc/mkinitcpio.conf";

/** Arch Linux's. Its hook `autodetect` would take the modules of the machine that it runs on. */
export const mkinitcpio: Generator = {
  program: "mkinitcpio",
  words: ["--skiphooks"],
  findsLvm: true,
  build({ kernel, path, knows }) {
    const output = besideOf(path);
    const skip = knows.includes("--skiphooks") ? ["-S", "autodetect"] : [];
    return { command: ["mkinitcpio", ...skip, "-k", kernel, "-g", output], output };
  },
  configure(modules, read) {
    const text = read(CONFIGURATION);
    if (text === undefined) return [];
    const why = `MODULES: the initramfs of every kernel gets ${modules.join(", ")}`;
    const edit = fileEdit(CONFIGURATION, text, addToShellList(text, "MODULES", modules, why));
    return edit ? [edit] : [];
  },
};

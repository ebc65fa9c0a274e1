import { appendLine, fileEdit } from "../../edit";
import { addToShellList } from "./shellList";
import { besideOf, type Generator } from "./generator";

const OWN_FILE = "/etc/dracut.conf.d/pv-to-hvm.conf";
const MAIN_FILE = "/etc/dracut.conf";

/**
 * Red Hat 6 and later, Fedora from 12, Amazon Linux. An image for this machine alone ("host only", the default of Fedora from
 * 20) would lack what the guest's own machine needs; Red Hat 6's knows no option against it, and has it off.
 * `drivers+=` in a builder's configuration (katzj/ami-creator, CentOS 6) restricts an image to its list;
 * `add_drivers` comes on top of that.
 */
export const dracut: Generator = {
  program: "dracut",
  words: ["--no-hostonly", "--add-drivers", "dracut.conf.d"],
  findsLvm: true,
  build({ kernel, path, modules, knows }) {
    const output = besideOf(path);
    const options = [
      ...(knows.includes("--no-hostonly") ? ["--no-hostonly"] : []),
      ...(knows.includes("--add-drivers") && modules.length > 0 ? ["--add-drivers", modules.join(" ")] : []),
    ];
    return { command: ["dracut", "-f", ...options, output, kernel], output };
  },
  configure(modules, read, knows) {
    const why = `the initramfs of every kernel gets ${modules.join(", ")}`;
    // With spaces at both ends: the shell joins what several files add.
    const line = `add_drivers+=" ${modules.join(" ")} "`;
    const path = knows.includes("dracut.conf.d") ? OWN_FILE : MAIN_FILE;
    const text = read(path);
    const lacking = modules.filter(
      (name) => !new RegExp(`(^|[\\s"'])${name}($|[\\s"'])`, "m").test(text ?? ""),
    );
    if (lacking.length === 0) return [];
    const edited =
      path === OWN_FILE && text !== undefined
        ? addToShellList(text, "add_drivers\\+", modules, why)
        : { text: appendLine(text ?? "", line), why: [why] };
    const edit = fileEdit(path, text, edited);
    return edit ? [edit] : [];
  },
};

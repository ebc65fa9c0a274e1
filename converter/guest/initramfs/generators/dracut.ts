import type { FileEdit } from "../../../types";
import { moduleKey } from "../../kernel/drivers";
import { appendLine, fileEdit, Reasons, type Edited } from "../../edit";
import { besideOf, type Configured, type Generator } from "./generator";
import { addToShellList, shellLists } from "./shellList";

export const DRACUT_FOLDER = "/etc/dracut.conf.d";
const OWN_FILE = `${DRACUT_FOLDER}/pv-to-hvm.conf`;
const MAIN_FILE = "/etc/dracut.conf";

/**
 * Red Hat 6 and later, Fedora from 12, Amazon Linux. An image for this machine alone ("host only", the default of Fedora from
 * 20) would lack what the guest's own machine needs.
 * `drivers+=` in a builder's configuration (katzj/ami-creator, CentOS 6) restricts an image to its list, `filesystems+=` to
 * those filesystems; `add_drivers` comes on top of both.
 * Whose option parser was read: 001 (no --add-drivers, takes every disk's driver by itself), 002 to 007 (--add-drivers takes the
 * place of what the configuration names: both are named in the call), 005 (the first to read /etc/dracut.conf.d), 008 to 017 (the
 * call adds to the configuration), 016 (the first with omit_drivers), 018 to 059 (--no-hostonly). -f is the same in all of them.
 */
export const dracut: Generator = {
  program: "dracut",
  words: {
    "--no-hostonly": /--no-hostonly/,
    "--add-drivers": /--add-drivers/,
    "dracut.conf.d": /dracut\.conf\.d/,
  },
  findsLvm: true,
  build({ kernel, path, modules, knows, configured }) {
    const output = besideOf(path);
    const known = new Set(modules.map(moduleKey));
    const named = [...configured.filter((name) => !known.has(moduleKey(name))), ...modules];
    const options = [
      ...(knows.includes("--no-hostonly") ? ["--no-hostonly"] : []),
      ...(knows.includes("--add-drivers") && named.length > 0 ? ["--add-drivers", named.join(" ")] : []),
    ];
    return { command: ["dracut", "-f", ...options, output, kernel], output };
  },
  configure(modules, { read, knows }) {
    const why = `the initramfs of every kernel gets ${modules.join(", ")}`;
    // With spaces at both ends: the shell joins what several files add.
    const line = `add_drivers+=" ${modules.join(" ")} "`;
    const path = knows.includes("dracut.conf.d") ? OWN_FILE : MAIN_FILE;
    const text = read(path);
    const known = new Set(addedDrivers({ read, files: path === OWN_FILE ? [OWN_FILE] : [] }).map(moduleKey));
    if (modules.every((name) => known.has(moduleKey(name)))) return [];
    const edited =
      path === OWN_FILE && text !== undefined
        ? addToShellList(text, "add_drivers\\+", modules, why)
        : { text: appendLine(text ?? "", line), why: [why] };
    const edit = fileEdit(path, text, edited);
    return edit ? [edit] : [];
  },
  lift(modules, { read, files, knows }) {
    const edits = configurations(files).map((path): FileEdit | undefined => {
      const text = read(path);
      if (text === undefined) return undefined;
      const kept = keepDrivers(text, modules);
      const all = knows.includes("--no-hostonly") ? kept : buildForAll(kept);
      return fileEdit(path, text, all);
    });
    return edits.filter((edit) => edit !== undefined);
  },
  configured: addedDrivers,
};

function configurations(files: string[]): string[] {
  return [
    MAIN_FILE,
    ...files.filter((path) => path.startsWith(`${DRACUT_FOLDER}/`) && path.endsWith(".conf")),
  ];
}

/** What every `add_drivers+=` of the configuration names. */
function addedDrivers({ read, files }: Pick<Configured, "read" | "files">): string[] {
  const texts = configurations(files).map((path) => read(path) ?? "");
  return [...new Set(texts.flatMap((text) => shellLists(text, "add_drivers\\+?")))];
}

const OMITTED = /^([ \t]*omit_drivers\+?=)(["'])([^"'\n]*)\2/gm;

/**
 * Takes out of `omit_drivers` what one of the modules falls under. To 058 its words are patterns for any part of a module's name
 * or path, so that `nvme` omits nvme-core too; and what is omitted is not taken for the sake of another module that needs it.
 */
function keepDrivers(text: string, modules: string[]): Edited {
  const reasons = new Reasons();
  const edited = text.replace(OMITTED, (whole: string, start: string, quote: string, list: string) => {
    const words = list.split(/\s+/).filter((word) => word !== "");
    const lifted = words.filter((word) => modules.some((name) => fallsUnder(name, word)));
    if (lifted.length === 0) return whole;
    const kept = words.filter((word) => !lifted.includes(word));
    const why = `omit_drivers: ${lifted.join(", ")} may be in an initramfs, an instance family has its disk by it`;
    return reasons.note(whole, `${start}${quote} ${kept.join(" ")} ${quote}`.replace(/ {2}/, " "), why);
  });
  return { text: edited, why: reasons.list() };
}

/** `nvme` falls under nvme, nvme-core and `nv.*`: a module needs those that its name begins. */
function fallsUnder(module: string, word: string): boolean {
  const [name, pattern] = [moduleKey(module), moduleKey(word)];
  if (pattern.startsWith(`${name}_`)) return true;
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false;
  }
}

/** Those without --no-hostonly make the image for the helper's hardware where their configuration says so. */
function buildForAll({ text, why }: Edited): Edited {
  const edited = text.replace(/^([ \t]*hostonly=)(["']?)yes\2(?=\s|$)/gm, '$1"no"');
  const reason =
    'hostonly → "no": it would make the image for the hardware of the machine that it is made on';
  return { text: edited, why: edited === text ? why : [...why, reason] };
}

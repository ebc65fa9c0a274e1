import { fileEdit } from "../../edit";
import { besideOf, type Configured, type Generator } from "./generator";
import { addToShellList } from "./shellList";

const CONFIGURATION = "/etc/mkinitcpio.conf";
export const PRESETS = "/etc/mkinitcpio.d";

/**
 * Arch Linux's. Its hook `autodetect` would take the modules of the machine that it runs on. What MODULES names goes in
 * whatever the hooks do, `block` and `filesystems` missing or not; the call has no option for modules.
 * Whose option parser was read: 0.5.16 (no option to skip a hook), 0.5.18 to 0.8.0 (`getopts` with `S:`), 0.8.8 to 0.11
 * (-S or --skiphooks). -k and -g are the same in all of them. Where autodetect cannot be skipped, the modules that MODULES
 * names are there all the same.
 */
export const mkinitcpio: Generator = {
  program: "mkinitcpio",
  words: { "-S": /--skiphooks|\bgetopts\s+(["'])[^"']*S:[^"']*\1/ },
  findsLvm: true,
  build({ kernel, path, knows }) {
    const output = besideOf(path);
    const skip = knows.includes("-S") ? ["-S", "autodetect"] : [];
    return { command: ["mkinitcpio", ...skip, "-k", kernel, "-g", output], output };
  },
  configure(modules, guest) {
    const why = `MODULES: the initramfs of every kernel gets ${modules.join(", ")}`;
    const edits = configurations(guest).map((path) => {
      const text = guest.read(path);
      return text === undefined
        ? undefined
        : fileEdit(path, text, addToShellList(text, "MODULES", modules, why));
    });
    return edits.filter((edit) => edit !== undefined);
  },
};

/** Its own, and those that the presets name by which a kernel update calls it: `ALL_config="/etc/mkinitcpio.conf"`. */
function configurations({ read, files }: Configured): string[] {
  const presets = files.filter((path) => path.startsWith(`${PRESETS}/`) && path.endsWith(".preset"));
  const named = presets.flatMap((path) =>
    Array.from(
      (read(path) ?? "").matchAll(/^[ \t]*\w+_config=["']?(\/[^\s"'#]+)/gm),
      ([, configuration]) => configuration,
    ),
  );
  return [...new Set([CONFIGURATION, ...named])];
}

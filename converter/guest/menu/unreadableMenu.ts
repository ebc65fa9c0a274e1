/** Why a name where PV-GRUB looks for its menu gives no menu: each cause in its own words, with what to do. */
import path from "node:path";
import { RefusedError } from "../../errors";
import type { GuestTree } from "../tree";
import { specialKind } from "../writable";

type Finding = { found: string; advice: string };

const PUT_A_MENU = "Put the menu there as a regular file in the source.";

/** `undefined` if there is a menu, or nothing of that name. `file`: its path in the guest. */
export function whyUnreadable(tree: GuestTree, file: string): Finding | undefined {
  try {
    const blocker = fileAbove(tree, file);
    if (blocker !== undefined)
      return {
        found: `${blocker} is a file where a folder is needed`,
        advice: `Make a folder of ${blocker} in the source, with the menu in it.`,
      };
    if (!tree.hasName(file)) return undefined;
    if (!tree.exists(file))
      return {
        found: `${file} is a link that leads to no file (it leads to ${tree.resolve(file)})`,
        advice: PUT_A_MENU,
      };
    const kind = specialKind(tree, file);
    if (kind !== undefined) return { found: `${file} is ${kind}`, advice: PUT_A_MENU };
    return whyNoText(tree, file);
  } catch (error) {
    return whyFailed(file, error);
  }
}

function whyNoText(tree: GuestTree, file: string): Finding | undefined {
  const text = tree.read(file) ?? "";
  if (text.trim() === "")
    return {
      found: `${file} is empty`,
      advice: "Write its entries (`title`, `root`, `kernel`, `initrd`) anew in the source.",
    };
  if (text.includes("\0"))
    return {
      found: `${file} is no text: it has zero bytes, as a file has that was not written to its end`,
      advice: "Write it anew in the source, from a backup where there is one.",
    };
  return undefined;
}

function whyFailed(file: string, error: unknown): Finding {
  if (error instanceof RefusedError) {
    const [{ subject, found, advice }] = error.reasons;
    return { found: `${subject}: ${found.replace(/\.$/, "")}`, advice };
  }
  const { message, code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return {
    found: `${file} cannot be read (${message})`,
    advice: "Check the filesystem of a copy of the volume (e2fsck -f), put the menu back, and convert that.",
  };
}

/** The first name on the way that is something else than a folder. */
function fileAbove(tree: GuestTree, file: string): string | undefined {
  const folder = path.posix.dirname(file);
  if (folder === "/") return undefined;
  const status = tree.statusOfTarget(folder);
  return fileAbove(tree, folder) ?? (status && !status.isDirectory() ? folder : undefined);
}

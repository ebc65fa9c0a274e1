import type { GuestFacts } from "../../../types";
import type { GuestTree } from "../../tree";
import { GENERATORS, type InitramfsTool } from "./index";

const PROGRAM_FOLDERS = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

type FoundTool = Pick<GuestFacts, "initramfsTool" | "initramfsToolKnows">;

/**
 * The generator that the guest has, by the program that is there and by what it is: `mkinitrd` is the name of three, and of
 * dracut's own wrapper, so dracut comes before it. Empty where there is none that is known.
 */
export function readInitramfsTool(tree: GuestTree): FoundTool {
  const tool = findTool(tree);
  if (tool === undefined) return {};
  const { program, words } = GENERATORS[tool];
  const script = tree.read(programPath(tree, program) ?? "/nowhere") ?? "";
  const knows = words.filter((word) => script.includes(word));
  return { initramfsTool: tool, ...(knows.length > 0 ? { initramfsToolKnows: knows } : {}) };
}

/** Where a program lies in the guest. */
export function programPath(tree: GuestTree, program: string): string | undefined {
  return PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`).find((path) => tree.exists(path));
}

function findTool(tree: GuestTree): InitramfsTool | undefined {
  const has = (program: string) => programPath(tree, program) !== undefined;
  if (has("update-initramfs")) return "update-initramfs";
  if (has("dracut")) return "dracut";
  if (has("mkinitrd")) return whoseMkinitrd(tree);
  return has("mkinitcpio") ? "mkinitcpio" : undefined;
}

/** By its script: Debian 3.1 had a third one, for initrd images of cramfs, which is no use here. */
function whoseMkinitrd(tree: GuestTree): InitramfsTool | undefined {
  const script = tree.read(programPath(tree, "mkinitrd") ?? "/nowhere") ?? "";
  if (tree.exists("/lib/mkinitrd") || script.includes("INITRD_MODULES")) return "mkinitrd-suse";
  return /nash|--preload|scsi_hostadapter/.test(script) ? "mkinitrd" : undefined;
}

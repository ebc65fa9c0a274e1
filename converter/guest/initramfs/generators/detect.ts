import type { GuestFacts } from "../../../types";
import type { GuestTree } from "../../tree";
import { GENERATORS, type InitramfsTool } from "./index";

const PROGRAM_FOLDERS = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

type FoundTool = Pick<GuestFacts, "initramfsTool" | "initramfsToolKnows" | "initramfsToolNames">;

/**
 * The generator that the guest has, by the program that is there and by what it is: `mkinitrd` is the name of three, and of
 * dracut's own wrapper, so dracut comes before it. Empty if there is none that is known.
 * @param files `GuestFacts.files`
 */
export function readInitramfsTool(tree: GuestTree, files: string[] = []): FoundTool {
  const tool = findTool(tree);
  if (tool === undefined) return {};
  const { program, words, configured } = GENERATORS[tool];
  const script = scriptOf(tree, program);
  const knows = Object.entries(words).flatMap(([word, shown]) => (shown.test(script) ? [word] : []));
  const names = configured?.({ read: (path) => tree.read(path), files }) ?? [];
  return {
    initramfsTool: tool,
    ...(knows.length > 0 ? { initramfsToolKnows: knows } : {}),
    ...(names.length > 0 ? { initramfsToolNames: names } : {}),
  };
}

/** Where a program lies in the guest. */
export function programPath(tree: GuestTree, program: string): string | undefined {
  return PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`).find((path) => tree.exists(path));
}

function scriptOf(tree: GuestTree, program: string): string {
  return tree.read(programPath(tree, program) ?? "/nowhere") ?? "";
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
  const script = scriptOf(tree, "mkinitrd");
  if (tree.exists("/lib/mkinitrd") || script.includes("INITRD_MODULES")) return "mkinitrd-suse";
  return /nash|--preload|scsi_hostadapter/.test(script) ? "mkinitrd" : undefined;
}

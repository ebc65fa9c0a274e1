import fs from "node:fs";
import path from "node:path";
import type { Runner } from "../run";
import type { GuestTree } from "./tree";

const LABEL = "security.selinux";

/** Whether the guest's files carry labels that its kernel goes by. */
export function usesSelinux(tree: GuestTree): boolean {
  return /^\s*SELINUX=["']?(?:enforcing|permissive)\b/m.test(tree.read("/etc/selinux/config") ?? "");
}

/**
 * Gives files and folders that were made in the guest the label of their neighbours: the helper's kernel sets none, a
 * confined program of the guest reads nothing without, and systemd of Red Hat 8 not even far enough to relabel. Rewritten
 * files have kept theirs. Folders are labelled with all that is in them; what has a label already keeps it, and a guest
 * without SELinux gets none. Needs getfattr and setfattr.
 *
 * @param paths in the guest; what does not exist is passed over
 */
export async function labelNewFiles(tree: GuestTree, paths: string[], runner: Runner): Promise<void> {
  if (!usesSelinux(tree)) return;
  const unlabelled: string[] = [];
  for (const file of [...new Set(paths.flatMap((one) => withFolders(tree, one)))])
    if ((await labelOf(file, runner)) === undefined) unlabelled.push(file);
  // Outer folders first: what lies in a new folder is labelled like the folder.
  for (const file of unlabelled.sort()) await labelLikeNeighbours(file, runner);
}

/** The file, the folders that lead to it, and what lies below it, as paths on this machine. */
function withFolders(tree: GuestTree, guestPath: string): string[] {
  const file = tree.hostPath(guestPath);
  if (!fs.existsSync(file)) return [];
  const leading: string[] = [];
  for (let folder = path.dirname(file); folder.startsWith(`${tree.root}/`); folder = path.dirname(folder))
    leading.push(folder);
  return [...leading, file, ...contentOf(file)];
}

function contentOf(folder: string): string[] {
  if (!fs.statSync(folder).isDirectory()) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return [file, ...contentOf(file)];
    return entry.isFile() ? [file] : [];
  });
}

/** Neighbours that are asked before the folder. */
const MOST_NEIGHBOURS = 5;

async function labelLikeNeighbours(file: string, runner: Runner): Promise<void> {
  const folder = path.dirname(file);
  const isFolder = fs.statSync(file).isDirectory();
  const neighbours = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const examples = isFolder
    ? []
    : neighbours.slice(0, MOST_NEIGHBOURS).map(({ name }) => path.join(folder, name));
  for (const example of [...examples, folder]) {
    const label = await labelOf(example, runner);
    if (label === undefined) continue;
    await runner(["setfattr", "-n", LABEL, "-v", label, file], { purpose: "labelling a file for SELinux" });
    return;
  }
}

/** In getfattr's hexadecimal form, which setfattr takes: the closing zero is a part of it. */
async function labelOf(file: string, runner: Runner): Promise<string | undefined> {
  const { stdout } = await runner(["getfattr", "--absolute-names", "-e", "hex", "-n", LABEL, file], {
    purpose: "reading a file's SELinux label",
    accept: [0, 1],
  });
  return new RegExp(`^${LABEL}=(0x[0-9a-f]+)$`, "m").exec(stdout)?.[1];
}

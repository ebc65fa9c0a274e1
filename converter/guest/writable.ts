/** Whether what is to be written can be written where it has to lie: told before the first write. */
import path from "node:path";
import type { Advice, FileEdit } from "../types";
import { BACKUP_FOLDER, CHANGED_FILES, STATE_FOLDER } from "./backup";
import type { GuestTree } from "./tree";

/** Why the guest's files cannot be changed as planned, or the conversion's own ones be laid down. Empty if they can. */
export function refuseUnwritable(tree: GuestTree, edits: FileEdit[]): Advice[] {
  return [...edits.flatMap((edit) => refuseEdit(tree, edit)), ...refuseStateFolder(tree)];
}

function refuseEdit(tree: GuestTree, { path: file, action }: FileEdit): Advice[] {
  if (action === "remove") return [];
  const kind = specialKind(tree, file);
  if (kind !== undefined) {
    const found = `it is to be written, and it is ${kind}. A regular file is needed.`;
    return [{ subject: file, found, advice: "Remove it in the source; the conversion makes the file anew." }];
  }
  const folder = nearestAbove(tree, file);
  if (tree.statusOfTarget(folder)?.isDirectory()) return [];
  const found = `it is to be written, and ${folder} is no folder.`;
  return [{ subject: file, found, advice: `Remove ${folder} in the source, or make a folder of it.` }];
}

/** What is at the end of the links, where that is neither a regular file nor nothing. */
export function specialKind(tree: GuestTree, file: string): string | undefined {
  const status = tree.statusOfTarget(file);
  if (status === undefined || status.isFile()) return undefined;
  if (status.isDirectory()) return "a folder";
  if (status.isFIFO()) return "a named pipe";
  if (status.isSocket()) return "a socket";
  return "a device";
}

function nearestAbove(tree: GuestTree, file: string): string {
  const folder = path.posix.dirname(file);
  return folder === "/" || tree.exists(folder) ? folder : nearestAbove(tree, folder);
}

/** The folder is made for root alone: were it a link, what it leads to would become so, `/` for instance. */
export function refuseStateFolder(tree: GuestTree): Advice[] {
  const folders = [STATE_FOLDER, BACKUP_FOLDER];
  const files = [`${STATE_FOLDER}/report.txt`, `${STATE_FOLDER}/report.json`, CHANGED_FILES];
  const wrong = [
    ...folders.filter((folder) => isOther(tree, folder, "isDirectory")),
    ...files.filter((file) => isOther(tree, file, "isFile")),
  ];
  return wrong.slice(0, 1).map((name) => ({
    subject: name,
    found: `it is ${tree.status(name)?.isSymbolicLink() ? "a link" : "something else"}, where the conversion keeps its report and the original files.`,
    advice: `Remove ${name} in the source.`,
  }));
}

function isOther(tree: GuestTree, name: string, wanted: "isDirectory" | "isFile"): boolean {
  const status = tree.status(name);
  return status !== undefined && !status[wanted]();
}

/**
 * What a conversion leaves in the guest about itself: the originals of the files that it changed, each below its own
 * path, and a list of them with what they were left as. `restore` goes by nothing else.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { FailedError } from "../errors";
import type { FileEdit } from "../types";
import type { GuestTree } from "./tree";

/** Root's alone: the originals may be files that nobody else was to read. */
export const STATE_FOLDER = "/var/lib/pv-to-hvm";

/** Where the guest keeps the originals, each below its own path. */
export const BACKUP_FOLDER = `${STATE_FOLDER}/backup`;

/** Where the guest keeps the list of what was changed. */
export const CHANGED_FILES = `${STATE_FOLDER}/changed-files.json`;

/** One file that the conversion changed. */
export interface ChangedFile {
  /** In the guest. */
  path: string;
  /** What the conversion left there, as `stateOf` tells it; absent if it left nothing. */
  left?: string;
}

interface List {
  format: 1;
  files: ChangedFile[];
}

/** Makes the folder for report and originals, open to root alone. */
export function makeStateFolder(tree: GuestTree): void {
  const folder = tree.namePath(STATE_FOLDER);
  const before = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (before && !before.isDirectory())
    throw new FailedError(
      `${STATE_FOLDER}: is no folder, so report and originals have no place. Remove it in the source, and convert that.`,
    );
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o700);
}

/**
 * Keeps a copy of the file in the guest's backup folder, with owner, mode and times, a link as a link. Once: the backup
 * that is there is the original, and stays. Does nothing if there is no such file.
 * @param original where it lies on this machine
 */
export function backUp(tree: GuestTree, file: string, original = tree.namePath(file)): void {
  if (!tree.hasName(file) || tree.hasName(BACKUP_FOLDER + file)) return;
  // Made under another name first: what has the backup's name is whole.
  const { target, unfinished } = backupPlace(tree, file);
  copyFile(original, unfinished);
  fs.renameSync(unfinished, target);
}

/** Moves the file into the backup: whole, with its SELinux label. Returns whether there was one. */
export function backUpAndRemove(tree: GuestTree, file: string): boolean {
  if (!tree.hasName(file)) return false;
  if (tree.hasName(BACKUP_FOLDER + file)) return tree.remove(file);
  const { target } = backupPlace(tree, file);
  try {
    fs.renameSync(tree.namePath(file), target);
  } catch (error) {
    // /var is a filesystem of its own.
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    backUp(tree, file);
    tree.remove(file);
  }
  return true;
}

function backupPlace(tree: GuestTree, file: string): { target: string; unfinished: string } {
  makeStateFolder(tree);
  const target = tree.namePath(BACKUP_FOLDER + file);
  fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  const unfinished = `${target}.unfinished`;
  fs.rmSync(unfinished, { force: true });
  return { target, unfinished };
}

function copyFile(original: string, target: string): void {
  const status = fs.lstatSync(original);
  if (status.isSymbolicLink()) {
    fs.symlinkSync(fs.readlinkSync(original), target);
    fs.lchownSync(target, status.uid, status.gid);
    return;
  }
  // Reading a named pipe would wait for ever.
  if (!status.isFile())
    throw new FailedError(
      `${original}: is no regular file, so it has no original to keep. Remove it in the source.`,
    );
  fs.copyFileSync(original, target);
  copyStatus(status, target);
}

/** Owner, mode and times. The owner first: a change of it takes the set-user-id bit away. */
export function copyStatus(status: fs.Stats, target: string): void {
  fs.chownSync(target, status.uid, status.gid);
  fs.chmodSync(target, status.mode);
  fs.utimesSync(target, status.atime, status.mtime);
}

/** What lies at a path, in a form to be compared: `undefined` for nothing, a link by its target, a file by its SHA-256. */
export function stateOf(tree: GuestTree, file: string): string | undefined {
  const place = tree.namePath(file);
  const status = fs.lstatSync(place, { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  if (status.isSymbolicLink()) return `link to ${fs.readlinkSync(place)}`;
  if (!status.isFile()) return "no file";
  return createHash("sha256").update(fs.readFileSync(place)).digest("hex");
}

/**
 * Writes down what the conversion leaves, once it has changed everything that it will: each edit, and whatever else
 * has an original in the backup (an initramfs that was rebuilt).
 */
export function listChangedFiles(tree: GuestTree, edits: FileEdit[]): void {
  const paths = new Set([...edits.map((edit) => edit.path), ...backedUpFiles(tree)]);
  const files = [...paths].sort().map((file) => ({ path: file, left: stateOf(tree, file) }));
  makeStateFolder(tree);
  tree.write(CHANGED_FILES, `${JSON.stringify({ format: 1, files } satisfies List, null, 2)}\n`);
}

/** The list that `listChangedFiles` wrote; `undefined` if there is none. Throws a `FailedError` if it cannot be read. */
export function readChangedFiles(tree: GuestTree): ChangedFile[] | undefined {
  const text = tree.read(CHANGED_FILES);
  if (text === undefined) return undefined;
  try {
    const { format, files } = JSON.parse(text) as List;
    if (format === 1 && Array.isArray(files) && files.every(isChangedFile)) return files;
  } catch {
    // Told below.
  }
  throw new FailedError(
    `${CHANGED_FILES}: is damaged, or of another version. The originals lie below ${BACKUP_FOLDER}: copy them back by hand.`,
  );
}

/** The list lies in the guest: whoever can write there can write anything into it. */
function isChangedFile(entry: unknown): entry is ChangedFile {
  const { path: file, left } = (entry ?? {}) as Record<string, unknown>;
  return typeof file === "string" && file.startsWith("/") && (left === undefined || typeof left === "string");
}

/** Every file with an original in the backup, by its path in the guest. */
function backedUpFiles(tree: GuestTree): string[] {
  const walk = (folder: string): string[] =>
    tree.list(folder).flatMap((name) => {
      const entry = `${folder}/${name}`;
      return tree.status(entry)?.isDirectory() ? walk(entry) : [entry];
    });
  return walk(BACKUP_FOLDER)
    .filter((entry) => !entry.endsWith(".unfinished"))
    .map((entry) => entry.slice(BACKUP_FOLDER.length));
}

/** Putting a converted guest's files back as they were: first what is to be done is decided, for all of them. */
import fs from "node:fs";
import path from "node:path";
import { FailedError } from "../errors";
import type { Runner } from "../run";
import type { Advice, RestoredFile } from "../types";
import { withoutProtection } from "./attributes";
import { BACKUP_FOLDER, type ChangedFile, copyStatus, stateOf } from "./backup";
import { type GuestTree, overwrite } from "./tree";

/** What is put behind the name of a file that was changed after the conversion, and is restored all the same. */
export const KEPT_SUFFIX = ".pv-to-hvm-before-restore";

/** What is to be done about one file. */
export interface Restoration {
  path: string;
  action: RestoredFile["action"];
  /** It is no longer what the conversion left: somebody changed it since. */
  isChanged: boolean;
}

/** What lies at a file's path now, what the conversion left there, and the original: as `stateOf` tells it. */
export interface States {
  now?: string;
  left?: string;
  original?: string;
  /** What is there is the beginning of the original: a restoration was interrupted. */
  isHalfOriginal: boolean;
}

/** Decides by what is there. An original that is absent is a file that the conversion made. */
export function decideRestoration(file: string, states: States): Restoration {
  const { now, left, original, isHalfOriginal } = states;
  if (now === original) return { path: file, action: "unchanged", isChanged: false };
  const isChanged = now !== left && !isHalfOriginal;
  return { path: file, action: original === undefined ? "removed" : "restored", isChanged };
}

/** Decides about every file that the conversion changed. */
export function planRestoration(tree: GuestTree, files: ChangedFile[]): Restoration[] {
  return files.map(({ path: file, left }) =>
    decideRestoration(file, {
      now: stateOf(tree, file),
      left,
      original: stateOf(tree, BACKUP_FOLDER + file),
      isHalfOriginal: isHalfOriginal(tree, file),
    }),
  );
}

function isHalfOriginal(tree: GuestTree, file: string): boolean {
  const isLink = fs.lstatSync(tree.namePath(file), { throwIfNoEntry: false })?.isSymbolicLink() ?? true;
  const [now, original] = [isLink ? undefined : tree.readBytes(file), tree.readBytes(BACKUP_FOLDER + file)];
  return now !== undefined && (original?.subarray(0, now.length).equals(now) ?? false);
}

/** A refusal for each file that somebody changed since the conversion: what it says now would be lost. */
export function refuseChanged(restorations: Restoration[]): Advice[] {
  return restorations
    .filter(({ isChanged }) => isChanged)
    .map(({ path: subject }) => ({
      subject,
      found: "was changed after the conversion.",
      advice: `Look at it. --force restores it all the same, and keeps the present one as ${subject}${KEPT_SUFFIX}.`,
    }));
}

/**
 * Does it. Files that are there are written in place, so that hard links and SELinux labels stay. Throws a `FailedError`
 * where a file is not its original afterwards.
 */
export function carryOut(
  tree: GuestTree,
  restorations: Restoration[],
  runner: Runner,
): Promise<RestoredFile[]> {
  const paths = restorations.filter(({ action }) => action !== "unchanged").map(({ path: file }) => file);
  return withoutProtection(tree, paths, runner, () => carryOutAll(tree, restorations, runner));
}

async function carryOutAll(
  tree: GuestTree,
  restorations: Restoration[],
  runner: Runner,
): Promise<RestoredFile[]> {
  const done: RestoredFile[] = [];
  for (const { path: file, action, isChanged } of restorations) {
    const keptAs = isChanged ? keep(tree, file) : undefined;
    if (action === "restored") await putBack(tree, file, runner);
    if (action === "removed") tree.remove(file);
    if (stateOf(tree, file) !== stateOf(tree, BACKUP_FOLDER + file))
      throw new FailedError(
        `${file}: is not as it was, although it was restored. Copy it from ${BACKUP_FOLDER}${file}.`,
      );
    done.push({ path: file, action, ...(keptAs === undefined ? {} : { keptAs }) });
  }
  return done;
}

/** Puts a copy of the present version beside the file; `undefined` if there is none. */
function keep(tree: GuestTree, file: string): string | undefined {
  if (!tree.hasName(file)) return undefined;
  const names = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(
    (number) => file + KEPT_SUFFIX + (number === 1 ? "" : `-${number}`),
  );
  const free = names.find((name) => !tree.hasName(name));
  if (free === undefined)
    throw new FailedError(`${file}: nine versions of it are kept beside it already. Remove those.`);
  const [from, to] = [tree.namePath(file), tree.namePath(free)];
  const status = fs.lstatSync(from);
  if (status.isFile()) {
    fs.copyFileSync(from, to);
    copyStatus(status, to);
  } else fs.renameSync(from, to);
  return free;
}

async function putBack(tree: GuestTree, file: string, runner: Runner): Promise<void> {
  const [backup, target] = [tree.namePath(BACKUP_FOLDER + file), tree.namePath(file)];
  const status = fs.lstatSync(backup);
  if (status.isFile() && fs.lstatSync(target, { throwIfNoEntry: false })?.isFile()) {
    overwrite(target, fs.readFileSync(backup));
    copyStatus(status, target);
    return;
  }
  tree.remove(file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  // cp, for Node copies no extended attributes, and a SELinux label is one.
  await runner(["cp", "--archive", "--no-target-directory", backup, target], {
    purpose: `restoring ${file}`,
  });
}

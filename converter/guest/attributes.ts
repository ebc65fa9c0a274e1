/**
 * Files that chattr(1) keeps from being changed. Administrators protect fstab, menu.lst and the like so (`chattr +i`), and a
 * copy of the blocks has the attribute too. It is taken away for the change alone, and given back whatever happens.
 */
import fs from "node:fs";
import path from "node:path";
import { withUndo } from "../cleanup";
import type { Runner } from "../run";
import { STATE_FOLDER, makeStateFolder } from "./backup";
import type { GuestTree } from "./tree";

/** Written before an attribute is taken away, so that a run that was killed takes it from no file for good. */
const LIST = `${STATE_FOLDER}/attributes.json`;

/** A path in the guest, and its attributes: `i` (immutable), `a` (only to be appended to), or both. */
type Attributes = Record<string, string>;

/** Runs `work` with the files at these paths, and the folders that they lie in, open to changes. */
export async function withoutProtection<T>(
  tree: GuestTree,
  guestPaths: string[],
  runner: Runner,
  work: () => Promise<T>,
): Promise<T> {
  const protectedNow = await readAttributes(tree, placesOf(tree, guestPaths), runner);
  const all = { ...readList(tree), ...protectedNow };
  if (Object.keys(all).length === 0) return work();
  const giveBack = async () => {
    await change(tree, all, "+", runner);
    tree.remove(LIST);
  };
  return withUndo(giveBack, async () => {
    makeStateFolder(tree);
    tree.write(LIST, `${JSON.stringify(all, null, 2)}\n`);
    await change(tree, protectedNow, "-", runner);
    return work();
  });
}

/** Files and folders that are there, each once, links followed. */
function placesOf(tree: GuestTree, guestPaths: string[]): string[] {
  const named = guestPaths.flatMap((name) => [name, path.posix.dirname(name)]);
  const resolved = new Set(named.map((name) => tree.resolve(name)));
  return [...resolved].filter((place) => fs.existsSync(path.join(tree.root, place)));
}

async function readAttributes(tree: GuestTree, places: string[], runner: Runner): Promise<Attributes> {
  if (places.length === 0) return {};
  // 1: a filesystem that has no attributes.
  const { stdout } = await runner(["lsattr", "-d", ...places.map((place) => path.join(tree.root, place))], {
    purpose: "reading the attributes of the files to be changed",
    accept: [0, 1],
  });
  return Object.fromEntries(
    parseAttributes(stdout).map(([file, flags]) => [`/${path.relative(tree.root, file)}`, flags]),
  );
}

/** Reads lsattr's lines, `----i---------e------- FILE`: the files with an attribute that keeps them from being changed. */
export function parseAttributes(text: string): [file: string, flags: string][] {
  return text.split("\n").flatMap((line): [string, string][] => {
    const [, shown, file] = /^([-A-Za-z]+) (\/.*)$/.exec(line) ?? [];
    const flags = (shown ?? "").replace(/[^ia]/g, "");
    return flags === "" ? [] : [[file, flags]];
  });
}

/**
 * What is no longer there is left out: the change may have been its removal. Found anew each time: where a name leads is the
 * guest's to change, and its programs have run meanwhile.
 */
async function change(
  tree: GuestTree,
  attributes: Attributes,
  sign: "+" | "-",
  runner: Runner,
): Promise<void> {
  for (const [name, flags] of Object.entries(attributes)) {
    if (!isFileOrFolder(tree, name)) continue;
    await runner(["chattr", sign + flags, tree.hostPath(name)], {
      purpose: `${sign === "-" ? "taking away" : "giving back"} the attributes of ${name}`,
    });
  }
}

/** chattr would wait for a pipe's other end. */
function isFileOrFolder(tree: GuestTree, name: string): boolean {
  const status = tree.statusOfTarget(name);
  return status !== undefined && (status.isFile() || status.isDirectory());
}

/** The list of a run that was killed. It lies in the guest, so anybody may have written it: what is no path and attribute is left out. */
function readList(tree: GuestTree): Attributes {
  try {
    const list = JSON.parse(tree.read(LIST) ?? "{}") as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(list ?? {}).filter(
        (entry): entry is [string, string] => entry[0].startsWith("/") && /^[ia]+$/.test(String(entry[1])),
      ),
    );
  } catch (error) {
    // Half of it was written, so nothing had been taken away yet.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

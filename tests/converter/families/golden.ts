/** Golden results: `fixtures/GUEST/after` and `outcome.txt`. UPDATE_GOLDEN=1 writes them anew: read the diff before you keep it. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Guest } from "./guests";
import { FIXTURES } from "./phonyGuests";
import { readText, readTexts, type TextFile, writeTexts } from "./treeFiles";

const updates = process.env.UPDATE_GOLDEN === "1";

/** Holds the texts of a converted guest, by their paths in it, against its golden ones. */
export function compareTexts(folder: string, actual: Record<string, TextFile>): void {
  const golden = path.join(FIXTURES, folder, "after");
  if (updates) {
    fs.rmSync(golden, { recursive: true, force: true });
    writeTexts(golden, actual);
  }
  assert.deepEqual(actual, readTexts(golden));
}

/** Holds a text against the golden one beside a guest's folders. */
export function compareOutcome(folder: string, actual: string): void {
  const golden = path.join(FIXTURES, folder, "outcome.txt");
  if (updates) fs.writeFileSync(golden, actual);
  assert.equal(actual, fs.readFileSync(golden, "utf8"));
}

/** Those of the files that are there, in a tree mounted below `root`. */
export function textsOf(root: string, names: Iterable<string>): Record<string, TextFile> {
  const there = [...new Set(names)].filter((name) => fs.lstatSync(root + name, { throwIfNoEntry: false }));
  return Object.fromEntries(there.sort().map((name) => [name, readText(root + name)]));
}

/** The guest's texts before the conversion. */
export function textsBefore({ folder, hardLinks = [] }: Guest): Record<string, TextFile> {
  const texts = readTexts(path.join(FIXTURES, folder, "before"));
  return { ...texts, ...Object.fromEntries(hardLinks.map(([name, same]) => [name, texts[same]])) };
}

/** A conversion of a made-up guest, with everything that is asserted of each. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { StepReport } from "../../../converter/types";
import { checkDisk } from "../../matrix/checker/checker";
import { sha256 } from "../disk/images";
import { compareOutcome, compareTexts, textsBefore, textsOf } from "./golden";
import type { Guest } from "./guests";
import { outcomeOf } from "./outcome";
import { type Changes, insideConverted, makeDisks, type PhonyDisks } from "./phonyGuests";
import { type Ended, run } from "./program";
import { type Allowed, treeManifest, unexplained } from "./treeManifest";

export interface Conversion extends Ended {
  guest: Guest;
  disks: PhonyDisks;
  options: string[];
  /** SHA-256 of the source before. */
  sourceDigest: string;
}

/** Of a whole disk. */
export function digestOf(disk: string): string {
  return sha256(fs.readFileSync(disk));
}

/** Makes the guest's disks and converts it. */
export async function convertGuest(
  guest: Guest,
  changes: Changes & { options?: string[] } = {},
): Promise<Conversion> {
  const disks = makeDisks(guest, changes);
  const options = [...(guest.options ?? []), ...(changes.options ?? [])];
  const sourceDigest = digestOf(disks.source);
  const ended = await run("convert", disks.source, disks.destination, ...options);
  return { ...ended, guest, disks, options, sourceDigest };
}

/** It ended well, and verify's checks with it. */
export function assertConverted({ status, lines, last, report }: Conversion): void {
  assert.equal(status, 0, lines.join("\n"));
  assert.match(
    last,
    /^CHANGED: converted \(partition, copy, configure, install-grub\); \d+ checks, all well$/,
  );
  assert.deepEqual(
    (report.checks ?? []).filter(({ ok }) => !ok),
    [],
  );
  assert.ok((report.checks ?? []).length > 10);
}

/** The guest's files, and what the report says of them, are the golden ones. */
export function assertGolden({ guest, disks, report }: Conversion): void {
  const edited = (report.edits ?? []).map(({ path }) => path);
  const names = [...Object.keys(textsBefore(guest)), ...edited];
  compareTexts(
    guest.folder,
    insideConverted(guest, disks.destination, (root) => textsOf(root, names)),
  );
  assert.ok(report.plan);
  compareOutcome(guest.folder, outcomeOf(report.plan));
}

/** The independent checker, which knows the disk alone, finds no fault. */
export function assertSound({ disks, report }: Conversion): void {
  const findings = checkDisk(disks.destination, report.plan?.options.for ?? []);
  assert.deepEqual(
    findings.filter(({ ok }) => !ok),
    [],
  );
}

/** Every file is what it was, but for what the report tells of. */
export function assertNothingLost({ guest, disks, report }: Conversion): void {
  const after = insideConverted(guest, disks.destination, treeManifest);
  assert.ok(disks.tree.size > 30);
  assert.deepEqual(unexplained(disks.tree, after, allowedBy(report)), []);
}

function allowedBy({ edits = [], plan }: StepReport): Allowed {
  const of = (action: string) => edits.filter((edit) => edit.action === action).map(({ path }) => path);
  const rebuilt = (plan?.initramfs ?? [])
    .filter(({ action }) => action === "rebuild")
    .map(({ path }) => path);
  return { changed: [...of("edit"), ...rebuilt], comeOrGone: [...of("create"), ...of("remove")] };
}

/** The source's bytes are what they were, and the same command again finds nothing to do. */
export async function assertRepeatable({ disks, options, sourceDigest }: Conversion): Promise<void> {
  const again = await run("convert", disks.source, disks.destination, ...options);
  assert.equal(again.status, 0, again.lines.join("\n"));
  assert.equal(again.last, "NOCHANGE: converted already, every step was finished");
  assert.equal(digestOf(disks.source), sourceDigest);
}

/** `restore` gives every text back, and takes away what was made. Leaves the disk restored. */
export async function assertRestorable({ guest, disks, report }: Conversion): Promise<void> {
  const restored = await run("restore", disks.destination);
  assert.equal(restored.status, 0, restored.lines.join("\n"));
  const before = textsBefore(guest);
  const edited = (report.edits ?? []).map(({ path }) => path);
  const now = insideConverted(guest, disks.destination, (root) =>
    textsOf(root, [...Object.keys(before), ...edited]),
  );
  const names = Object.keys({ ...before, ...now });
  assert.deepEqual(
    names.filter((name) => !isDeepStrictEqual(before[name], now[name])),
    [],
  );
}

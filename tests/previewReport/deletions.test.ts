/** What is deleted, and what is kept in EC2 all the same. */
import assert from "node:assert/strict";
import { lineOf, type MadeMigration, reportFor, whole } from "./made";

describe("what is deleted", () => {
  it("is told before everything else", () => {
    const report = reportFor({ web: whole("create", 8), old: whole("delete", 8, { instance: "delete" }) });
    assert.match(
      report,
      /^## Migrations of prod\n\n> \[!CAUTION\]\n> Deleted, and not to be had back:\n>\n> - old: deleted, with its image image-old and its launched machine instance-old/,
    );
  });

  it("is a migration without an image, where it never came to one", () => {
    assert.match(lineOf({ "": "delete", helper: "delete", inspect: "delete" }), /^deleted; it had no image$/);
  });

  it("is found without the component's own step", () => {
    assert.match(
      lineOf({ helper: "delete", image: "delete", snapshot: "delete" }),
      /^deleted, with its image image-old$/,
    );
  });

  it("is not what is kept by retainOnDelete", () => {
    const kept = { op: "delete", old: { retainOnDelete: true } };
    const report = reportFor({ old: { ...whole("delete", 8), image: kept, snapshot: kept } });
    assert.match(report, /Last of all, deleted: the helper, with its volumes \(helper-old\)\./);
    assert.match(
      report,
      /Kept in EC2, but in no stack any more: the image \(image-old\); its snapshot \(snapshot-old\)\./,
    );
  });
});

describe("what goes out of the stack and is kept by retainOnDelete", () => {
  const CAUTION = /Deleted, and not to be had back/;
  const REPLACED = /Running machines are replaced/;
  const KEPT = /> Out of the stack, but kept in EC2, where it goes on costing:\n>\n> - old: /;
  const kept = (op: string) => ({ op, old: { retainOnDelete: true } });
  const all = Object.fromEntries(Object.keys(whole("same", 8)).map((role) => [role, kept("delete")]));
  const finished = whole("same", 8);

  const CASES: [what: string, migration: MadeMigration, line: RegExp][] = [
    [
      "a whole migration",
      { ...all, instance: kept("delete") },
      /^deleted; in EC2 stays its image image-old and its launched machine instance-old$/,
    ],
    [
      "one that never came to an image",
      { helper: kept("delete"), "": "delete" },
      /^deleted; it had no image$/,
    ],
    [
      "its image",
      { ...finished, image: kept("delete") },
      /^its image image-old deleted in the stack, kept in EC2$/,
    ],
    [
      "its launched machine",
      { ...finished, instance: kept("delete") },
      /^launched machine instance-old deleted in the stack, kept in EC2$/,
    ],
    [
      "a machine with another in its place",
      { ...whole("replace", 8), instance: kept("replace") },
      /; launched machine instance-old replaced in the stack, kept in EC2$/,
    ],
  ];
  for (const [what, migration, line] of CASES) {
    it(`is not told to be lost: ${what}`, () => {
      assert.match(lineOf(migration), line);
      const report = reportFor({ old: migration });
      assert.match(report, KEPT);
      assert.doesNotMatch(report, CAUTION);
      assert.doesNotMatch(report, REPLACED);
    });
  }

  it("is told beside what is lost", () => {
    const report = reportFor({ old: { ...whole("delete", 8), instance: kept("delete") } });
    assert.match(
      report,
      /back:\n>\n> - old: deleted, with its image image-old; in EC2 stays its launched machine instance-old\n/,
    );
    assert.match(report, /launched machine instance-old deleted \(kept in EC2\)/);
    assert.doesNotMatch(report, KEPT);
  });

  it("is what the state says, and not what the program asks for from now on", () => {
    const late = { op: "replace", new: { retainOnDelete: true } };
    assert.match(reportFor({ old: { ...whole("replace", 8), instance: late } }), REPLACED);
  });
});

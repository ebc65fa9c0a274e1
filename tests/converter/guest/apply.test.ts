import assert from "node:assert/strict";
import fs from "node:fs";
import fc from "fast-check";
import { applyEdits, BACKUP_FOLDER, restoreHalfWritten } from "../../../converter/guest/apply";
import { fileEdit, fileRemoval } from "../../../converter/guest/edit";
import type { FileEdit, Plan } from "../../../converter/types";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";

const planOf = (...edits: (FileEdit | undefined)[]) =>
  ({ edits: edits.filter((edit) => edit !== undefined) }) as Plan;
const editOf = (path: string, before: string | undefined, after: string) =>
  fileEdit(path, before, { text: after, why: ["because"] });

describe("applying the plan's edits", () => {
  after(removePhonyGuests);

  it("writes the text, keeps the original, and reports what it wrote", () => {
    const tree = phonyGuest({ "/etc/fstab": "a\nb\n" });
    const plan = planOf(editOf("/etc/fstab", "a\nb\n", "a\nc\n"));
    assert.deepEqual(applyEdits(tree, plan), plan.edits);
    assert.equal(tree.read("/etc/fstab"), "a\nc\n");
    assert.equal(tree.read(`${BACKUP_FOLDER}/etc/fstab`), "a\nb\n");
  });

  it("does nothing the second time, and never touches the backup", () => {
    const tree = phonyGuest({ "/etc/securetty": "tty1\ntty2\ntty3\n", "/etc/blkid.tab": "x" });
    const plan = planOf(
      editOf("/etc/securetty", "tty1\ntty2\ntty3\n", "tty1\ntty2\ntty3\nttyS0\n"),
      fileRemoval("/etc/blkid.tab", "cache"),
    );
    applyEdits(tree, plan);
    assert.deepEqual(applyEdits(tree, plan), []);
    assert.equal(tree.read("/etc/securetty"), "tty1\ntty2\ntty3\nttyS0\n");
    assert.equal(tree.read(`${BACKUP_FOLDER}/etc/blkid.tab`), "x");
  });

  it("finishes what an interrupted run left half done", () => {
    const tree = phonyGuest({ "/etc/fstab": "a\nb\n" });
    const plan = planOf(editOf("/etc/fstab", "a\nb\n", "a\nc\n"));
    applyEdits(tree, plan);
    fs.truncateSync(tree.hostPath("/etc/fstab"), 1);
    assert.equal(applyEdits(tree, plan).length, 1);
    assert.equal(tree.read("/etc/fstab"), "a\nc\n");
  });

  const BACKUP = `${BACKUP_FOLDER}/etc/fstab`;
  const CHANGED = editOf("/etc/fstab", "a\nb\n", "a\nc\n");
  const MADE = editOf("/etc/fstab", undefined, "a\nc\n");
  const HALVES: [string, FileEdit | undefined, Record<string, string>, string | undefined][] = [
    ["half a change gets its original back", CHANGED, { "/etc/fstab": "a\n", [BACKUP]: "a\nb\n" }, "a\nb\n"],
    ["an emptied file gets its original back", CHANGED, { "/etc/fstab": "", [BACKUP]: "a\nb\n" }, "a\nb\n"],
    ["a whole change stays", CHANGED, { "/etc/fstab": "a\nc\n", [BACKUP]: "a\nb\n" }, "a\nc\n"],
    ["a file without a backup stays", CHANGED, { "/etc/fstab": "a\n" }, "a\n"],
    ["a backup of another text is not believed", CHANGED, { "/etc/fstab": "a\n", [BACKUP]: "x\n" }, "a\n"],
    ["half a new file goes", MADE, { "/etc/fstab": "a\n" }, undefined],
    ["a whole new file stays", MADE, { "/etc/fstab": "a\nc\n" }, "a\nc\n"],
    ["a file of another's making stays", MADE, { "/etc/fstab": "other\n" }, "other\n"],
    [
      "what was to be removed stays away",
      fileRemoval("/etc/fstab", "why", "a\n"),
      { [BACKUP]: "a\n" },
      undefined,
    ],
  ];
  for (const [what, edit, files, expected] of HALVES) {
    it(`takes back what was written in part: ${what}`, () => {
      const tree = phonyGuest(files);
      restoreHalfWritten(tree, planOf(edit).edits);
      assert.equal(tree.read("/etc/fstab"), expected);
    });
  }

  it("makes a file and needs no backup for it", () => {
    const tree = phonyGuest();
    applyEdits(tree, planOf(editOf("/etc/init/ttyS0.conf", undefined, "exec getty\n")));
    assert.equal(tree.read("/etc/init/ttyS0.conf"), "exec getty\n");
    assert.equal(tree.hasName(BACKUP_FOLDER), false);
  });

  it("removes a link and keeps it as a link", () => {
    const link = "/etc/systemd/system/getty.target.wants/getty@hvc0.service";
    const tree = phonyGuest({ [link]: { link: "/lib/systemd/system/getty@.service" } });
    applyEdits(tree, planOf(fileRemoval(link, "no such console")));
    assert.equal(tree.hasName(link), false);
    assert.equal(fs.readlinkSync(tree.namePath(BACKUP_FOLDER + link)), "/lib/systemd/system/getty@.service");
  });

  it("keeps owner and mode of the original in the backup", () => {
    const tree = phonyGuest({ "/etc/fstab": "a\n" });
    fs.chmodSync(tree.hostPath("/etc/fstab"), 0o640);
    applyEdits(tree, planOf(editOf("/etc/fstab", "a\n", "b\n")));
    assert.equal(fs.statSync(tree.hostPath(`${BACKUP_FOLDER}/etc/fstab`)).mode & 0o777, 0o640);
  });

  it("fails where the file is not the one that was planned for, and writes nothing", () => {
    const tree = phonyGuest({ "/etc/fstab": "something else\n" });
    assert.throws(
      () => applyEdits(tree, planOf(editOf("/etc/fstab", "a\nb\n", "a\nc\n"))),
      /\/etc\/fstab: it is not the file that the plan was made for/,
    );
    assert.equal(tree.read("/etc/fstab"), "something else\n");
    assert.equal(tree.hasName(BACKUP_FOLDER), false);
  });

  it("gives back any text that was planned, whatever its line ends", () => {
    const text = fc
      .array(
        fc.tuple(
          fc.constantFrom("a", "b", "c\té", "", "\\ x", "-- y", "@@ z"),
          fc.constantFrom("\n", "\r\n"),
        ),
      )
      .map((lines) => lines.flat().join(""));
    const loose = fc.tuple(text, fc.constantFrom("", "end")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(loose, loose, (before, after) => {
        fc.pre(before !== after);
        const tree = phonyGuest({ "/file": before });
        applyEdits(tree, planOf(editOf("/file", before, after)));
        assert.equal(tree.read("/file"), after);
        assert.deepEqual(applyEdits(tree, planOf(editOf("/file", before, after))), []);
      }),
    );
  });
});

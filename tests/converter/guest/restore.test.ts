import assert from "node:assert/strict";
import fs from "node:fs";
import { applyEdits, BACKUP_FOLDER } from "../../../converter/guest/apply";
import {
  backUp,
  backUpAndRemove,
  listChangedFiles,
  readChangedFiles,
  stateOf,
  STATE_FOLDER,
} from "../../../converter/guest/backup";
import { fileEdit, fileRemoval } from "../../../converter/guest/edit";
import {
  carryOut,
  decideRestoration,
  planRestoration,
  refuseChanged,
  type Restoration,
  type States,
} from "../../../converter/guest/restore";
import type { GuestTree } from "../../../converter/guest/tree";
import { run } from "../../../converter/run";
import type { Plan, RestoredFile } from "../../../converter/types";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "./phonyGuest";

const KEPT = "/etc/fstab.pv-to-hvm-before-restore";
const LINK = "/etc/systemd/system/getty.target.wants/getty@hvc0.service";
const INITRD = "/boot/initrd.img-3.2.0";

const ORIGINALS: Record<string, PhonyFile> = {
  "/etc/fstab": "/dev/xvda1 /\n",
  "/etc/udev/rules.d/70-persistent-net.rules": "rules\n",
  [LINK]: { link: "/lib/systemd/system/getty@.service" },
  [INITRD]: Buffer.from([0, 255, 128, 1]),
};

/** A guest as a conversion leaves it: files edited, removed, made, and an initramfs rebuilt. */
function convertedGuest(): GuestTree {
  const tree = phonyGuest(ORIGINALS);
  fs.chmodSync(tree.hostPath("/etc/fstab"), 0o640);
  fs.utimesSync(tree.hostPath("/etc/fstab"), 1_300_000_000, 1_300_000_000);
  const edits = [
    fileEdit("/etc/fstab", "/dev/xvda1 /\n", { text: "UUID=x /\n", why: ["because"] }),
    fileEdit("/etc/init/ttyS0.conf", undefined, { text: "exec getty\n", why: ["because"] }),
    fileRemoval("/etc/udev/rules.d/70-persistent-net.rules", "because", "rules\n"),
    fileRemoval(LINK, "because"),
  ].filter((edit) => edit !== undefined);
  applyEdits(tree, { edits } as unknown as Plan);
  backUp(tree, INITRD);
  fs.writeFileSync(tree.hostPath(INITRD), "rebuilt");
  listChangedFiles(tree, edits);
  return tree;
}

const planOf = (tree: GuestTree) => planRestoration(tree, readChangedFiles(tree) ?? []);
const restoreAll = (tree: GuestTree): Promise<RestoredFile[]> => carryOut(tree, planOf(tree), run);

function assertOriginal(tree: GuestTree): void {
  assert.equal(tree.read("/etc/fstab"), "/dev/xvda1 /\n");
  assert.equal(tree.read("/etc/udev/rules.d/70-persistent-net.rules"), "rules\n");
  assert.equal(fs.readlinkSync(tree.namePath(LINK)), "/lib/systemd/system/getty@.service");
  assert.deepEqual(tree.readBytes(INITRD), ORIGINALS[INITRD]);
  assert.equal(tree.hasName("/etc/init/ttyS0.conf"), false);
}

describe("what a conversion leaves in the guest about itself", () => {
  after(removePhonyGuests);

  it("is open to root alone", () => {
    const tree = convertedGuest();
    assert.equal(fs.statSync(tree.hostPath(STATE_FOLDER)).mode & 0o777, 0o700);
    assert.equal(fs.statSync(tree.hostPath("/var/lib")).mode & 0o777, 0o755);
  });

  it("lists every file that was changed, with what it was left as", () => {
    const tree = convertedGuest();
    const list = readChangedFiles(tree) ?? [];
    assert.deepEqual(
      list.map(({ path }) => path),
      [...Object.keys(ORIGINALS), "/etc/init/ttyS0.conf"].sort(),
    );
    for (const { path, left } of list) assert.equal(left, stateOf(tree, path));
  });

  it("is no list where the guest was never converted, and an error where the list is damaged", () => {
    assert.equal(readChangedFiles(phonyGuest()), undefined);
    for (const text of ["{", '{"format":2,"files":[]}', '{"format":1}', "null"]) {
      const tree = phonyGuest({ [`${STATE_FOLDER}/changed-files.json`]: text });
      assert.throws(
        () => readChangedFiles(tree),
        /is damaged, or of another version\. The originals lie below/,
      );
    }
  });

  it("has the first original, however often a file is backed up", () => {
    const tree = phonyGuest({ "/etc/fstab": "first\n" });
    backUp(tree, "/etc/fstab");
    tree.write("/etc/fstab", "second\n");
    backUp(tree, "/etc/fstab");
    assert.ok(backUpAndRemove(tree, "/etc/fstab"));
    assert.equal(tree.hasName("/etc/fstab"), false);
    assert.equal(tree.read(`${BACKUP_FOLDER}/etc/fstab`), "first\n");
  });

  it("backs up nothing where there is no file", () => {
    const tree = phonyGuest();
    backUp(tree, "/etc/fstab");
    assert.equal(backUpAndRemove(tree, "/etc/fstab"), false);
    assert.equal(tree.hasName(STATE_FOLDER), false);
  });
});

describe("deciding what to restore", () => {
  const CASES: [string, Partial<States>, Omit<Restoration, "path">][] = [
    [
      "a file as the conversion left it is restored",
      { now: "b", left: "b", original: "a" },
      { action: "restored", isChanged: false },
    ],
    ["an original stays", { now: "a", left: "b", original: "a" }, { action: "unchanged", isChanged: false }],
    [
      "a file that somebody changed since is a question",
      { now: "c", left: "b", original: "a" },
      { action: "restored", isChanged: true },
    ],
    [
      "one that somebody deleted since, too",
      { left: "b", original: "a" },
      { action: "restored", isChanged: true },
    ],
    ["one that was removed comes back", { original: "a" }, { action: "restored", isChanged: false }],
    [
      "one that somebody made again since is a question",
      { now: "c", original: "a" },
      { action: "restored", isChanged: true },
    ],
    ["one that was made goes", { now: "b", left: "b" }, { action: "removed", isChanged: false }],
    ["one that was made and has gone stays away", { left: "b" }, { action: "unchanged", isChanged: false }],
    [
      "one that was made and changed since is a question",
      { now: "c", left: "b" },
      { action: "removed", isChanged: true },
    ],
    [
      "half an original is restored: that was interrupted",
      { now: "half", left: "b", original: "a", isHalfOriginal: true },
      { action: "restored", isChanged: false },
    ],
  ];
  for (const [title, states, expected] of CASES) {
    it(title, () => {
      const decided = decideRestoration("/file", { isHalfOriginal: false, ...states });
      assert.deepEqual(decided, { path: "/file", ...expected });
    });
  }
});

describe("restoring a guest's files", () => {
  after(removePhonyGuests);

  it("puts every file back with its mode and times, and removes what was made", async () => {
    const tree = convertedGuest();
    const restored = await restoreAll(tree);
    assertOriginal(tree);
    const status = fs.statSync(tree.hostPath("/etc/fstab"));
    assert.equal(status.mode & 0o777, 0o640);
    assert.equal(status.mtimeMs, 1_300_000_000_000);
    assert.deepEqual(restored.map(({ action }) => action).sort(), [
      "removed",
      "restored",
      "restored",
      "restored",
      "restored",
    ]);
  });

  it("does nothing the second time", async () => {
    const tree = convertedGuest();
    await restoreAll(tree);
    const again = await restoreAll(tree);
    assert.ok(again.every(({ action }) => action === "unchanged"));
    assertOriginal(tree);
  });

  it("goes on where it was interrupted", async () => {
    const tree = convertedGuest();
    fs.writeFileSync(tree.hostPath("/etc/fstab"), "/dev/xv");
    tree.remove("/etc/init/ttyS0.conf");
    assert.deepEqual(refuseChanged(planOf(tree)), []);
    await restoreAll(tree);
    assertOriginal(tree);
  });

  it("writes into the file that is there, so that a hard link to it stays one", async () => {
    const tree = convertedGuest();
    fs.linkSync(tree.hostPath("/etc/fstab"), tree.namePath("/etc/fstab.linked"));
    await restoreAll(tree);
    assert.equal(tree.read("/etc/fstab.linked"), "/dev/xvda1 /\n");
  });

  it("asks about a file that was changed after the conversion, and keeps that version where told to go on", async () => {
    const tree = convertedGuest();
    tree.write("/etc/fstab", "mine\n");
    const [reason, ...others] = refuseChanged(planOf(tree));
    assert.deepEqual(others, []);
    assert.equal(reason.subject, "/etc/fstab");
    assert.match(reason.advice, /--force restores it all the same, and keeps the present one as/);
    const restored = await restoreAll(tree);
    assert.equal(restored.find(({ path }) => path === "/etc/fstab")?.keptAs, KEPT);
    assert.equal(tree.read(KEPT), "mine\n");
    assertOriginal(tree);
  });

  it("never writes over a version that it kept before", async () => {
    const tree = convertedGuest();
    for (const text of ["one\n", "two\n"]) {
      tree.write("/etc/fstab", text);
      await restoreAll(tree);
    }
    assert.equal(tree.read(KEPT), "one\n");
    assert.equal(tree.read(`${KEPT}-2`), "two\n");
  });
});

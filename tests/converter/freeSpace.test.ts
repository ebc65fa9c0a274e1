import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { withReplayed } from "../../converter/disk/filesystem/overlay";
import { removeScratch } from "../../converter/disk/reclaim";
import { MIB } from "../../converter/disk/sizes";
import { FailedError, ObstacleError } from "../../converter/errors";
import { describeNoSpace, isFull, withFreeSpace } from "../../converter/freeSpace";
import { type Runner, run } from "../../converter/run";
import { withScratch } from "../../converter/scratch";
import { command, isRoot, liveImage, removeFolders, scratchFolder } from "./disk/images";

/** A filesystem in memory of that size, as the folder for temporary files while `work` runs. */
async function withSmallDisk<T>(size: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = scratchFolder();
  const before = process.env.TMPDIR;
  command("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
  process.env.TMPDIR = folder;
  try {
    return await work(folder);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    command("umount", folder);
  }
}

/** Leaves no free space at all. */
function fill(folder: string): void {
  const file = fs.openSync(path.join(folder, "filler"), "w");
  try {
    for (;;) fs.writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  } finally {
    fs.closeSync(file);
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: write`), { code, syscall: "write" });
}

describe("an error", () => {
  const CASES: [what: string, error: unknown, full: boolean][] = [
    ["of the system's about room", systemError("ENOSPC"), true],
    ["of the system's about a quota", systemError("EDQUOT"), true],
    ["in a program's words", new FailedError("xz: /var/tmp/x: Write error: No space left on device"), true],
    ["of the system's about something else", systemError("EIO"), false],
    ["that is none", "no space left on device", false],
  ];
  for (const [what, error, full] of CASES)
    it(`${what} ${full ? "tells" : "does not tell"} of a full disk`, () => assert.equal(isFull(error), full));
});

describe("the sentence for too little room", () => {
  it("says what there is, what is needed, what for, and what to do", () =>
    assert.deepEqual(describeNoSpace({ folder: "/var/tmp", what: "an overlay", bytes: 512 * MIB }, 3 * MIB), {
      subject: "folder /var/tmp of this machine",
      found: "has 3 MiB free, 512 MiB are needed for an overlay.",
      advice:
        "Delete something there (du -xh /var/tmp | sort -h | tail tells what is large), or take a helper with a larger root volume (in Pulumi: a helper.imageId that has one, and a new revision); then run the same command again.",
    }));
});

(isRoot ? describe : describe.skip)("a small disk of this machine", function () {
  this.timeout(30_000);
  after(removeFolders);

  it("is told of before anything is laid down, where the need is known", () =>
    withSmallDisk("2m", async (folder) => {
      const never = async () => assert.fail("it began");
      await assert.rejects(
        withScratch({ kind: "check", what: "an image", bytes: 3 * MIB }, never),
        (error) => error instanceof ObstacleError && /2 MiB free, 3 MiB are needed/.test(error.message),
      );
      assert.deepEqual(fs.readdirSync(folder), []);
    }));

  it("is told of where it becomes full, and what was laid down goes", () =>
    withSmallDisk("2m", async (folder) => {
      await assert.rejects(
        withScratch({ kind: "check", what: "an image" }, async (inside) => fill(inside) ?? fail("ENOSPC")),
        /^Error: folder .*: has 0 bytes free, more is needed for an image\..*set TMPDIR/,
      );
      assert.deepEqual(fs.readdirSync(folder), []);
    }));

  it("is not blamed for what failed while there was room", () =>
    withSmallDisk("2m", (folder) =>
      assert.rejects(
        withFreeSpace({ folder, what: "x" }, () => fail("EIO")),
        /^Error: EIO: write/,
      ),
    ));

  for (const type of ["ext4", "xfs"] as const) {
    it(`that fills up while a journal is replayed is told of, and the ${type} filesystem not called damaged`, async () => {
      const { image } = await liveImage(type);
      const before = fs.readFileSync(image);
      await withSmallDisk("6m", async (folder) => {
        // Right before the first program that writes to the overlay.
        const filling: Runner = async (words, options) => {
          if (words.includes("e2fsck") || words[0] === "mount") fill(folder);
          return run(words, options);
        };
        await assert.rejects(
          withReplayed(image, { type }, filling, async () => assert.fail("it was replayed")),
          (error) =>
            error instanceof ObstacleError &&
            /has \d+ (KiB|bytes) free, more is needed for what replaying the journal of the/.test(
              error.message,
            ),
        );
      });
      assert.ok(fs.readFileSync(image).equals(before));
    });
  }
});

async function fail(code: string): Promise<never> {
  throw systemError(code);
}

describe("what a killed run laid down", () => {
  after(removeFolders);

  it("is removed by the next one, and what belongs to a living process is not", async () => {
    const folder = scratchFolder();
    const mine = await withScratch({ kind: "boot", what: "a console", folder }, async (made) => {
      const kept = ["pv-to-hvm-root-999999999-17-Ab12Cd", "pv-to-hvm-other-999999999-17-Ab12Cd", "data"];
      const gone = ["boot", "check", "grub", "trial", "unpack"].map(
        (kind) => `pv-to-hvm-${kind}-999999999-17-Ab12Cd`,
      );
      for (const name of [...kept, ...gone]) {
        fs.mkdirSync(path.join(folder, name));
        fs.writeFileSync(path.join(folder, name, "console"), "GRUB");
      }
      fs.writeFileSync(path.join(folder, "pv-to-hvm-claim-0123abcd.999999999"), "999999999 17");
      fs.writeFileSync(path.join(folder, `pv-to-hvm-claim-0123abcd.${process.pid}`), "");
      const lines: string[] = [];
      removeScratch((line) => lines.push(line), [folder]);
      assert.deepEqual(
        fs.readdirSync(folder).sort(),
        [...kept, path.basename(made), `pv-to-hvm-claim-0123abcd.${process.pid}`].sort(),
      );
      assert.equal(lines.length, gone.length + 1);
      assert.match(lines[0], /^removing .*: a run that was killed left it$/);
      return made;
    });
    assert.equal(fs.existsSync(mine), false);
  });
});

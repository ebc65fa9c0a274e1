/** A conversion that is ended in the midst of its longest pieces of work. Of every other one: `resume.rare.test.ts`. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { blankDisk, command, fileInside, noise, scratchFolder, withMountedImage } from "../disk/images";
import { MENU_PATH } from "./phonyDisk";
import { describeResumption, type Moment, PARTITION } from "./resuming";

/** The one that takes hours, and the one that changes the guest's files. */
const MOMENTS: Moment[] = [
  ["copy", /^copying: /],
  ["configure", /^changing \d+ files/],
];

describeResumption("a conversion that was interrupted", MOMENTS, (opened) => {
  it("in the middle of a file's writing starts from the file's backup", async () => {
    const destination = await opened().copied();
    changeCopy(destination, (root) => {
      const backup = path.join(root, "var/lib/pv-to-hvm/backup", MENU_PATH);
      fs.mkdirSync(path.dirname(backup), { recursive: true });
      fs.copyFileSync(root + MENU_PATH, backup);
      fs.truncateSync(root + MENU_PATH, 40);
    });
    await opened().goesOn(destination);
  });

  it("stops where a file of the copy changed, and no backup says that this program did it", async () => {
    const destination = await opened().copied();
    changeCopy(destination, (root) =>
      fs.appendFileSync(path.join(root, "etc/fstab"), "/dev/sdb1\t/opt\text3\tdefaults\t0\t2\n"),
    );
    const { status, lines } = await opened().run(["configure", opened().source, destination]);
    assert.equal(status, 4);
    assert.match(lines.at(-1) ?? "", /^FAILED: configure: \/etc\/fstab would be changed otherwise/);
  });

  describe("while the copy of a running machine's disk was mended", () => {
    const FRESH = noise(3_000_000, "fresh");
    let live: string;
    before(async () => {
      live = await runningDisk(opened().source, "/srv/fresh.bin", FRESH);
    });

    const MOMENTS_OF_MENDING: [what: string, line: RegExp, damaged: boolean, again: boolean][] = [
      ["goes on from its mending, and writes no block a second time", /^checking the copy's/, false, false],
      ["goes on from there when it was about to be grown", /^growing the root filesystem/, false, false],
      ["is copied anew where it was left beyond mending", /^growing the root filesystem/, true, true],
    ];
    for (const [what, moment, damaged, again] of MOMENTS_OF_MENDING) {
      it(what, async () => {
        const destination = blankDisk(160);
        const words = ["convert", "--grow", live, destination];
        const first = await opened().run(words, moment, "SIGKILL");
        assert.equal(first.signal, "SIGKILL", first.lines.join("\n"));
        if (damaged) wipeDescriptors(destination);
        const second = await opened().run(words);
        assert.equal(second.status, 0, second.lines.join("\n"));
        const copies = second.lines.filter((line) => /^copying: |^replaying the journal of/.test(line));
        assert.equal(copies.length > 0, again, second.lines.join("\n"));
        assert.ok(fileInside(destination, "/srv/fresh.bin", PARTITION).equals(FRESH));
        opened().assertWhole(destination);
      });
    }
  });
});

/** The guest's disk as a snapshot of the running machine has it: a file just fsynced is known to the journal alone. */
async function runningDisk(source: string, name: string, bytes: Buffer): Promise<string> {
  const [disk, snapshot] = [`${source}.running`, `${source}.snapshot`];
  fs.copyFileSync(source, disk);
  await withMountedImage(disk, (folder) => {
    fs.writeFileSync(folder + name, bytes, { flush: true });
    fs.copyFileSync(disk, snapshot);
  });
  return snapshot;
}

/** As a program that was killed might leave them: no group's descriptor, no spare copy of them. */
function wipeDescriptors(destination: string): void {
  const disk = fs.openSync(destination, "r+");
  const hole = Buffer.alloc(64 * 1024, 0xff);
  for (const start of [1024, ...sparesOf(destination)])
    fs.writeSync(disk, hole, 0, hole.length, PARTITION + start);
  fs.closeSync(disk);
}

/** Where the copies of the superblock lie, in bytes from the filesystem's start. */
function sparesOf(destination: string): number[] {
  const text = command("dumpe2fs", `${destination}?offset=${PARTITION}`);
  const size = Number(/^Block size: +(\d+)/m.exec(text)?.[1]);
  return [...text.matchAll(/Backup superblock at (\d+)/g)].map(([, block]) => Number(block) * size);
}

/** Changes files of the copy as something else than the program would. */
function changeCopy(destination: string, change: (root: string) => void): void {
  const root = scratchFolder();
  command("mount", "-o", `loop,offset=${PARTITION}`, destination, root);
  try {
    change(root);
  } finally {
    command("umount", root);
  }
}

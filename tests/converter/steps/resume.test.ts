/** The program as it is run on a helper, ended in the middle of each step and run again. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { buildSync } from "esbuild";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import {
  blankDisk,
  command,
  fileInside,
  isRoot,
  noise,
  removeFolders,
  scratchFolder,
  sha256,
  withMountedImage,
} from "../disk/images";
import { INITRD_PATH, MENU_PATH, phonyDisk, REBUILT_INITRD } from "./phonyDisk";

const PARTITION = 1048576;

interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  lines: string[];
}

/** What the program says when it begins a piece of work, step by step. */
const MOMENTS: [step: string, line: RegExp, millisecondsLater?: number][] = [
  ["partition", /^partitioning /],
  ["copy", /^copying: /],
  ["copy, in its check", /^checking the copy's filesystem/],
  ["configure", /^changing \d+ files/],
  ["configure, in the guest's own program", /^rebuilding 1 initramfs/, 300],
  ["install-grub", /^writing GRUB /],
  ["verify", /^reading the result again/],
];

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("a conversion that was interrupted", function () {
  this.timeout(120_000);
  let program: string;
  let source: string;
  let sourceDigest: string;
  let expected: string[];

  /** Runs the program. `signal` is sent when a line of its standard error matches `moment`, or a little later. */
  function run(argv: string[], moment?: RegExp, signal?: NodeJS.Signals, later = 0): Promise<Ended> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [program, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      let sent = false;
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (sent || !said.split("\n").some((line) => moment?.test(line))) return;
        sent = true;
        setTimeout(() => child.kill(signal), later);
      });
      child.on("close", (status, by) => resolve({ status, signal: by, lines: said.trim().split("\n") }));
    });
  }

  before(async () => {
    program = path.join(scratchFolder(), "pv-to-hvm.cjs");
    const entry = path.join(__dirname, "../../../converter/main.ts");
    buildSync({ entryPoints: [entry], bundle: true, platform: "node", target: "node18", outfile: program });
    source = phonyDisk();
    sourceDigest = sha256(fs.readFileSync(source));
    const whole = blankDisk(96);
    const { status, lines } = await run(["convert", source, whole]);
    assert.equal(status, 0, lines.join("\n"));
    expected = contentOf(whole);
  });
  after(removeFolders);

  for (const [step, moment, later] of MOMENTS) {
    it(`by SIGKILL in ${step} goes on from there, and leaves nothing mounted or attached`, async () => {
      const destination = blankDisk(96);
      const first = await run(["convert", source, destination], moment, "SIGKILL", later);
      assert.equal(first.signal, "SIGKILL", first.lines.join("\n"));
      await goesOn(destination);
    });

    it(`by SIGTERM in ${step} cleans up, says how to go on, and does`, async () => {
      const destination = blankDisk(96);
      const first = await run(["convert", source, destination], moment, "SIGTERM", later);
      assert.equal(first.status, 4, first.lines.join("\n"));
      assert.match(
        first.lines.at(-1) ?? "",
        /^FAILED: ended by SIGTERM; run the same command again, it goes on from there$/,
      );
      assert.deepEqual(usesOf(destination), []);
      await goesOn(destination);
    });
  }

  async function goesOn(destination: string): Promise<void> {
    const second = await run(["convert", source, destination]);
    assert.equal(second.status, 0, second.lines.join("\n"));
    assert.match(second.lines.at(-1) ?? "", /^CHANGED: converted|^NOCHANGE: converted already/);
    assert.deepEqual(contentOf(destination), expected);
    assert.deepEqual(usesOf(destination), []);
    assert.deepEqual(usesOf(source), []);
    assert.equal(sha256(fs.readFileSync(source)), sourceDigest);
  }

  it("in the middle of a file's writing starts from the file's backup", async () => {
    const destination = await copied();
    changeCopy(destination, (root) => {
      const backup = path.join(root, "var/lib/pv-to-hvm/backup", MENU_PATH);
      fs.mkdirSync(path.dirname(backup), { recursive: true });
      fs.copyFileSync(root + MENU_PATH, backup);
      fs.truncateSync(root + MENU_PATH, 40);
    });
    await goesOn(destination);
  });

  it("stops where a file of the copy changed, and no backup says that this program did it", async () => {
    const destination = await copied();
    changeCopy(destination, (root) =>
      fs.appendFileSync(path.join(root, "etc/fstab"), "/dev/sdb1\t/opt\text3\tdefaults\t0\t2\n"),
    );
    const { status, lines } = await run(["configure", source, destination]);
    assert.equal(status, 4);
    assert.match(lines.at(-1) ?? "", /^FAILED: configure: \/etc\/fstab would be changed otherwise/);
  });

  describe("while the copy of a running machine's disk was mended", () => {
    const FRESH = noise(3_000_000, "fresh");
    let live: string;
    before(async () => {
      live = await runningDisk(source, "/srv/fresh.bin", FRESH);
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
        const first = await run(words, moment, "SIGKILL");
        assert.equal(first.signal, "SIGKILL", first.lines.join("\n"));
        if (damaged) wipeDescriptors(destination);
        const second = await run(words);
        assert.equal(second.status, 0, second.lines.join("\n"));
        const copies = second.lines.filter((line) => /^copying: |^replaying the journal of/.test(line));
        assert.equal(copies.length > 0, again, second.lines.join("\n"));
        assert.deepEqual(contentOf(destination), expected);
        assert.ok(fileInside(destination, "/srv/fresh.bin", PARTITION).equals(FRESH));
        assert.deepEqual(usesOf(destination), []);
      });
    }
  });

  /** A destination on which `partition` and `copy` are finished. */
  async function copied(): Promise<string> {
    const destination = blankDisk(96);
    for (const step of ["partition", "copy"])
      assert.equal((await run([step, source, destination])).status, 0);
    return destination;
  }
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

/** What a conversion must come to, however often it was begun. */
function contentOf(destination: string): string[] {
  const inside = (name: string) => fileInside(destination, name, PARTITION);
  assert.ok(inside(INITRD_PATH).equals(REBUILT_INITRD), "the initramfs is not the rebuilt one");
  const texts = [MENU_PATH, "/etc/fstab", "/etc/inittab", "/etc/initramfs-tools/modules"].map((name) =>
    inside(name).toString(),
  );
  return [...texts, sha256(inside("/srv/data.bin"))];
}

/** Loop devices over a disk: a mount needs one too. */
function usesOf(disk: string): string[] {
  return command("losetup", "--associated", disk).split("\n").filter(Boolean);
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

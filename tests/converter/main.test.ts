import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseCommandLine } from "../../converter/commandLine";
import { GRUB_IMAGES } from "../../converter/boot/grubCore";
import { main } from "../../converter/main";
import type { StepReport } from "../../converter/types";
import { VERSION } from "../../converter/version";
import {
  blankDisk,
  command,
  fileInside,
  filesystemWith,
  isRoot,
  noise,
  removeFolders,
  scratchFolder,
  sha256,
} from "./disk/images";
import { initramfsWith, pvOpsKernel } from "./guest/phonyKernel";

const PARTITION = 1048576;
const KERNEL = "3.13.0-48-generic";
const MENU = `default 0
timeout 0
# groot=(hd0)
title Linux ${KERNEL}
	root (hd0)
	kernel /boot/vmlinuz-${KERNEL} root=/dev/xvda1 ro console=hvc0
	initrd /boot/initrd.img-${KERNEL}
`;
const DRIVERS = "XEN_BLKDEV_FRONTEND XEN_NETDEV_FRONTEND BLK_DEV_NVME ENA_ETHERNET ATA_PIIX E1000".split(" ");

/** A guest of the smallest kind that is worth converting: everything that it needs is built into its kernel. */
const GUEST = {
  "boot/grub/menu.lst": MENU,
  [`boot/vmlinuz-${KERNEL}`]: pvOpsKernel(KERNEL),
  [`boot/initrd.img-${KERNEL}`]: initramfsWith("nvme"),
  [`boot/config-${KERNEL}`]: DRIVERS.map((name) => `CONFIG_${name}=y\n`).join(""),
  "etc/fstab": "/dev/xvda1\t/\text4\tdefaults\t0\t1\n",
  "etc/debian_version": "7.8\n",
  "etc/inittab": "id:2:initdefault:\nco:2345:respawn:/sbin/getty 38400 hvc0\n",
  "srv/data.bin": noise(400_000, "data"),
};

/** Runs the program as from a shell. */
async function run(
  ...argv: string[]
): Promise<{ status: number; out: string; lines: string[]; last: string }> {
  let out = "";
  const lines: string[] = [];
  const status = await main(argv, { out: (text) => (out += text), log: (line) => lines.push(line) });
  return { status, out, lines, last: lines.at(-1) ?? "" };
}

function put(disk: string, offset: number, bytes: string | Buffer): string {
  const handle = fs.openSync(disk, "r+");
  fs.writeSync(handle, Buffer.from(bytes), 0, undefined, offset);
  fs.closeSync(handle);
  return disk;
}

const digest = (file: string) => sha256(fs.readFileSync(file));

describe("the command line", () => {
  after(removeFolders);

  const WRONG: [string[], RegExp[]][] = [
    [[], [/^no command\. Commands are inspect, convert/]],
    [["fly"], [/^fly: no such command/]],
    [["inspect"], [/takes SOURCE \[DESTINATION\], got none/]],
    [["convert", "a"], [/takes SOURCE DESTINATION, got a/]],
    [["copy", "a", "b", "c"], [/got a b c/]],
    [["inspect", "a", "--bogus"], [/'--bogus'/]],
    [["convert", "a", "b", "--timeout", "5"], [/--timeout: has no meaning for convert/]],
    [["copy", "a", "b", "--plan", "f"], [/--plan: has no meaning for copy/]],
    [["rehearse", "a", "--timeout", "0"], [/--timeout: must be a whole number above 0, got 0/]],
    [["rehearse", "a", "--timeout=-5"], [/got -5/]],
    [["rehearse", "a", "--timeout", "5m"], [/got 5m/]],
    [["rehearse", "a", "--accel", "xen"], [/--accel: must be auto or kvm or tcg, got xen/]],
    [["rehearse", "a", "--volume-id", "nvme1n1"], [/--volume-id: nvme1n1 is no volume id/]],
    // Everything wrong at once.
    [
      ["convert", "a", "--for", "xen,kvm", "--layout", "bsd", "--memory", "9"],
      [/"kvm" is no family/, /must be mbr or gpt, got bsd/, /--memory: has no meaning/, /got a\./],
    ],
  ];
  for (const [argv, messages] of WRONG) {
    it(`is refused: ${argv.join(" ") || "nothing"}`, async () => {
      const { status, lines, out } = await run(...argv);
      assert.equal(status, 2);
      assert.equal(out, "");
      for (const message of messages) assert.match(lines.join("\n").replace(/^pv-to-hvm: /, ""), message);
    });
  }

  it("has xen and nitro, mbr, and no growing for a default", () => {
    const parsed = parseCommandLine(["convert", "a", "b"]);
    assert.deepEqual(parsed, {
      ...{
        name: "convert",
        source: "a",
        destination: "b",
        json: false,
        expect: undefined,
        planFile: undefined,
      },
      options: { for: ["xen", "nitro"], layout: "mbr", grow: false },
    });
  });

  it("takes a rehearsal's volume id from the disk's name", () => {
    const parsed = parseCommandLine(["rehearse", "vol-0123456789abcdef0"]);
    assert.ok(parsed.name === "rehearse");
    assert.deepEqual(
      [parsed.volumeId, parsed.timeoutSeconds, parsed.memoryMb, parsed.accelerator],
      ["vol-0123456789abcdef0", 600, 1024, "auto"],
    );
  });

  it("tells the version that package.json has", async () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(__dirname, "../../package.json"), "utf8")) as {
      version: string;
    };
    assert.equal(VERSION, version);
    assert.match((await run("--version")).out, new RegExp(`^pv-to-hvm ${version} \\([0-9a-f]{16}\\)\n$`));
  });

  it("tells what there is", async () => {
    const { status, out } = await run("--help");
    assert.equal(status, 0);
    for (const name of [
      "inspect",
      "convert",
      "partition",
      "copy",
      "configure",
      "install-grub",
      "verify",
      "rehearse",
    ])
      assert.ok(out.includes(name));
  });

  it("names every disk that does not exist", async () => {
    const { status, lines } = await run("inspect", "/no/such/source", "/no/such/destination");
    assert.equal(status, 2);
    assert.match(lines.join("\n"), /source: does not exist[^]*destination: does not exist/);
  });

  it("refuses to be another program than the one expected", async () => {
    const { status, last } = await run("inspect", "a", "--expect", "0123456789abcdef");
    assert.equal(status, 4);
    assert.match(
      last,
      /^FAILED: converter: this program is [0-9a-f]{16} .*, 0123456789abcdef was expected\. Set a new revision/,
    );
  });
});

// Below here disks are mounted.
const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("inspection", function () {
  this.timeout(60_000);
  after(removeFolders);

  const REFUSED: [string, () => [string, string], RegExp[]][] = [
    [
      "a source that is partitioned",
      () => [partitioned(), blankDisk(64)],
      [/holds a partition table \(MBR\)/],
    ],
    ["a source of another filesystem", () => [swapArea(), blankDisk(64)], [/holds swap/]],
    ["a blank source", () => [blankDisk(24), blankDisk(64)], [/no filesystem is to be found/]],
    [
      "a truncated source",
      () => [truncated(), blankDisk(64)],
      [/is truncated: its filesystem has 25165824 bytes, the disk 20971520/],
    ],
    [
      "a source that has lost the end with its journal",
      () => [truncatedBeforeJournal(), blankDisk(64)],
      [/is truncated: its filesystem has 268435456 bytes, the disk 52428800/],
    ],
    [
      "a destination without permission to write",
      () => [filesystemWith(GUEST), readOnly(blankDisk(64))],
      [/is read-only\. Allow writing to it \(chmod u\+w for a file/],
    ],
    [
      "a source without a guest",
      () => [filesystemWith({ a: "b" }), blankDisk(64)],
      [/PV-GRUB would find none/],
    ],
    [
      "a destination that is too small",
      () => [filesystemWith(GUEST), blankDisk(24)],
      [/25165824 bytes \(24 MiB\), 26214400 are needed/],
    ],
    [
      "a destination with data",
      () => [filesystemWith(GUEST), put(blankDisk(64), 3_000_000, "x")],
      [/is not blank: it holds data, from byte 3000000 on/],
    ],
    [
      "a destination with a filesystem",
      () => [filesystemWith(GUEST), filesystemWith({}, 64)],
      [/is not blank: it holds ext4/],
    ],
    [
      "everything that is wrong with both at once",
      () => [blankDisk(24), put(blankDisk(24), 0, "x")],
      [/REFUSED: 3 reasons, nothing was written/, /no filesystem/, /is not blank/],
    ],
  ];
  for (const [what, disks, messages] of REFUSED) {
    it(`refuses ${what}, and writes to neither disk`, async () => {
      const [source, destination] = disks();
      const before = [digest(source), digest(destination)];
      const { status, lines, last } = await run("inspect", source, destination, "--json");
      assert.equal(status, 3, lines.join("\n"));
      assert.match(last, /^REFUSED: /);
      for (const message of messages) assert.match(lines.join("\n"), message);
      assert.deepEqual([digest(source), digest(destination)], before);
    });
  }

  it("refuses to convert what is no guest, with everything that is wrong told once", async () => {
    const [source, destination] = [blankDisk(24), put(blankDisk(24), 0, "x")];
    const { status, lines, out } = await run("convert", source, destination);
    assert.equal(status, 3);
    assert.equal(out, "");
    assert.match(lines.at(-1) ?? "", /^REFUSED: 3 reasons, nothing was written$/);
    assert.equal(lines.filter((line) => /no filesystem is to be found/.test(line)).length, 1);
  });

  for (const step of ["partition", "copy", "configure", "install-grub", "verify"]) {
    it(`refuses ${step} of a source without a filesystem`, async () => {
      const { status, last } = await run(step, blankDisk(24), blankDisk(64));
      assert.equal(status, 3);
      assert.match(last, /^REFUSED: source .* no filesystem is to be found on it/);
    });
  }

  it("refuses the source as its own destination", async () => {
    const source = filesystemWith(GUEST);
    const link = path.join(scratchFolder(), "other-name");
    fs.symlinkSync(source, link);
    const { status, last } = await run("convert", source, link);
    assert.equal(status, 3);
    assert.match(last, /is the source itself\. Name a second, blank disk/);
  });

  it("refuses a destination that is attached elsewhere", async () => {
    const destination = blankDisk(64);
    const loop = command("losetup", "--find", "--show", destination).trim();
    try {
      const { status, last } = await run("inspect", filesystemWith(GUEST), destination);
      assert.equal(status, 3);
      assert.match(last, new RegExp(`is in use: attached as ${loop}\\.`));
    } finally {
      command("losetup", "--detach", loop);
    }
  });

  it("shows facts and plan as JSON, in lines that no pipe chokes on, and changes nothing", async () => {
    const source = filesystemWith(GUEST);
    const before = digest(source);
    const { status, out, last } = await run("inspect", source, "--json");
    assert.equal(status, 0, last);
    const report = JSON.parse(out) as StepReport;
    assert.deepEqual(report.plan?.edits.map((edit) => edit.path).sort(), [
      "/boot/grub/menu.lst",
      "/etc/fstab",
      "/etc/inittab",
    ]);
    assert.equal(report.facts?.source.filesystem.health, "clean");
    assert.ok(out.split("\n").every((line) => line.length < 16_384));
    assert.equal(digest(source), before);
  });
});

(hasTools ? describe : describe.skip)("a conversion", function () {
  this.timeout(120_000);
  after(removeFolders);

  for (const type of ["ext2", "ext3", "ext4"]) {
    it(`of an ${type} guest gives a disk with a boot loader, its files changed as planned, its data and its source as they were`, async () => {
      const source = filesystemWith(GUEST, 24, ["-t", type]);
      const destination = blankDisk(64);
      const before = digest(source);
      const { status, lines, last, out } = await run("convert", source, destination, "--grow");
      assert.equal(status, 0, lines.join("\n"));
      assert.match(
        last,
        /^CHANGED: converted \(partition, copy, configure, install-grub\); \d+ checks, all well$/,
      );
      assert.equal(digest(source), before);
      assert.match(out, /^pv-to-hvm convert: converted /);
      const inside = (name: string) => fileInside(destination, name, PARTITION);
      assert.equal(sha256(inside("/srv/data.bin")), sha256(GUEST["srv/data.bin"]));
      assert.match(
        inside("/boot/grub/menu.lst").toString(),
        /^\troot \(hd0,0\)\n\tkernel .* root=UUID=\S+ .*console=ttyS0/m,
      );
      assert.match(
        inside("/var/lib/pv-to-hvm/report.txt").toString(),
        /Changed\n {2}\/boot\/grub\/menu\.lst \(edit\)/,
      );
      assert.match(
        command("dumpe2fs", "-h", `${destination}?offset=${PARTITION}`),
        /Block count: +(?:64512|16128)\n/,
      );
    });
  }

  it("goes step by step, each once, none before its turn, and only for the conversion on the disk", async () => {
    const [source, destination] = [filesystemWith(GUEST), blankDisk(64)];
    const expected: [string, number, RegExp][] = [
      ["copy", 4, /^FAILED: copy: the destination carries no record/],
      ["partition", 0, /^CHANGED: partition 1 \(Linux, bootable\) from sector 2048/],
      ["configure", 4, /^FAILED: configure: copy not finished on this disk\. Run copy first/],
      ["copy", 0, /^CHANGED: .* copied \(used-blocks/],
      ["copy", 0, /^NOCHANGE: finished on this disk at /],
      ["configure", 0, /^CHANGED: 3 files changed, 0 initramfs rebuilt/],
      ["verify", 4, /install-grub not finished/],
      ["install-grub", 0, /^CHANGED: GRUB /],
      ["verify", 0, /^NOCHANGE: \d+ checks, all well/],
    ];
    for (const [step, status, message] of expected) {
      const result = await run(step, source, destination);
      assert.match(result.last, message);
      assert.equal(result.status, status, step);
    }
    const other = await run("copy", source, destination, "--for", "xen");
    assert.match(other.last, /record of another conversion/);
    assert.match(
      (await run("inspect", source, destination, "--for", "xen")).last,
      /^REFUSED: .* carries another conversion/,
    );
    assert.match((await run("convert", source, destination)).last, /^NOCHANGE: converted already/);
  });

  it("is refused where the plan is no longer the one agreed to", async () => {
    const plan = path.join(scratchFolder(), "plan.json");
    const source = filesystemWith(GUEST);
    const destination = blankDisk(64);
    assert.equal((await run("inspect", source, destination, "--plan", plan)).status, 0);
    const changed = await run(
      "convert",
      filesystemWith({ ...GUEST, "etc/fstab": "/dev/sda1 / ext4 noatime 0 1\n" }),
      destination,
      "--plan",
      plan,
    );
    assert.equal(changed.status, 3);
    assert.match(changed.last, /plan .*plan\.json: differs from the plan of now in .*edits/);
    assert.equal((await run("convert", source, destination, "--plan", plan)).status, 0);
  });

  it("fails in verify where the result was damaged, and says which check", async () => {
    const [source, destination] = [filesystemWith(GUEST), blankDisk(64)];
    for (const step of ["partition", "copy", "configure", "install-grub"])
      assert.equal((await run(step, source, destination)).status, 0);
    put(destination, 20_000, "damage");
    const { status, lines } = await run("verify", source, destination);
    assert.equal(status, 4);
    assert.match(lines.join("\n"), /not ok: GRUB's core image is whole \(seen: other bytes\)/);
  });
});

function partitioned(): string {
  const disk = put(blankDisk(24), 510, Buffer.from([0x55, 0xaa]));
  return put(disk, 446, Buffer.from([0x80, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0]));
}

function swapArea(): string {
  const disk = blankDisk(24);
  command("mkswap", disk);
  return disk;
}

function truncated(): string {
  const disk = filesystemWith(GUEST, 24);
  fs.truncateSync(disk, 20 * 1024 * 1024);
  return disk;
}

/** In the size that mke2fs gives a journal in its middle, where dumpe2fs looks for it. */
function truncatedBeforeJournal(): string {
  const disk = filesystemWith(GUEST, 256);
  fs.truncateSync(disk, 50 * 1024 * 1024);
  return disk;
}

function readOnly(disk: string): string {
  fs.chmodSync(disk, 0o444);
  return disk;
}

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { GRUB_IMAGES } from "../../converter/boot/grubCore";
import { BACKUP_FOLDER } from "../../converter/guest/backup";
import type { StepReport } from "../../converter/types";
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
import { run } from "./program";

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

const SECRETS = { menu: "$1$Jx8sBz$Ek2S9fLrWd1lYaPq0Tn41", mount: "Hunter2:of;nas", dump: "r00t's" };

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

/** The same with a secret in each file that a report has lines of. */
const WITH_SECRETS = {
  ...GUEST,
  "boot/grub/menu.lst": MENU.replace("timeout 0", `timeout 0\npassword --md5 ${SECRETS.menu}`),
  "etc/fstab": `${GUEST["etc/fstab"]}//nas/data /mnt cifs username=bob,password=${SECRETS.mount} 0 0\n/dev/xvdb /data ext3 defaults 0 0\n`,
  "etc/ssh/ssh_host_ed25519_key.pub": `${HOST_KEY} root@old\n`,
  "etc/cron.daily/backup": `#!/bin/sh\nmysqldump -p${SECRETS.dump} db > /dev/xvdb\n`,
};

function put(disk: string, offset: number, bytes: string | Buffer): string {
  const handle = fs.openSync(disk, "r+");
  fs.writeSync(handle, Buffer.from(bytes), 0, undefined, offset);
  fs.closeSync(handle);
  return disk;
}

const digest = (file: string) => sha256(fs.readFileSync(file));

// Below here disks are mounted.
const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("inspection", function () {
  this.timeout(60_000);
  after(removeFolders);

  const REFUSED: [string, () => [string, string], RegExp[]][] = [
    [
      "a source with a partition table and nothing in the partition",
      () => [partitioned(), blankDisk(64)],
      [/none of its filesystems is a Linux system's root \(there is none that can be read\)/],
    ],
    ["a source of another filesystem", () => [swapArea(), blankDisk(64)], [/holds swap/]],
    ["a blank source", () => [blankDisk(24), blankDisk(64)], [/holds no filesystem that is known/]],
    [
      "a truncated source",
      () => [truncated(), blankDisk(64)],
      [/is truncated: its filesystem has 25165824 bytes, there are 20971520/],
    ],
    [
      "a source that has lost the end with its journal",
      () => [truncatedBeforeJournal(), blankDisk(64)],
      [/is truncated: its filesystem has 268435456 bytes, there are 52428800/],
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
      [/REFUSED: 2 reasons, nothing was written/, /no filesystem/, /is not blank/],
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
    assert.match(lines.at(-1) ?? "", /^REFUSED: 2 reasons, nothing was written$/);
    assert.equal(lines.filter((line) => /holds no filesystem that is known/.test(line)).length, 1);
  });

  for (const step of ["partition", "copy", "configure", "install-grub", "verify"]) {
    it(`refuses ${step} of a source without a filesystem`, async () => {
      const { status, last } = await run(step, blankDisk(24), blankDisk(64));
      assert.equal(status, 3);
      assert.match(last, /^REFUSED: source .* holds no filesystem that is known/);
    });
  }

  it("refuses the source as its own destination by a loop device of it or of a piece of it, and reads nothing", async () => {
    const file = filesystemWith(GUEST);
    const loop = command("losetup", "--find", "--show", file).trim();
    const tail = command("losetup", "--find", "--show", "--offset", "1048576", loop).trim();
    try {
      for (const [source, destination] of [
        [file, loop],
        [loop, file],
        [tail, file],
        [loop, tail],
      ]) {
        const { status, lines } = await run("convert", source, destination);
        assert.equal(status, 3);
        assert.equal(lines.length, 1, lines.join("\n"));
        assert.match(
          lines[0],
          /^REFUSED: destination \S+: is the source itself, by another name \(\S+\)\. Name a second/,
        );
      }
    } finally {
      for (const device of [tail, loop]) command("losetup", "--detach", device);
    }
  });

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
    assert.equal(report.facts?.mounts[0].filesystem.health, "clean");
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

  it("names the inspection in the record of a conversion that was refused before its first step", async () => {
    const { status, out } = await run("convert", blankDisk(24), blankDisk(64), "--json");
    const { step, outcome } = JSON.parse(out) as StepReport;
    assert.deepEqual([status, step, outcome], [3, "inspect", "REFUSED"]);
  });

  it("goes step by step, each once, none before its turn, and only for the conversion on the disk", async () => {
    const [source, destination] = [filesystemWith(GUEST), blankDisk(64)];
    const expected: [string, number, RegExp][] = [
      ["copy", 3, /^REFUSED: copy: the destination carries no record/],
      ["partition", 0, /^CHANGED: MBR: partition 1, 63 MiB from 1 MiB on/],
      ["configure", 3, /^REFUSED: configure: copy not finished on this disk\. Run copy first/],
      ["copy", 0, /^CHANGED: .* copied \(ext4 filesystem of \/ by used-blocks;/],
      ["copy", 0, /^NOCHANGE: finished on this disk at /],
      ["configure", 0, /^CHANGED: 3 files changed, 0 initramfs rebuilt/],
      ["verify", 3, /install-grub not finished/],
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

  it("masks the secrets of the guest's files in every report, and leaves them in the files and in a plan", async () => {
    const plan = path.join(scratchFolder(), "plan.json");
    const [source, destination] = [filesystemWith(WITH_SECRETS), blankDisk(64)];
    const told = [
      await run("inspect", source, destination, "--plan", plan),
      await run("inspect", source, destination, "--json"),
      await run("convert", source, destination, "--plan", plan, "--json"),
    ].map(({ status, out, lines }) => (assert.equal(status, 0, lines.join("\n")), out));
    const inside = (name: string) => fileInside(destination, name, PARTITION).toString();
    const reports = [...told, ...["txt", "json"].map((end) => inside(`/var/lib/pv-to-hvm/report.${end}`))];
    for (const report of reports) {
      assert.deepEqual(
        Object.values(SECRETS).filter((secret) => report.includes(secret)),
        [],
      );
      assert.match(report, /[ -]password --md5 \*{8}/);
      assert.match(report, /[ -]\/\/nas\/data \/mnt cifs username=bob,password=\*{8} 0 0/);
    }
    // The fingerprint as ssh-keygen -l has it.
    assert.match(reports[0], /host key +ssh-ed25519 SHA256:\+DiY3wvvV6TuJJhbpZisF\/zLDA0zPMSvHdkr4UvCOqU\n/);
    assert.deepEqual((JSON.parse(reports[1]) as StepReport).facts?.guest.hostKeys, [HOST_KEY]);
    assert.match(reports[0], /\/etc\/cron\.daily\/backup: line 2: mysqldump -p\*{8} db > \/dev\/xvdb/);
    // The menu's own is taken out: GRUB 2 would ask for it.
    assert.ok(inside(`${BACKUP_FOLDER}/boot/grub/menu.lst`).includes(`password --md5 ${SECRETS.menu}\n`));
    assert.ok(inside("/etc/fstab").includes(`password=${SECRETS.mount} 0 0`));
    assert.ok(inside("/etc/cron.daily/backup").includes(`-p${SECRETS.dump}`));
    const agreed = fs.readFileSync(plan, "utf8");
    assert.ok(agreed.includes(SECRETS.menu) && agreed.includes(SECRETS.mount));
    assert.equal(fs.statSync(plan).mode & 0o777, 0o600);
  });

  it("fails in verify where the result was damaged, and says which check", async () => {
    const [source, destination] = [filesystemWith(GUEST), blankDisk(64)];
    for (const step of ["partition", "copy", "configure", "install-grub"])
      assert.equal((await run(step, source, destination)).status, 0);
    put(destination, 20_000, "damage");
    const { status, lines } = await run("verify", source, destination);
    assert.equal(status, 4);
    assert.match(lines.join("\n"), /not ok: GRUB's core image is whole \(seen: .*other bytes\)/);
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

/** What bad input gets: a sentence each, exit status 3, and not a byte on the destination. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import { isRoot, removeFolders, scratchFolder } from "../disk/images";
import { assertConverted, assertSound, convertGuest, digestOf } from "./conversion";
import { compareOutcome } from "./golden";
import { type Guest, GUESTS } from "./guests";
import { withoutPaths } from "./outcome";
import { type Changes, makeDisks } from "./phonyGuests";
import { guestToRebuild, PLAIN_INITRD, PLAIN_KERNEL, plainGuest } from "./plainGuest";
import { run } from "./program";
import { REFUSED_GUESTS } from "./refusedGuests";

const MENU = "/boot/grub/menu.lst";

/** Takes all the room of the filesystem that a folder lies on. */
function fill(folder: string): void {
  const handle = fs.openSync(path.join(folder, "filler"), "w");
  const block = Buffer.alloc(65_536, 1);
  try {
    for (;;) fs.writeSync(handle, block);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  } finally {
    fs.closeSync(handle);
  }
}

/** Puts a link in the place of a file. */
function relink(root: string, name: string, target: string): void {
  fs.rmSync(root + name, { force: true });
  fs.symlinkSync(target, root + name);
}

/** A file of this machine, that no guest can mean. */
function outside(text: string | Buffer): string {
  const file = path.join(scratchFolder(), "outside");
  fs.writeFileSync(file, text);
  return file;
}

function overwrite(disk: string, at: number, bytes: Buffer): void {
  const handle = fs.openSync(disk, "r+");
  fs.writeSync(handle, bytes, 0, bytes.length, at);
  fs.closeSync(handle);
}

interface Row {
  guest: Guest;
  touch?: Changes["touch"];
  /** Done to the finished disk. */
  damage?: (disk: string) => void;
  /** What is said, without the paths of this machine. */
  said: RegExp;
}

const bare = () => plainGuest("bare ext4");
const named = (folder: string): Guest => GUESTS.find((guest) => guest.folder === folder) as Guest;

const ROWS: Record<string, Row> = {
  "a superblock that is gone": {
    guest: bare(),
    damage: (disk) => overwrite(disk, 1024, Buffer.alloc(1024)),
    said: /^source source\.img: holds no filesystem that is known, an ext2, ext3, ext4 or XFS one is needed\. /,
  },
  "damaged group descriptors": {
    guest: bare(),
    damage: (disk) => overwrite(disk, 2048, Buffer.alloc(4096, 0xa5)),
    said: /^source source\.img: its filesystem is damaged beyond what a preening e2fsck mends: .* Mend a copy of the volume with e2fsck -fy/,
  },
  "a full filesystem": {
    guest: guestToRebuild("bare ext4"),
    touch: (root) => fill(`${root}/srv`),
    said: /^2 reasons, nothing was written\n\/boot: \d MB free, 11 MB needed to rebuild the initramfs\. .*\n\/var: no room for the originals/,
  },
  "a full /boot": {
    guest: named("arch-2013"),
    touch: (root) => fill(`${root}/boot`),
    said: /^\/boot: \d MB free, 11 MB needed to rebuild the initramfs\./,
  },
  "an initramfs that cannot be read": {
    guest: guestToRebuild("bare ext4", { generator: undefined }),
    touch: (root) => fs.writeFileSync(root + PLAIN_INITRD, "no archive"),
    said: /lacks nvme \(it could not be read: byte 0 begins neither a cpio archive nor a compression that Linux knows\), and the guest has no program that builds one/,
  },
  "a menu that names a kernel that is not there": {
    guest: bare(),
    touch: (root) => fs.renameSync(root + PLAIN_KERNEL, `${root}/boot/vmlinuz-4.9.0-9-amd64`),
    said: /unable to detect the default kernel: entry 0 \(Linux\) cannot be started, since \/boot\/vmlinuz-4\.9\.0-8-amd64 is not there, and no fallback can\. Installed are: vmlinuz-4\.9\.0-9-amd64\./,
  },
  "a menu behind an absolute link out of the root": {
    guest: bare(),
    touch: (root) => relink(root, MENU, outside(fs.readFileSync(root + MENU))),
    said: /PV-GRUB would find none: \/boot\/grub\/menu\.lst is a link that leads to no file \(it leads to \/tmp\/\S+\)\. Put the menu there/,
  },
  "a menu behind a relative link out of the root": {
    guest: bare(),
    touch: (root) => relink(root, MENU, `../../../../../..${outside(fs.readFileSync(root + MENU))}`),
    said: /PV-GRUB would find none: \/boot\/grub\/menu\.lst is a link that leads to no file \(it leads to \S+\)\. Put the menu there/,
  },
  "a kernel behind a link out of the root": {
    guest: bare(),
    touch: (root) => relink(root, PLAIN_KERNEL, outside(fs.readFileSync(root + PLAIN_KERNEL))),
    said: /entry 0 \(Linux\) cannot be started, since \/tmp\/\S+ is not there/,
  },
  "a menu behind links in a circle": {
    guest: bare(),
    touch: (root) => {
      relink(root, MENU, "grub.conf");
      relink(root, "/boot/grub/grub.conf", "menu.lst");
    },
    said: /PV-GRUB would find none: \/boot\/grub\/menu\.lst: its links run in a circle, at \/boot\/grub\/menu\.lst\. Mend the link/,
  },
  "a kernel behind links in a circle": {
    guest: bare(),
    touch: (root) => relink(root, PLAIN_KERNEL, path.basename(PLAIN_KERNEL)),
    said: /its links run in a circle/,
  },
  "no menu": {
    guest: bare(),
    touch: (root) => fs.rmSync(root + MENU),
    said: /^menu\.lst: PV-GRUB would find none: it reads \/boot\/grub\/menu\.lst alone on a disk without a partition table/,
  },
  "a menu without an entry": {
    guest: bare(),
    touch: (root) => fs.writeFileSync(root + MENU, "default 0\ntimeout 0\n"),
    said: /^\/boot\/grub\/menu\.lst: it has no entry \(`title`\)\. Add an entry/,
  },
  "a menu in GRUB 2's language": {
    guest: bare(),
    touch: (root) => fs.writeFileSync(root + MENU, "set timeout=0\nmenuentry Linux {\n linux /vmlinuz\n}\n"),
    said: /is a script for GRUB 2, which PV-GRUB cannot read/,
  },
  "an HVM disk, started by extlinux": {
    guest: plainGuest("MBR from 64"),
    touch: (root) => {
      fs.rmSync(root + MENU);
      fs.mkdirSync(`${root}/boot/extlinux`);
    },
    said: /extlinux is installed\. This looks like an HVM image, which needs no conversion: register it as it is\.$/,
  },
  "a menu on the fifth partition": {
    guest: plainGuest("logical alone"),
    said: /\/boot\/grub\/menu\.lst lies on another filesystem or outside those partitions\./,
  },
};

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("a conversion is refused, and writes nothing, for", function () {
  this.timeout(120_000);
  afterEach(removeFolders);

  for (const guest of REFUSED_GUESTS) {
    it(`${guest.folder} (${guest.layout})`, async () =>
      compareOutcome(guest.folder, `${await refusalOf(guest)}\n`));
  }

  for (const [what, { guest, touch, damage, said }] of Object.entries(ROWS)) {
    it(what, async () => assert.match(await refusalOf(guest, touch, damage), said));
  }
});

/** What was said, after the rest was looked at: status 3, a blank destination, the source as it was. */
async function refusalOf(guest: Guest, touch?: Row["touch"], damage?: Row["damage"]): Promise<string> {
  const { source, destination } = makeDisks(guest, { touch });
  damage?.(source);
  const digests = [source, destination].map(digestOf);
  const { status, report, lines } = await run("convert", source, destination, ...(guest.options ?? []));
  assert.equal(status, 3, lines.join("\n"));
  assert.equal(report.outcome, "REFUSED");
  assert.deepEqual([source, destination].map(digestOf), digests);
  assert.ok(fs.readFileSync(destination).every((byte) => byte === 0));
  return withoutPaths(report.summary);
}

(hasTools ? describe : describe.skip)("a conversion that goes wrong on the way", function () {
  this.timeout(120_000);
  afterEach(removeFolders);

  const FAILING: [what: string, script: string, said: RegExp][] = [
    [
      "ends with an error",
      "echo no room for mkinitramfs >&2; exit 7",
      /update-initramfs -u .* ended with exit code 7:\nno room for mkinitramfs\n/,
    ],
    [
      "writes no initramfs",
      `echo nonsense > ${PLAIN_INITRD}`,
      /rebuilt by update-initramfs, and it cannot be read: /,
    ],
    [
      "leaves the driver out",
      "exit 0",
      /rebuilt, and it still lacks nvme\. Rebuild it in the source with update-initramfs/,
    ],
  ];
  for (const [what, script, said] of FAILING) {
    it(`fails where the guest's generator ${what}, and leaves the destination marked as unfinished`, async () => {
      const touch = (root: string) =>
        fs.writeFileSync(`${root}/usr/sbin/update-initramfs`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const { status, report, disks, sourceDigest } = await convertGuest(guestToRebuild("bare ext4"), {
        touch,
      });
      assert.equal(status, 4);
      assert.match(report.summary, said);
      assert.equal(report.step, "configure");
      const verified = await run("verify", disks.source, disks.destination);
      assert.equal(verified.status, 3);
      assert.match(verified.last, /^REFUSED: verify: configure, install-grub not finished on this disk\./);
      assert.equal(digestOf(disks.source), sourceDigest);
    });
  }
});

(hasTools ? describe : describe.skip)("a guest that is not quite right", function () {
  this.timeout(120_000);
  afterEach(removeFolders);

  it("is converted with garbage in its /etc/fstab, which is told of and left as it is", async () => {
    const garbage = "}}} \u0000\u00ff\nLABEL=root / auto defaults 0 1\n/dev/xvdz\n";
    const touch = (root: string) => fs.writeFileSync(`${root}/etc/fstab`, garbage, "latin1");
    const conversion = await convertGuest(bare(), { touch });
    assertConverted(conversion);
    assertSound(conversion);
    assert.ok(
      conversion.report.warnings.some(
        ({ subject, found }) => subject === "/etc/fstab" && /no mount/.test(found),
      ),
    );
    assert.ok(!conversion.report.edits?.some(({ path: name }) => name === "/etc/fstab"));
  });
});

/**
 * Damaged disks and senseless files: inspection ends in facts or in sentences, and writes nothing to the source.
 * PV_TO_HVM_FUZZ_SECONDS gives the time for each kind of disk (default 6).
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describeDisk } from "../../converter/disk/disk";
import { FailedError, RefusedError } from "../../converter/errors";
import { planConversion } from "../../converter/plan";
import { run } from "../../converter/run";
import { refuseOutcome } from "../../converter/steps/foresee";
import { inspectDisks } from "../../converter/steps/inspect";
import type { Options, Plan } from "../../converter/types";
import {
  blankDisk,
  filesystemOf,
  isRoot,
  removeFolders,
  scratchFolder,
  sha256,
  withMountedImage,
} from "./disk/images";
import { failingAfterwards } from "./guest/afterwards";
import { inspectedGuest } from "./guest/inspectedGuest";
import { phonyGuest, removePhonyGuests } from "./guest/phonyGuest";
import { initramfsWith, pvOpsKernel } from "./guest/phonyKernel";
import { menuText } from "./guest/texts";

const SECONDS = Number(process.env.PV_TO_HVM_FUZZ_SECONDS ?? 6);
const OPTIONS: Options = { for: ["xen", "nitro"], layout: "mbr", grow: false };
const V = "3.2.0-4-amd64";

const FILES: Record<string, string | Buffer> = {
  "/boot/grub/menu.lst": `default 0\ntitle a\nroot (hd0)\nkernel /boot/vmlinuz-${V} root=/dev/xvda1 ro\ninitrd /boot/initrd.img-${V}\n`,
  [`/boot/vmlinuz-${V}`]: pvOpsKernel(V),
  [`/boot/initrd.img-${V}`]: initramfsWith("xen-blkfront", "nvme"),
  [`/boot/config-${V}`]: ["XEN_NETDEV_FRONTEND", "ENA_ETHERNET"].map((name) => `CONFIG_${name}=y\n`).join(""),
  "/etc/fstab": "/dev/xvda1 / ext4 defaults 0 1\n/dev/xvdb /mnt auto defaults,nobootwait 0 2\n",
  "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
  "/sbin/init": "",
};

/** More than any machine does in the time: what is left of them then is passed over, since a mount cannot be broken off. */
const RUNS = { numRuns: 5000, endOnFailure: true };

/** Ends a kind of disk's time. */
function clock(): () => boolean {
  const end = Date.now() + SECONDS * 1000;
  return () => Date.now() > end;
}

/** A failure in words, as the program prints them. */
function isSentence(error: unknown): boolean {
  return (error instanceof RefusedError || error instanceof FailedError) && error.message.trim() !== "";
}

interface Damage {
  /** Where, in bytes from the beginning: as a part of the disk, or among the tables and superblocks. */
  at: { part: number } | { byte: number };
  length: number;
  kind: "zeros" | "ones" | "flip" | "noise" | "cut";
  seed: number;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.oneof(
    fc.integer({ min: 0, max: 2 ** 20 }).map((byte) => ({ byte })),
    fc
      .constantFrom(446, 510, 1024, 1080, 1124, 2048, 4096, 31 * 1024 + 1024, 32_256)
      .map((byte) => ({ byte })),
    fc.integer({ min: 0, max: 999 }).map((one) => ({ part: one / 1000 })),
  ),
  length: fc.constantFrom(1, 1, 4, 4, 64, 512, 4096, 65_536),
  kind: fc.constantFrom("zeros", "ones", "flip", "noise", "flip", "noise", "cut"),
  seed: fc.nat(),
});

function inflict(image: string, { at, length, kind, seed }: Damage): void {
  const size = fs.statSync(image).size;
  const start = Math.min("byte" in at ? at.byte : Math.floor(at.part * size), Math.max(size - 1, 0));
  if (kind === "cut") return fs.truncateSync(image, start);
  const handle = fs.openSync(image, "r+");
  const bytes = Buffer.alloc(Math.min(length, size - start));
  fs.readSync(handle, bytes, 0, bytes.length, start);
  const change = { zeros: () => 0, ones: () => 255, flip: flipped, noise }[kind];
  fs.writeSync(
    handle,
    Buffer.from(bytes.map((byte, index) => change(byte, index + seed))),
    0,
    bytes.length,
    start,
  );
  fs.closeSync(handle);
}

function flipped(byte: number, index: number): number {
  return byte ^ (1 << (index % 8));
}

function noise(_byte: number, index: number): number {
  return (Math.imul(index, 2_654_435_761) >>> 24) & 255;
}

function guestTree(device = "(hd0)"): string {
  const tree = scratchFolder();
  for (const [name, content] of Object.entries(FILES)) {
    fs.mkdirSync(path.dirname(tree + name), { recursive: true });
    fs.writeFileSync(tree + name, typeof content === "string" ? content.replace("(hd0)", device) : content);
  }
  return tree;
}

/** A filesystem as the only partition of a disk, at a sector. */
function partitioned(filesystem: string, sector: number): string {
  const disk = blankDisk(24);
  const type = {
    input: `label: dos\nstart=${sector}, type=83, bootable\n`,
    stdio: ["pipe", "ignore", "ignore"] as const,
  };
  execFileSync("sfdisk", ["--quiet", "--no-reread", "--no-tell-kernel", disk], {
    ...type,
    stdio: [...type.stdio],
  });
  const handle = fs.openSync(disk, "r+");
  fs.writeSync(handle, fs.readFileSync(filesystem), 0, undefined, sector * 512);
  fs.closeSync(handle);
  return disk;
}

async function xfsDisk(): Promise<string> {
  const disk = blankDisk(320);
  execFileSync("mkfs.xfs", ["-q", "-f", disk]);
  await withMountedImage(disk, (folder) => fs.cpSync(guestTree(), folder, { recursive: true }));
  return disk;
}

const DISKS: Record<string, () => string | Promise<string>> = {
  "ext4 on the bare disk": () => filesystemOf(guestTree(), 16),
  "ext3 on a partition from sector 63": () =>
    partitioned(filesystemOf(guestTree("(hd0,0)"), 16, ["-t", "ext3"]), 63),
  "XFS on the bare disk": xfsDisk,
};

describe("inspecting a damaged disk", () => {
  after(removeFolders);

  for (const [title, make] of Object.entries(DISKS)) {
    it(`ends in facts or in sentences, and writes nothing: ${title}`, async function () {
      if (!isRoot) this.skip();
      this.timeout(SECONDS * 1000 + 60_000);
      const image = await make();
      const disk = path.join(scratchFolder(), "damaged.img");
      assert.ok((await inspectUnharmed(image)) !== undefined, "the disk is no good to begin with");
      const isOver = clock();
      const hurt = fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        if (isOver()) return;
        execFileSync("cp", ["--sparse=always", image, disk]);
        for (const one of damages) inflict(disk, one);
        await inspectUnharmed(disk);
      });
      await fc.assert(hurt, RUNS);
    });
  }

  /** Inspects it, and compares its bytes before and after. Returns the plan, where there is one. */
  async function inspectUnharmed(disk: string): Promise<Plan | undefined> {
    const before = sha256(fs.readFileSync(disk));
    try {
      return await inspect(disk);
    } catch (error) {
      if (!isSentence(error)) throw error;
      return undefined;
    } finally {
      assert.equal(sha256(fs.readFileSync(disk)), before, "the source's bytes have changed");
    }
  }

  async function inspect(disk: string): Promise<Plan | undefined> {
    const source = await describeDisk(disk, run);
    const { plan, refusals } = await inspectDisks({
      source,
      options: OPTIONS,
      runner: run,
      log: () => undefined,
    });
    assert.ok(plan !== undefined || refusals.length > 0, "neither a plan nor a reason");
    for (const { subject, found, advice } of refusals)
      assert.ok(subject && found && advice, JSON.stringify(refusals));
    return plan;
  }
});

describe("planning from senseless files", () => {
  after(removePhonyGuests);

  /** What real menus have beside their commands, and has misled a reader before. */
  const nasty = fc.constantFrom(
    "## e.g. groot=(hd0)\n",
    "#root (hd0)\n",
    "title ----\ntitle (hd0)\n",
    "title chained\nrootnoverify (hd0)\nchainloader (hd0)+1\n",
    "title again\nroot (hd0)\nroot (hd0)\n",
    "# gr\u00fc\u00dfe, \u00a0 and \ufeff\n",
    "\ttitle\ttabbed \r\n",
  );
  const hardMenu = fc
    .tuple(nasty, menuText, fc.boolean())
    .map(([one, menu, first]) => (first ? one + menu : `${menu}\n${one}`));
  const text = fc.oneof(
    menuText,
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.stringMatching(/^[\s\S]{0,80}$/),
  );
  const NAMES = [
    ...["/etc/fstab", "/etc/inittab", "/etc/securetty", "/etc/default/grub", "/etc/grub.d/40_custom"],
    ...[
      "/etc/network/interfaces",
      "/etc/modprobe.conf",
      "/etc/sysconfig/kernel",
      "/etc/sysconfig/bootloader",
    ],
    ...["/boot/grub/grub.conf", "/boot/grub/default", "/boot/grub/device.map", "/var/lib/ucf/hashfile"],
    ...["/etc/os-release", "/etc/debian_version", `/boot/config-${V}`, `/lib/modules/${V}/modules.builtin`],
  ];

  it("ends in sentences, or in a plan whose outcome verify accepts, whatever the guest's files say", async function () {
    this.timeout(SECONDS * 1000 + 60_000);
    const files = fc.dictionary(fc.constantFrom(...NAMES), text, { maxKeys: 6 });
    const isOver = clock();
    let accepted = 0;
    const senseless = fc.asyncProperty(
      fc.oneof(menuText, hardMenu),
      files,
      fc.boolean(),
      async (menu, others, keepsMenu) => {
        if (isOver()) return;
        const menus: Record<string, string> = keepsMenu
          ? {}
          : { "/boot/grub/menu.lst": `${menu}\n${String(FILES["/boot/grub/menu.lst"])}` };
        const tree = phonyGuest({ ...FILES, ...others, ...menus });
        try {
          const { facts } = await inspectedGuest(tree);
          const plan = planConversion({ facts, read: (file) => tree.read(file), options: OPTIONS });
          for (const { why } of plan.edits) assert.notDeepEqual(why, []);
          if (plan.refusals.length > 0) return;
          accepted++;
          const foreseen = refuseOutcome(tree, facts, plan);
          const failed = await failingAfterwards(tree, facts, plan);
          // What verify would find is a refusal before, and nothing is refused that it would not find.
          assert.equal(foreseen.length > 0, failed.length > 0, JSON.stringify({ foreseen, failed }));
        } catch (error) {
          if (!isSentence(error)) throw error;
        }
      },
    );
    await fc.assert(senseless, RUNS);
    assert.ok(accepted > SECONDS / 3, `only ${accepted} of the guests could be converted`);
  });
});

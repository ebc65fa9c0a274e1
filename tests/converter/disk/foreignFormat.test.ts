/** Images and packed files as the real programs make them; each is unpacked by the very command that the refusal names. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { recognizeForeign } from "../../../converter/disk/foreignFormat";
import { readDisk } from "../../../converter/disk/parts";
import { run } from "../../../converter/run";
import { refuseUnreadable } from "../../../converter/steps/sourceChecks";
import { blankDisk, filesystemWith, noise, removeFolders, scratchFolder } from "./images";

const MIB = 1024 * 1024;

describe("a source that is no raw disk", function () {
  this.timeout(60_000);
  let raw: string;
  before(() => (raw = filesystemWith({ "etc/fstab": "x", data: noise(100_000, "data") }, 8)));
  after(removeFolders);

  /** Runs a line of the shell in a folder of its own, in which `disk.img` is the raw disk. Gives that folder. */
  function made(line: string): string {
    const folder = scratchFolder();
    fs.copyFileSync(raw, path.join(folder, "disk.img"));
    execFileSync("bash", ["-ec", line], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    return folder;
  }

  async function refusal(file: string): Promise<string> {
    const sizeBytes = fs.statSync(file).size;
    const disk = { path: file, sizeBytes, ...(await readDisk(file, sizeBytes, run)) };
    return (await refuseUnreadable(disk)).map(({ found, advice }) => `${found} ${advice}`).join("\n");
  }

  const convert = (format: string, options = "") =>
    `qemu-img convert -f raw -O ${format} ${options} disk.img it`;
  const CASES: [line: string, found: RegExp, gives?: string][] = [
    [convert("qcow2"), /^is an image in the format qcow2, a raw disk is needed\./],
    [convert("qcow2", "-o compat=0.10 -c"), /^is an image in the format qcow2,/],
    [convert("qcow"), /^is an image in the format qcow,/],
    [convert("vmdk"), /^is an image in the format VMDK,/],
    [convert("vmdk", "-o subformat=streamOptimized"), /^is an image in the format VMDK,/],
    [
      convert("vmdk", "-o subformat=monolithicFlat"),
      /^is the description of an image in the format VMDK, whose data lie/,
    ],
    [
      convert("vmdk", "-o subformat=twoGbMaxExtentSparse"),
      /^is the description of an image in the format VMDK,/,
    ],
    [convert("vpc"), /^is an image in the format VHD,/],
    [
      `truncate -s 8M disk.img; dd if=/dev/zero of=disk.img bs=4096 count=2 conv=notrunc; ${convert("vpc", "-o subformat=fixed,force_size")}`,
      /^is an image in the format VHD \(of a fixed size\),/,
    ],
    [convert("vhdx"), /^is an image in the format VHDX,/],
    [convert("vdi"), /^is an image in the format VDI,/],
    [convert("qed"), /^is an image in the format QED,/],
    [convert("parallels"), /^is an image of Parallels,/],
    ["gzip -c disk.img > it", /^is packed \(gzip\), a raw disk is needed\./],
    ["gzip -1c < disk.img > it", /^is packed \(gzip\)/],
    ["xz -1c disk.img > it", /^is packed \(xz\)/],
    ["zstd -qc disk.img > it", /^is packed \(zstd\)/],
    ["bzip2 -1c disk.img > it", /^is packed \(bzip2\)/],
    ["lz4 -qc disk.img > it", /^is packed \(lz4\)/],
    ["lz4 -lqc disk.img > it", /^is packed \(lz4\)/],
    ["lzop -1c disk.img > it", /^is packed \(lzop\)/],
    ["tar -cf it disk.img", /^is an archive \(tar\)/, "disk.img"],
    ["tar --format=v7 -cf it disk.img", /^is an archive \(tar\)/, "disk.img"],
    ["tar -czf it disk.img", /^is an archive \(tar, packed with gzip\)/, "disk.img"],
    ["echo x > a.ovf; tar -cf it a.ovf disk.img", /^is an archive \(a virtual machine, OVA\)/, "disk.img"],
    ["zip -q it.zip disk.img; mv it.zip it", /^is an archive \(zip\)/, "disk.img"],
    ["echo disk.img | cpio -oc > it", /^is an archive \(cpio\)/, "disk.img"],
    ["genisoimage -quiet -o it disk.img", /^is an image of a CD \(ISO 9660\)/],
    ["mksquashfs disk.img it -quiet -no-progress", /^is a squashfs filesystem/],
    ["mkdir d; echo x > d/f; mkfs.cramfs d it", /^is a cramfs filesystem/],
    [
      `printf '<?xml version="1.0"?><manifest><version>2007-10-10</version></manifest>' > it; truncate -s 4096 it`,
      /^is the manifest of a bundle \(an instance-store AMI\)/,
    ],
    ...[512, 4096, 63 * 512, MIB].map((bytes): [string, RegExp] => [
      `(head -c ${bytes} /dev/zero; cat disk.img) > it`,
      new RegExp(
        `^holds no disk from its first byte on, but an ext2, ext3 or ext4 filesystem from byte ${bytes} on\\.`,
      ),
    ]),
    [
      "truncate -s 320M x; mkfs.xfs -q x; (head -c 512 /dev/zero; head -c 8388608 x) > it; mv x disk.img",
      /but an XFS filesystem from byte 512 on\./,
    ],
    [
      "head -c 8388608 /dev/zero > disk.img; echo 2048,,83 | sfdisk -q disk.img; (head -c 512 /dev/zero; cat disk.img) > it",
      /but a disk with a master boot record from byte 512 on\./,
    ],
    [
      "echo 2048,4096,L | sfdisk -q --label gpt disk.img; (head -c 1048576 /dev/zero; cat disk.img) > it",
      /but a disk with a GPT from byte 1048576 on\./,
    ],
  ];
  for (const [line, found, gives = "new.img"] of CASES) {
    it(`is named: ${line}`, async () => {
      const folder = made(line);
      const told = await refusal(path.join(folder, "it"));
      assert.match(told, found);
      const shell =
        /(?:raw disk of it|Unpack it|is before it away): (?:with those files beside it, )?(.*?)\. Then name /.exec(
          told,
        )?.[1];
      if (shell === undefined)
        return assert.match(told, /^is (?:an image of a CD|a squashfs|a cramfs|the manifest)/);
      const original = fs.readFileSync(path.join(folder, "disk.img"));
      if (gives === "disk.img") fs.unlinkSync(path.join(folder, "disk.img"));
      execFileSync("bash", ["-ec", shell], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
      const result = fs.readFileSync(path.join(folder, gives));
      // Some formats round a size up; a part of the XFS image stands for it.
      const length = Math.min(original.length, result.length);
      assert.ok(length >= 8 * MIB && result.subarray(0, length).equals(original.subarray(0, length)));
    });
  }

  it("is named in words that a shell takes as one", () => {
    const head = Buffer.concat([Buffer.from("KDMV"), Buffer.alloc(508)]);
    const told = (file: string) => recognizeForeign({ head, tail: head }, file)?.advice;
    assert.match(told("/a/disk.vmdk") ?? "", / -O raw \/a\/disk\.vmdk new\.img\./);
    assert.match(told("/a b/it's.vmdk") ?? "", / -O raw '\/a b\/it'\\''s\.vmdk' new\.img\./);
  });

  it("is told of nothing else where it is only unknown: noise, zeros, a text, a few bytes", async () => {
    const folder = scratchFolder();
    for (const bytes of [
      noise(MIB, "n"),
      Buffer.alloc(MIB),
      Buffer.from("text\n"),
      Buffer.from("x"),
      Buffer.alloc(0),
    ]) {
      const file = path.join(folder, "it");
      fs.writeFileSync(file, bytes);
      assert.match(await refusal(file), /^(?:holds no filesystem that is known|is empty)/);
    }
  });

  it("does not take the copy of a superblock for the beginning of a filesystem", async () => {
    const disk = blankDisk(24);
    execFileSync("mke2fs", ["-q", "-F", "-t", "ext2", "-b", "1024", "-g", "256", disk]);
    const handle = fs.openSync(disk, "r+");
    fs.writeSync(handle, Buffer.alloc(2048), 0, 2048, 0);
    fs.closeSync(handle);
    assert.match(await refusal(disk), /^holds no filesystem that is known/);
  });
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import { withLoop } from "../../../converter/disk/loop";
import { withMounted, withMountFolder } from "../../../converter/disk/mount";
import { describeUnmountable, whyUnmountable } from "../../../converter/disk/mountFailure";
import { ObstacleError } from "../../../converter/errors";
import { run, type Runner } from "../../../converter/run";
import type { FilesystemFacts } from "../../../converter/types";
import { blankDisk, command, isRoot, removeFolders, scratchFolder } from "./images";

const MOUNT_SAID = `mount: /tmp/m: wrong fs type, bad option, bad superblock on /dev/loop2, missing codepage or helper program, or other error.
       dmesg(1) may have more information after failed mount system call.`;

/** A machine whose kernel has said that. */
function kernelSaying(messages: string): Runner {
  return async (command) => ({
    ...{ command, exitCode: messages === "" ? 1 : 0, signal: null, timedOut: false, durationMs: 1 },
    ...{ stdout: messages, stderr: "" },
  });
}

describe("a filesystem that the kernel does not mount", () => {
  after(removeFolders);

  const CAUSES: [what: string, type: FilesystemFacts["type"], said: string, found: RegExp, advice: RegExp][] =
    [
      [
        "an XFS v4, by the kernel's option that is missing",
        "xfs",
        "XFS (loop2): Deprecated V4 format (crc=0) not supported by kernel",
        /kernel \(6\.18\) does not mount the xfs filesystem: it is an XFS v4.*CONFIG_XFS_SUPPORT_V4/,
        /older kernel, e\.g\. that of Debian 12/,
      ],
      [
        "a newer ext4, by the bits of its features",
        "ext4",
        "EXT4-fs (loop2): couldn't mount because of unsupported optional features (40000)",
        /newer than that kernel.*\(40000\)/,
        /newer kernel/,
      ],
      [
        "a newer XFS, by the bits of its features",
        "xfs",
        "XFS (loop2): Superblock has unknown incompatible features (0x80) enabled",
        /newer than that kernel.*0x80/,
        /newer kernel/,
      ],
      ["one without a driver", "xfs", "unknown filesystem type 'xfs'", /no driver for it/, /modprobe/],
      [
        "anything else, in the kernel's words",
        "ext4",
        "EXT4-fs (loop2): no journal found",
        /no journal found/,
        /dmesg/,
      ],
    ];
  for (const [what, type, said, found, advice] of CAUSES) {
    it(`is named: ${what}`, () => {
      const reason = describeUnmountable(type, said, "6.18");
      assert.equal(reason.subject, "helper");
      assert.match(reason.found, found);
      assert.match(reason.advice, advice);
    });
  }

  it("is told with the kernel's last message about that very device", async () => {
    const messages = [
      "[1.0] XFS (loop2): Deprecated V4 format (crc=0) not supported by kernel.",
      "[2.0] EXT4-fs (loop22): no journal found",
      "[3.0] loop2: detected capacity change from 0 to 131072",
      "[4.0] EXT4-fs (loop2): bad geometry: block count 16384 exceeds size of device (1 blocks)",
      "[5.0] XFS (dm-2): Mounting V5 Filesystem",
    ];
    const { reason } = await whyUnmountable(
      "/dev/loop2",
      "ext4",
      MOUNT_SAID,
      kernelSaying(messages.join("\n")),
    );
    assert.match(reason.found, /\(EXT4-fs \(loop2\): bad geometry: .*\(1 blocks\)\)\.$/);
  });

  it("is told with mount's own words where the kernel's messages may not be read", async () => {
    const { reason } = await whyUnmountable("/dev/loop2", "ext4", MOUNT_SAID, kernelSaying(""));
    assert.match(reason.found, /\(wrong fs type, bad option, bad superblock on \/dev\/loop2/);
  });

  (isRoot ? it : it.skip)("leaves nothing mounted", async () => {
    const image = blankDisk(8);
    command("mke2fs", "-q", "-F", "-t", "ext4", "-O", "^metadata_csum", image);
    setUnknownFeature(image);
    const folder = scratchFolder();
    await assert.rejects(
      withLoop({ path: image, readOnly: true }, run, (device) =>
        withMounted({ device, type: "ext4", readOnly: true }, folder, run, async () =>
          assert.fail("mounted"),
        ),
      ),
      (error: Error) =>
        error instanceof ObstacleError && /^helper: its kernel \(.+\) does not mount/.test(error.message),
    );
    assert.ok(!fs.readFileSync("/proc/self/mounts", "utf8").includes(folder));
    assert.equal(command("losetup", "--associated", image), "");
  });

  (isRoot ? it : it.skip)("is not one that it mounts", async () => {
    const image = blankDisk(8);
    command("mke2fs", "-q", "-F", "-t", "ext4", image);
    const names = await withLoop({ path: image, readOnly: true }, run, (device) =>
      withMountFolder((folder) =>
        withMounted({ device, type: "ext4", readOnly: true }, folder, run, async () =>
          fs.readdirSync(folder),
        ),
      ),
    );
    assert.deepEqual(names, ["lost+found"]);
  });
});

/** An incompatible feature that no kernel has so far. */
function setUnknownFeature(image: string): void {
  const disk = fs.openSync(image, "r+");
  const word = Buffer.alloc(4);
  fs.readSync(disk, word, 0, 4, 1024 + 0x60);
  word.writeUInt32LE((word.readUInt32LE(0) | 0x40000000) >>> 0);
  fs.writeSync(disk, word, 0, 4, 1024 + 0x60);
  fs.closeSync(disk);
}

import assert from "node:assert/strict";
import * as fs from "node:fs";
import {
  checkCore,
  embeddedConfiguration,
  GRUB_IMAGES,
  makeBootLoader,
  writeBootLoader,
} from "../../../converter/boot/grubCore";
import { withDisk } from "../../../converter/disk/bytes";
import { writePartitionTable } from "../../../converter/disk/partitionTable";
import { CORE_OFFSET, RECORD_OFFSET } from "../../../converter/disk/sizes";
import { run } from "../../../converter/run";
import { checkGap } from "../../../converter/steps/diskChecks";
import { blankDisk, removeFolders } from "../disk/images";

const BOOT = {
  menuFile: "/boot/grub/menu.lst",
  filesystemUuid: "61104677-c6eb-4839-b8f0-8d63cebdf9a8",
  kernel: "/boot/vmlinuz",
  why: "default",
};
const hasGrub = fs.existsSync(`${GRUB_IMAGES}/boot.img`);

describe("GRUB before partition 1", () => {
  after(removeFolders);

  it("looks for the guest's filesystem and runs the guest's menu", () => {
    const lines = embeddedConfiguration(BOOT);
    assert.ok(lines.includes("search --no-floppy --fs-uuid --set=root 61104677-c6eb-4839-b8f0-8d63cebdf9a8"));
    assert.equal(lines.at(-1), "legacy_configfile /boot/grub/menu.lst");
  });

  it("quotes a menu's name that GRUB's shell would take apart", () => {
    assert.equal(
      embeddedConfiguration({ ...BOOT, menuFile: "/boot/my menu's" }).at(-1),
      "legacy_configfile '/boot/my menu'\\''s'",
    );
  });

  it("refuses a core image that reaches into the record", () => {
    const room = RECORD_OFFSET - CORE_OFFSET;
    assert.equal(checkCore(Buffer.alloc(room)).length, room);
    assert.throws(() => checkCore(Buffer.alloc(room + 1)), new RegExp(`${room + 1} bytes, ${room} fit`));
  });

  (hasGrub ? it : it.skip)(
    "lies whole on the disk, beside the partition table, and is the same each time it is made",
    async () => {
      const disk = blankDisk(4);
      await writePartitionTable(disk, run);
      const loader = await makeBootLoader(BOOT, run);
      await withDisk(disk, "write", (handle) => writeBootLoader(handle, loader));
      const bytes = fs.readFileSync(disk);
      const again = await makeBootLoader(BOOT, run);
      assert.deepEqual(
        checkGap(bytes, again).filter((check) => !check.ok),
        [],
      );
      // boot.img reads the first sector of the core image from the block number at 0x5c: sector 1.
      assert.equal(bytes.readBigUInt64LE(0x5c), 1n);
      assert.match(loader.version, /^2\.\d+/);
      assert.ok(bytes.subarray(CORE_OFFSET + loader.core.length).every((byte) => byte === 0));
    },
  );

  (hasGrub ? it : it.skip)("is missed where a byte of it, or the active mark, is lost", async () => {
    const loader = await makeBootLoader(BOOT, run);
    const disk = blankDisk(4);
    await writePartitionTable(disk, run);
    await withDisk(disk, "write", (handle) => writeBootLoader(handle, loader));
    const failing = (at: number, value: number) => {
      const bytes = fs.readFileSync(disk);
      bytes[at] = value;
      return checkGap(bytes, loader)
        .filter((check) => !check.ok)
        .map((check) => check.name);
    };
    assert.deepEqual(failing(446, 0), [
      "the master boot record has one active Linux partition from 1 MiB on",
    ]);
    assert.deepEqual(failing(100, 0xee), ["the boot code is GRUB's"]);
    assert.deepEqual(failing(5000, fs.readFileSync(disk)[5000] ^ 1), ["GRUB's core image is whole"]);
  });
});

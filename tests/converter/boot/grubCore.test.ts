import assert from "node:assert/strict";
import * as fs from "node:fs";
import {
  checkCore,
  compareBootLoader,
  coreSpace,
  embeddedConfiguration,
  GRUB_IMAGES,
  makeBootLoader,
  mkimageCommand,
  writeBootLoader,
} from "../../../converter/boot/grubCore";
import { withDisk } from "../../../converter/disk/bytes";
import { planLayout } from "../../../converter/disk/table/layout";
import { readPartitionTable, writePartitionTable } from "../../../converter/disk/table/partitionTable";
import { MIB, RECORD_OFFSET, SECTOR } from "../../../converter/disk/sizes";
import { run } from "../../../converter/run";
import type { DestinationPlan, FilesystemFacts, Layout } from "../../../converter/types";
import { blankDisk, removeFolders } from "../disk/images";

const BOOT = {
  menuFile: "/boot/grub/menu.lst",
  device: "(hd0,0)",
  filesystemUuid: "61104677-c6eb-4839-b8f0-8d63cebdf9a8",
  kernel: "/boot/vmlinuz",
  why: "default",
};
const hasGrub = fs.existsSync(`${GRUB_IMAGES}/boot.img`);

const FILESYSTEM: FilesystemFacts = {
  ...{ type: "ext4", uuid: BOOT.filesystemUuid, blockSizeBytes: 4096, blockCount: 1000, freeBlocks: 1 },
  ...{ features: [], needsRecovery: false, health: "clean" },
};

function planOf(layout: Layout): DestinationPlan {
  const sizeBytes = 16 * MIB;
  const content = { kind: "filesystem" as const, filesystem: FILESYSTEM };
  const parts = [{ number: 0, startBytes: 0, sizeBytes, content }];
  const root = { point: "/", part: 0, filesystem: FILESYSTEM };
  return planLayout({ path: "source", sizeBytes, table: "none", parts }, root, {
    for: [],
    layout,
    grow: false,
  });
}

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

  it("counts partitions from 1, where GRUB legacy counts from 0", () => {
    const command = mkimageCommand("grub.cfg", "core.img", "(hd0,1)");
    assert.equal(command[command.indexOf("-p") + 1], "(hd0,2)/boot/grub");
    assert.throws(() => mkimageCommand("grub.cfg", "core.img", "(hd0)"), /\(hd0,N\) was needed/);
  });

  for (const [layout, offset] of [
    ["mbr", SECTOR],
    ["gpt", 40 * SECTOR],
  ] as const) {
    it(`has the room from byte ${offset} up to the record on a disk with ${layout.toUpperCase()}`, () => {
      assert.deepEqual(coreSpace(planOf(layout)), { offset, bytes: RECORD_OFFSET - offset });
    });

    (hasGrub ? it : it.skip)(
      `lies whole on a disk with ${layout.toUpperCase()}, and leaves the table as it is`,
      async () => {
        const plan = planOf(layout);
        const disk = blankDisk(96);
        await writePartitionTable(disk, plan, run);
        const table = await readPartitionTable(disk, 96 * MIB);
        const loader = await makeBootLoader(BOOT, run);
        await withDisk(disk, "write", (handle) => writeBootLoader(handle, loader, plan));
        assert.deepEqual(await readPartitionTable(disk, 96 * MIB), table);
        const again = await makeBootLoader(BOOT, run);
        const checks = await withDisk(disk, "read", (handle) => compareBootLoader(handle, again, plan));
        assert.deepEqual(
          checks.filter((check) => !check.ok),
          [],
        );
        const bytes = fs.readFileSync(disk);
        // boot.img loads the core image's first sector from the number at 0x5c; that one the rest from its last list entry.
        assert.equal(bytes.readBigUInt64LE(0x5c), BigInt(offset / SECTOR));
        assert.equal(bytes.readBigUInt64LE(offset + SECTOR - 12), BigInt(offset / SECTOR + 1));
        assert.match(loader.version, /^2\.\d+/);
        assert.ok(bytes.subarray(offset + loader.core.length, MIB).every((byte) => byte === 0));
      },
    );
  }

  it("refuses a core image that reaches into the record", () => {
    const available = coreSpace(planOf("mbr")).bytes;
    assert.equal(checkCore(Buffer.alloc(available), available).length, available);
    assert.throws(
      () => checkCore(Buffer.alloc(available + 1), available),
      new RegExp(`${available + 1} bytes, ${available} fit`),
    );
  });

  it("needs a BIOS boot partition on a disk with GPT", () => {
    assert.throws(() => coreSpace({ layout: "gpt", partitions: [] }), /no BIOS boot partition/);
  });

  (hasGrub ? it : it.skip)("is missed where a byte of it, or the boot signature, is lost", async () => {
    const plan = planOf("mbr");
    const loader = await makeBootLoader(BOOT, run);
    const disk = blankDisk(32);
    await writePartitionTable(disk, plan, run);
    await withDisk(disk, "write", (handle) => writeBootLoader(handle, loader, plan));
    const whole = fs.readFileSync(disk);
    const failing = async (at: number) => {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 1;
      fs.writeFileSync(disk, bytes);
      const checks = await withDisk(disk, "read", (handle) => compareBootLoader(handle, loader, plan));
      return checks.filter((check) => !check.ok).map((check) => check.name);
    };
    assert.deepEqual(await failing(510), ["the first sector is marked as one to boot from"]);
    assert.deepEqual(await failing(100), ["the boot code is GRUB's"]);
    assert.deepEqual(await failing(5000), ["GRUB's core image is whole"]);
  });
});

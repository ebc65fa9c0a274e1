import assert from "node:assert/strict";
import * as fs from "node:fs";
import { makeEfiSystemPartition, mkfsCommand } from "../../../../converter/disk/table/efiSystem";
import { GPT_TYPES } from "../../../../converter/disk/table/gpt";
import { readSignature } from "../../../../converter/disk/signature";
import { MIB } from "../../../../converter/disk/sizes";
import { run } from "../../../../converter/run";
import type { PartitionPlan } from "../../../../converter/types";
import { blankDisk, isRoot, removeFolders } from "../images";

const partition: PartitionPlan = {
  ...{ number: 15, startBytes: MIB, sizeBytes: 64 * MIB, type: GPT_TYPES.efiSystem, role: "efi-system" },
  guid: "1A2B3C4D-0000-8000-8000-000000000001",
};

describe("the EFI system partition", () => {
  after(removeFolders);

  (isRoot ? it : it.skip)("is an empty FAT filesystem, and nothing beside it is touched", async () => {
    const disk = blankDisk(66);
    await makeEfiSystemPartition(disk, partition, run);
    const piece = { startBytes: partition.startBytes, sizeBytes: partition.sizeBytes };
    const { type, uuid, label } = await readSignature(disk, run, piece);
    assert.deepEqual([type, uuid, label], ["vfat", "1A2B-3C4D", "EFI"]);
    const bytes = fs.readFileSync(disk);
    assert.ok(bytes.subarray(0, MIB).every((byte) => byte === 0));
    assert.ok(bytes.subarray(65 * MIB).every((byte) => byte === 0));
  });

  for (const [megabytes, bits] of [
    [64, "32"],
    [33, "16"],
  ] as const) {
    it(`is FAT${bits} with ${megabytes} MiB`, () => {
      const command = mkfsCommand("/dev/loop0", { ...partition, sizeBytes: megabytes * MIB });
      assert.equal(command[command.indexOf("-F") + 1], bits);
    });
  }
});

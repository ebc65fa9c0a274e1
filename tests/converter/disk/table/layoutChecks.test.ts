import assert from "node:assert/strict";
import { GPT_TYPES } from "../../../../converter/disk/table/gpt";
import {
  planLayout,
  refuseBootOnLogicalVolume,
  refuseLayout,
  warnOfLayout,
} from "../../../../converter/disk/table/layout";
import { MIB, SECTOR } from "../../../../converter/disk/sizes";
import type { Content, DiskFacts, MountFacts, Options } from "../../../../converter/types";
import { FILESYSTEM, GIB, TIB, bare, disk, optionsOf, part, rootOn } from "../phonyDisks";

describe("what speaks against a layout", () => {
  const group = (physicalVolumes: number): Content => ({
    kind: "lvm",
    volumeGroup: { name: "VolGroup00", physicalVolumes, dataStartBytes: MIB, volumes: [] },
  });
  const onVolume: MountFacts = { ...rootOn(2), logicalVolume: "VolGroup00/LogVol00" };
  const lvmDisk = (physicalVolumes: number) =>
    disk("mbr", GIB, [part(1, 1, 100), part(2, 101, 500, { type: "8e", content: group(physicalVolumes) })]);

  const refusalsOf = (source: DiskFacts, root: MountFacts, options: Options, size?: number) =>
    refuseLayout(source, root, options, planLayout(source, root, options, size), size).map(
      ({ subject, found, advice }) => `${subject}: ${found} ${advice}`,
    );

  it("is a destination one sector too small, named with the GiB that do", () => {
    const [said, ...others] = refusalsOf(bare(8 * GIB), rootOn(0), optionsOf("mbr"), 8 * GIB + MIB - SECTOR);
    assert.match(said, /destination: has 8590982656 bytes.*8590983168 are needed.*Make it 9 GiB or larger/);
    assert.deepEqual(others, []);
    assert.deepEqual(refusalsOf(bare(8 * GIB), rootOn(0), optionsOf("mbr"), 8 * GIB + MIB), []);
  });

  it("is a volume group on two disks", () => {
    assert.deepEqual(refusalsOf(lvmDisk(1), onVolume, optionsOf("mbr")), []);
    assert.match(refusalsOf(lvmDisk(2), onVolume, optionsOf("mbr"))[0], /VolGroup00: has 2 physical volumes/);
  });

  it("is an XFS root whose log lies on another device", () => {
    const xfs = { ...FILESYSTEM, type: "xfs" as const, features: ["v4", "external-log"] };
    const root = { ...rootOn(0), filesystem: xfs };
    assert.match(refusalsOf(bare(GIB), root, optionsOf("mbr"))[0], /device beside this one \(external-log\)/);
  });

  it("is growth of a filesystem that resize2fs does not grow", () => {
    const filesystem = { ...FILESYSTEM, features: [...FILESYSTEM.features, "bigalloc"] };
    const root = { ...rootOn(0), filesystem };
    const growing = { ...optionsOf("mbr"), grow: true };
    assert.match(refusalsOf(bare(GIB), root, growing)[0], /bigalloc.*Leave --grow out/);
    assert.deepEqual(refusalsOf(bare(GIB), root, { ...growing, grow: false }), []);
  });

  it("is a GPT without a free number", () => {
    const parts = Array.from({ length: 128 }, (_, index) =>
      part(index + 1, index + 1, 1, { type: GPT_TYPES.linux }),
    );
    assert.match(refusalsOf(disk("gpt", GIB, parts), rootOn(1), optionsOf("mbr"))[0], /no number of the 128/);
  });

  it("is a boot file on a logical volume", () => {
    assert.equal(refuseBootOnLogicalVolume([onVolume, { ...rootOn(1), point: "/boot" }]).length, 0);
    assert.match(refuseBootOnLogicalVolume([onVolume])[0].found, /PV-GRUB cannot read/);
  });

  for (const [what, source, root, options, size, said] of [
    [
      "growth that stops at the partition",
      lvmDisk(1),
      onVolume,
      optionsOf("mbr", true),
      undefined,
      /pvresize on partition 2.*lvextend -r/,
    ],
    [
      "a GPT in place of a master boot record",
      lvmDisk(1),
      onVolume,
      optionsOf("mbr"),
      3 * TIB,
      /gets a GPT: .*2 TiB.*PARTUUIDs/,
    ],
    [
      "a GPT that the source has",
      disk("gpt", GIB, [part(1, 1, 9)]),
      rootOn(1),
      optionsOf("mbr"),
      undefined,
      /gets a GPT: the source has one/,
    ],
    [
      "a second volume group that is not whole",
      lvmDisk(2),
      rootOn(1),
      optionsOf("mbr"),
      undefined,
      /Attach its other disks/,
    ],
  ] as const) {
    it(`leaves ${what} as a warning`, () => {
      const warnings = warnOfLayout(source, root, options, planLayout(source, root, options, size));
      assert.match(warnings.map(({ found, advice }) => `${found} ${advice}`).join("\n"), said);
      assert.equal(warnings.length, 1);
    });
  }
  it("warns of nothing on the usual way", () => {
    const source = bare(GIB);
    const plan = planLayout(source, rootOn(0), optionsOf("mbr", true));
    assert.deepEqual(warnOfLayout(source, rootOn(0), optionsOf("mbr", true), plan), []);
  });
});

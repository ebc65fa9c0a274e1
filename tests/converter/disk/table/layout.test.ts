import assert from "node:assert/strict";
import * as fs from "node:fs";
import fc from "fast-check";
import { GPT_TYPES } from "../../../../converter/disk/table/gpt";
import { planLayout } from "../../../../converter/disk/table/layout";
import { readPartitionTable, writePartitionTable } from "../../../../converter/disk/table/partitionTable";
import {
  MBR_LIMIT_BYTES,
  MIB,
  PARTITION_OFFSET,
  RECORD_OFFSET,
  SECTOR,
} from "../../../../converter/disk/sizes";
import { run } from "../../../../converter/run";
import type { DestinationPlan, DiskFacts, MountFacts, Options, PartFacts } from "../../../../converter/types";
import { blankDisk, removeFolders } from "../images";
import { EXTENDED, GIB, SWAP, TIB, bare, disk, optionsOf, part, rootOn } from "../phonyDisks";

const shown = (plan: DestinationPlan) =>
  plan.partitions.map(
    ({ number, startBytes, sizeBytes, role }) => `${number} ${role} ${startBytes / MIB}+${sizeBytes / MIB}`,
  );

describe("the layout of a destination", () => {
  after(removeFolders);

  it("is one active Linux partition from 1 MiB for a bare filesystem", () => {
    const plan = planLayout(bare(8 * GIB), rootOn(0), optionsOf("mbr"));
    assert.equal(plan.layout, "mbr");
    assert.equal(plan.minimumSizeBytes, 8 * GIB + MIB);
    assert.match(plan.tableId ?? "", /^0x[0-9a-f]{8}$/);
    assert.deepEqual(plan.partitions, [
      { number: 1, startBytes: MIB, sizeBytes: 8 * GIB, type: "83", active: true, role: "copy", from: 0 },
    ]);
  });

  it("reaches to the end of the destination, and is the same each time it is planned", () => {
    const plan = planLayout(bare(8 * GIB), rootOn(0), optionsOf("mbr"), 20 * GIB);
    assert.deepEqual(shown(plan), ["1 copy 1+20479"]);
    assert.equal(plan.minimumSizeBytes, 8 * GIB + MIB);
    assert.deepEqual(planLayout(bare(8 * GIB), rootOn(0), optionsOf("mbr"), 20 * GIB), plan);
  });

  it("keeps the source's order, and puts the root last so that it can grow", () => {
    const source = disk("mbr", GIB, [
      part(1, 1, 100, { active: true }),
      part(2, 101, 300),
      part(3, 401, 64, { type: "82", content: SWAP }),
    ]);
    const plan = planLayout(source, rootOn(2), optionsOf("mbr"), 2 * GIB);
    assert.deepEqual(shown(plan), ["1 copy 1+100", "2 copy 165+1883", "3 copy 101+64"]);
    assert.equal(plan.tableId, "0x1a2b3c4d");
    assert.equal(plan.minimumSizeBytes, 465 * MIB);
    assert.deepEqual(
      plan.partitions.map(({ active }) => active === true),
      [true, false, false],
    );
  });

  it("moves partitions that begin at sector 63 to whole MiB, and keeps their sizes", () => {
    const source = disk("mbr", GIB, [
      part(1, 0, 0, { startBytes: 63 * SECTOR, sizeBytes: 208_782 * SECTOR }),
      part(2, 0, 0, { startBytes: 208_845 * SECTOR, sizeBytes: 16_065 * SECTOR }),
    ]);
    const { partitions, minimumSizeBytes } = planLayout(source, rootOn(2), optionsOf("mbr"));
    assert.deepEqual(
      partitions.map(({ startBytes, sizeBytes }) => [startBytes / MIB, sizeBytes / SECTOR]),
      [
        [1, 208_782],
        [103, 16_065],
      ],
    );
    assert.equal(minimumSizeBytes, 103 * MIB + 16_065 * SECTOR);
  });

  it("keeps logical partitions in their extended one, with a MiB before each", () => {
    const source = disk("mbr", GIB, [
      part(1, 1, 100),
      part(2, 101, 400, { type: "05", content: EXTENDED }),
      part(5, 102, 200),
      part(6, 303, 100, { type: "82", content: SWAP }),
    ]);
    const expected = ["1 copy 1+100", "2 extended 101+302", "5 copy 102+200", "6 copy 303+100"];
    assert.deepEqual(shown(planLayout(source, rootOn(5), optionsOf("mbr"))).sort(), [
      ...["1 copy 1+100", "2 extended 101+302", "5 copy 203+200", "6 copy 102+100"],
    ]);
    assert.deepEqual(shown(planLayout(source, rootOn(6), optionsOf("mbr"))), expected);
    const grown = shown(planLayout(source, rootOn(6), optionsOf("mbr"), GIB));
    assert.deepEqual(grown, ["1 copy 1+100", "2 extended 101+923", "5 copy 102+200", "6 copy 303+721"]);
  });

  it("marks the root's partition active where none is, and never a logical one", () => {
    const plan = (root: number) =>
      planLayout(
        disk("mbr", GIB, [
          part(1, 1, 100),
          part(2, 101, 100),
          part(3, 201, 300, { type: "05", content: EXTENDED }),
          part(5, 202, 100),
        ]),
        rootOn(root),
        optionsOf("mbr"),
      ).partitions.flatMap(({ active, number }) => (active ? [number] : []));
    assert.deepEqual(plan(2), [2]);
    assert.deepEqual(plan(5), [1]);
  });

  describe("with a GPT", () => {
    it("has a BIOS boot partition before the record and an EFI system partition where it was asked for", () => {
      const plan = planLayout(bare(GIB), rootOn(0), optionsOf("gpt"), 2 * GIB);
      const [first, biosBoot, efi] = plan.partitions;
      assert.deepEqual([first.number, biosBoot.number, efi.number], [1, 14, 15]);
      assert.equal(biosBoot.type, GPT_TYPES.biosBoot);
      assert.deepEqual(
        [biosBoot.startBytes / SECTOR, biosBoot.startBytes + biosBoot.sizeBytes],
        [40, RECORD_OFFSET],
      );
      assert.deepEqual([efi.startBytes, efi.sizeBytes], [MIB, 64 * MIB]);
      assert.deepEqual(
        [first.startBytes, first.startBytes + first.sizeBytes],
        [65 * MIB, 2 * GIB - 33 * SECTOR],
      );
      assert.equal(plan.minimumSizeBytes, GIB + 65 * MIB + 33 * SECTOR);
    });

    it("stays a GPT, its own BIOS boot partition replaced, nothing added that nobody asked for", () => {
      const source = disk("gpt", GIB, [
        part(1, 1, 1, { type: GPT_TYPES.biosBoot, guid: "B105", content: { kind: "unknown" } }),
        part(2, 2, 500, { type: GPT_TYPES.linux, guid: "A007", name: "root" }),
      ]);
      const plan = planLayout({ ...source, tableId: "7AB1E" }, rootOn(2), optionsOf("mbr"));
      assert.deepEqual([plan.layout, plan.tableId], ["gpt", "7AB1E"]);
      assert.deepEqual(
        plan.partitions.map(({ number, guid, name, role }) => [number, guid, name, role]),
        [
          [1, "B105", undefined, "bios-boot"],
          [2, "A007", "root", "copy"],
        ],
      );
    });

    it("is made of a master boot record's partitions with their numbers, without the extended one", () => {
      const source = disk("mbr", GIB, [
        part(1, 1, 100),
        part(2, 101, 400, { type: "05", content: EXTENDED }),
        part(5, 102, 200, { type: "8e" }),
        part(14, 303, 100, { type: "82", content: SWAP }),
      ]);
      const plan = planLayout(source, rootOn(1), optionsOf("gpt"));
      assert.deepEqual(
        plan.partitions.map(({ number, type, role }) => [number, type, role]),
        [
          [1, GPT_TYPES.linux, "copy"],
          [5, GPT_TYPES.lvm, "copy"],
          [14, GPT_TYPES.swap, "copy"],
          [15, GPT_TYPES.efiSystem, "efi-system"],
          [128, GPT_TYPES.biosBoot, "bios-boot"],
        ],
      );
    });

    for (const [what, source, destination, layout] of [
      ["the destination is larger than 2 TiB", bare(8 * GIB), 3 * TIB, "gpt"],
      ["the source does not fit into 2 TiB any more", bare(2 * TIB), undefined, "gpt"],
      ["nothing but mbr is needed", bare(8 * GIB), 2 * TIB, "mbr"],
    ] as const) {
      it(`is${layout === "gpt" ? "" : " not"} chosen where ${what}`, () => {
        assert.equal(planLayout(source, rootOn(0), optionsOf("mbr"), destination).layout, layout);
      });
    }

    it("leaves the last sector of 2 TiB out where a master boot record counts", () => {
      const [only] = planLayout(bare(GIB), rootOn(0), optionsOf("mbr"), 2 * TIB).partitions;
      assert.equal(only.startBytes + only.sizeBytes, MBR_LIMIT_BYTES - SECTOR);
    });
  });
});

interface Case {
  source: DiskFacts;
  root: MountFacts;
  options: Options;
  /** Sectors that the destination has more than it must; absent: it is not known. */
  extra?: number;
}

/** Disks as they may be: primary and logical ones, in any sizes. */
const sources: fc.Arbitrary<Case> = fc
  .record({
    table: fc.constantFrom("mbr" as const, "gpt" as const),
    sizes: fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 7 }),
    root: fc.nat(6),
    layout: fc.constantFrom("mbr" as const, "gpt" as const),
    extra: fc.option(fc.integer({ min: 0, max: 100 * 2048 }), { nil: undefined }),
  })
  .map(({ table, sizes, root, layout, extra }) => {
    const parts = table === "gpt" ? gptParts(sizes) : mbrParts(sizes);
    const usable = parts.filter(({ content }) => content.kind !== "extended");
    const source = disk(table, GIB, parts);
    return { source, root: rootOn(usable[root % usable.length].number), options: optionsOf(layout), extra };
  });

function gptParts(sizes: number[]): PartFacts[] {
  let at = 34;
  return sizes.map((size, index) => {
    const one = part(index * 2 + 1, 0, 0, {
      type: GPT_TYPES.linux,
      startBytes: at * SECTOR,
      sizeBytes: size * SECTOR,
    });
    at += size;
    return { ...one, guid: `0000000${index}-0000-0000-0000-000000000001`, name: `part "${index}" \\ ä` };
  });
}

function mbrParts(sizes: number[]): PartFacts[] {
  const primary = sizes.slice(0, 3);
  const logical = sizes.slice(3);
  let at = 63;
  const place = (number: number, size: number, gap = 0) => {
    const one = part(number, 0, 0, { startBytes: (at + gap) * SECTOR, sizeBytes: size * SECTOR });
    at += size + gap;
    return one;
  };
  const placed = primary.map((size, index) => place(index + 1, size));
  if (logical.length === 0) return placed;
  const start = at;
  const inside = logical.map((size, index) => place(index + 5, size, 63));
  const extended = part(4, 0, 0, { type: "0f", content: EXTENDED, startBytes: start * SECTOR });
  return [...placed, { ...extended, sizeBytes: (at - start) * SECTOR }, ...inside];
}

describe("every layout", () => {
  const planOf = ({ source, root, options, extra }: Case) => {
    const { minimumSizeBytes } = planLayout(source, root, options);
    const size = minimumSizeBytes + (extra ?? 0) * SECTOR;
    return { plan: planLayout(source, root, options, extra === undefined ? undefined : size), size };
  };

  it("has each partition of the source once, from a whole MiB, as large as it was or larger", () => {
    fc.assert(
      fc.property(sources, (one) => {
        const { plan } = planOf(one);
        const copies = plan.partitions.filter(({ role }) => role === "copy");
        const kept = one.source.parts.filter(({ content }) => content.kind !== "extended");
        assert.deepEqual(
          copies.map(({ number, from }) => [number, from]),
          kept.map(({ number }) => [number, number]),
        );
        for (const copy of copies) {
          const original = kept.find(({ number }) => number === copy.from) as PartFacts;
          assert.equal(copy.startBytes % MIB, 0);
          assert.ok(copy.startBytes >= PARTITION_OFFSET);
          assert.ok(copy.sizeBytes >= original.sizeBytes);
          assert.ok(copy.sizeBytes === original.sizeBytes || copy.from === one.root.part);
        }
      }),
    );
  });

  it("overlaps nowhere, lies within the disk, and has the root last", () => {
    fc.assert(
      fc.property(sources, (one) => {
        const { plan, size } = planOf(one);
        const inOrder = plan.partitions
          .filter(({ role }) => role !== "extended")
          .sort((first, second) => first.startBytes - second.startBytes);
        let end = 34 * SECTOR;
        for (const { startBytes, sizeBytes } of inOrder) {
          assert.ok(startBytes >= end && sizeBytes > 0);
          end = startBytes + sizeBytes;
        }
        assert.ok(end <= size - (plan.layout === "gpt" ? 33 * SECTOR : 0));
        assert.equal(inOrder.at(-1)?.from, one.root.part);
        const extended = plan.partitions.find(({ role }) => role === "extended");
        for (const { number, startBytes, sizeBytes } of plan.partitions) {
          if (!extended || number === extended.number) continue;
          const before = startBytes + sizeBytes <= extended.startBytes;
          const inside =
            startBytes >= extended.startBytes + MIB &&
            startBytes + sizeBytes <= extended.startBytes + extended.sizeBytes;
          const behind = startBytes >= extended.startBytes + extended.sizeBytes;
          assert.ok(number > 4 ? inside : before || behind);
        }
      }),
    );
  });

  it("is read back from the disk that it was written to, number for number", async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(sources, async (one) => {
        const { plan } = planOf({ ...one, extra: one.extra ?? 0 });
        const target = blankDisk(0);
        fs.truncateSync(target, plan.minimumSizeBytes + (one.extra ?? 0) * SECTOR);
        await writePartitionTable(target, plan, run);
        const found = await readPartitionTable(target, fs.statSync(target).size);
        assert.equal(found.table, plan.layout);
        assert.equal(found.tableId?.toLowerCase(), plan.tableId?.toLowerCase());
        const flat = ({
          number,
          startBytes,
          sizeBytes,
          type,
          active,
          guid,
          name,
        }: DestinationPlan["partitions"][0]) => ({
          ...{ number, startBytes, sizeBytes, type, active: active === true },
          ...{ guid: guid, name: name },
        });
        assert.deepEqual(
          found.partitions.map((partition) => flat({ ...partition, role: "copy" })),
          plan.partitions.map(flat),
        );
      }),
      { numRuns: 40 },
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Range } from "../../../converter/disk/copy/ranges";
import { inDiskOrder, onDisk } from "../../../converter/steps/usedPieces";
import type { ExtentFacts } from "../../../converter/types";

const EXTENT = 4096;

/** Two volumes whose extents lie in any order on the disk, and ranges of each. */
const volumes = fc
  .shuffledSubarray(
    Array.from({ length: 12 }, (_, index) => index),
    { minLength: 2 },
  )
  .chain((places) =>
    fc.tuple(fc.constant(places), fc.integer({ min: 1, max: places.length - 1 }), fc.nat(), fc.nat()),
  )
  .map(([places, split, one, other]) =>
    [places.slice(0, split), places.slice(split)].map((own, index) => ({
      extents: own.map((place): ExtentFacts => ({ startBytes: place * EXTENT, sizeBytes: EXTENT })),
      ranges: rangesWithin(own.length * EXTENT, [one, other][index]),
    })),
  );

/** Some of every size, across the seams too. */
function rangesWithin(size: number, seed: number): Range[] {
  const ranges: Range[] = [];
  for (let at = seed % 700, step = 1; at < size; step++) {
    const end = Math.min(size, at + 1 + ((seed + step * 977) % 6000));
    ranges.push({ start: at, end });
    at = end + 1 + ((seed + step * 331) % 3000);
  }
  return ranges;
}

describe("the ranges of several logical volumes", () => {
  it("come in the order of the disk, whichever volume is named first, and are those of each volume", () => {
    fc.assert(
      fc.property(volumes, (all) => {
        const found = [...inDiskOrder(all)];
        assert.ok(found.every(({ start }, index) => index === 0 || start >= found[index - 1].end));
        const each = all.flatMap(({ ranges, extents }) => [...onDisk(ranges, extents)]);
        assert.deepEqual(
          found,
          each.sort((one, other) => one.start - other.start),
        );
      }),
    );
  });

  it("can be read as often as wanted", () => {
    const ranges = inDiskOrder([
      { ranges: [{ start: 0, end: 10 }], extents: [{ startBytes: 100, sizeBytes: 10 }] },
      { ranges: [{ start: 2, end: 4 }], extents: [{ startBytes: 0, sizeBytes: 10 }] },
    ]);
    const expected = [
      { start: 2, end: 4 },
      { start: 100, end: 110 },
    ];
    assert.deepEqual([...ranges], expected);
    assert.deepEqual([...ranges], expected);
  });
});

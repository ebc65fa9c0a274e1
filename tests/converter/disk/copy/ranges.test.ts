import assert from "node:assert/strict";
import fc from "fast-check";
import { chunksOf, piecesOf } from "../../../../converter/disk/copy/pieces";
import { type Range, RangeList, totalBytes } from "../../../../converter/disk/copy/ranges";
import { MIB } from "../../../../converter/disk/sizes";

const UNIT = 4096;

/** Ranges in order, with gaps of up to a thousand blocks between them. */
const ranges = fc
  .array(fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 3000 })), { maxLength: 60 })
  .map((steps) => {
    let end = 0;
    return steps.map(([gap, length]) => {
      const start = end + gap * UNIT;
      end = start + length * UNIT;
      return { start, end };
    });
  });

function listOf(all: Range[]): RangeList {
  const list = new RangeList(UNIT);
  for (const { start, end } of all) list.add(start, end);
  return list;
}

function isCovered({ start, end }: Range, by: Range[]): boolean {
  return by.some((range) => range.start <= start && range.end >= end);
}

describe("a list of ranges", () => {
  it("covers everything that was added, in order, and little more", () => {
    fc.assert(
      fc.property(ranges, (all) => {
        const list = listOf(all);
        const kept = [...list];
        assert.ok(all.every((range) => isCovered(range, kept)));
        assert.ok(
          kept.every(({ start, end }, index) => end > start && (index === 0 || start > kept[index - 1].end)),
        );
        assert.equal(list.usedBytes, totalBytes(all));
        assert.equal(list.totalBytes, totalBytes(kept));
        assert.ok(list.totalBytes <= 1.05 * list.usedBytes);
      }),
    );
  });

  it("can be read again, and added to afterwards", () => {
    const list = listOf([{ start: 0, end: UNIT }]);
    assert.deepEqual([...list], [...list]);
    list.add(5 * MIB, 6 * MIB);
    assert.deepEqual([...list].at(-1), { start: 5 * MIB, end: 6 * MIB });
  });

  it("holds places beyond 32 bits of blocks", () => {
    const far = 2 ** 60 / 1024;
    assert.deepEqual([...listOf([{ start: far, end: far + UNIT }])], [{ start: far, end: far + UNIT }]);
  });

  it("makes one of two with a gap that costs less to read than a request", () => {
    const list = listOf([
      { start: 0, end: 100 * MIB },
      { start: 100 * MIB + UNIT, end: 101 * MIB },
    ]);
    assert.deepEqual([...list], [{ start: 0, end: 101 * MIB }]);
  });

  it("takes no range that begins before the last one ended", () => {
    const list = listOf([{ start: 0, end: 2 * UNIT }]);
    assert.throws(() => list.add(UNIT, 3 * UNIT), RangeError);
  });

  it("takes less exact ranges rather than growing without end", () => {
    const list = new RangeList(1, 64 * 1024);
    // Every second block of 4 KiB in use: more ranges than are to be held one by one.
    for (let at = 0; at < 100_000; at++) list.add(at * 8192, at * 8192 + 4096);
    const kept = [...list].length;
    assert.ok(kept > 10_000 && kept < 30_000, `${kept} ranges`);
    assert.equal(list.usedBytes, 100_000 * 4096);
  });
});

describe("pieces", () => {
  it("are cut into chunks of at most 1 MiB that cover them, in order, each at its place", () => {
    const piece = fc.tuple(fc.nat(5 * MIB), fc.integer({ min: 1, max: 5 * MIB }), fc.nat(5 * MIB));
    fc.assert(
      fc.property(piece, ([from, length, to]) => {
        const chunks = [...chunksOf([{ from, to, length }])];
        let done = 0;
        for (const chunk of chunks) {
          assert.deepEqual([chunk.from, chunk.to], [from + done, to + done]);
          assert.ok(chunk.length > 0 && chunk.length <= MIB);
          done += chunk.length;
        }
        assert.equal(done, length);
      }),
    );
  });

  it("can be iterated as often as their ranges", () => {
    const pieces = piecesOf([{ start: 0, end: 10 }], 5, 7);
    assert.deepEqual([...pieces], [{ from: 5, to: 7, length: 10 }]);
    assert.deepEqual([...pieces], [{ from: 5, to: 7, length: 10 }]);
  });
});

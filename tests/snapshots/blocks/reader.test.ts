import assert from "node:assert/strict";
import { BlockMap } from "../../../snapshots/blocks/blockMap";
import { BlockCache } from "../../../snapshots/blocks/cache";
import { SnapshotReader } from "../../../snapshots/blocks/reader";
import { BLOCK_BYTES, StaleTokenError } from "../../../snapshots/blocks/source";
import { removeFolders, scratchFolder } from "../../converter/disk/images";
import { PhonySnapshot } from "./phonySnapshot";

const IDENTITY = { snapshotId: "snap-0123456789abcdef0", startTime: "2014-05-01", sizeGb: 1 };
const COUNT = 2048;
const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, index) => from + index);

async function readerOf(snapshot: PhonySnapshot, folder = scratchFolder()) {
  const cache = await BlockCache.open(folder, IDENTITY);
  return new SnapshotReader(snapshot, new BlockMap(COUNT, cache.map), cache, COUNT * BLOCK_BYTES);
}

const block = (reader: SnapshotReader, index: number) => reader.read(index * BLOCK_BYTES, 4096);

describe("a snapshot's reader", () => {
  afterEach(removeFolders);

  it("gives the bytes of any place, over the borders of blocks, and zeros where nothing was written", async () => {
    const reader = await readerOf(new PhonySnapshot([0, 1, 3]));
    const [one, three] = [PhonySnapshot.bytes(1), PhonySnapshot.bytes(3)];
    const wanted = Buffer.concat([one.subarray(-100), Buffer.alloc(BLOCK_BYTES), three.subarray(0, 50)]);
    assert.ok((await reader.read(2 * BLOCK_BYTES - 100, 150 + BLOCK_BYTES)).equals(wanted));
    assert.ok((await block(reader, COUNT - 1)).equals(Buffer.alloc(4096)));
    assert.ok((await reader.read(7, 9)).equals(PhonySnapshot.bytes(0).subarray(7, 16)));
  });

  it("fetches each block once, however often and by how many it is asked for", async () => {
    const snapshot = new PhonySnapshot([5]);
    const reader = await readerOf(snapshot);
    await Promise.all([block(reader, 5), block(reader, 5), block(reader, 5)]);
    await block(reader, 5);
    assert.deepEqual(snapshot.got, [5]);
    assert.deepEqual(reader.tally, { fetched: 1, cached: 0, listed: 1 });
  });

  it("takes a block that memory has let go of out of the cache, and counts it once", async () => {
    const snapshot = new PhonySnapshot(upTo(400));
    const reader = await readerOf(snapshot);
    for (let index = 0; index < 400; index += 3) await block(reader, index);
    await block(reader, 0);
    assert.equal(snapshot.got.filter((index) => index === 0).length, 1);
    assert.equal(reader.tally.cached, 0);
  });

  it("reads ahead from the third block in a row on, and no farther than there is data", async () => {
    const snapshot = new PhonySnapshot(upTo(12, 0));
    const reader = await readerOf(snapshot);
    await block(reader, 0);
    await block(reader, 1);
    assert.deepEqual(snapshot.got, [0, 1]);
    for (const index of [2, 3, 4, 5]) await block(reader, index);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(
      [...snapshot.got].sort((a, b) => a - b),
      upTo(12),
    );
    const scattered = new PhonySnapshot(upTo(COUNT));
    const other = await readerOf(scattered);
    for (const index of [9, 3, 700, 12, 4]) await block(other, index);
    assert.deepEqual(scattered.got, [9, 3, 700, 12, 4]);
  });

  it("has many requests under way, and never more than sixteen", async () => {
    const snapshot = new PhonySnapshot(upTo(60));
    const reader = await readerOf(snapshot);
    await reader.read(0, 60 * BLOCK_BYTES);
    assert.equal(snapshot.most, 16);
    assert.equal(snapshot.got.length, 60);
  });

  it("lists only around what is read", async () => {
    const snapshot = new PhonySnapshot(upTo(COUNT), 100);
    const reader = await readerOf(snapshot);
    await block(reader, 1500);
    await block(reader, 1450);
    assert.equal(snapshot.listed.length, 2);
    assert.deepEqual(
      snapshot.listed.map((from) => from > 1300),
      [true, true],
    );
  });

  it("lists anew when a token has expired", async () => {
    const snapshot = new PhonySnapshot([1, 2]);
    const reader = await readerOf(snapshot);
    await block(reader, 1);
    snapshot.expire();
    assert.ok((await block(reader, 2)).equals(PhonySnapshot.bytes(2).subarray(0, 4096)));
    assert.equal(snapshot.listed.length, 2);
  });

  it("says so where no token is ever good", async () => {
    const snapshot = new PhonySnapshot([1]);
    const reader = await readerOf(snapshot);
    snapshot.failing.push(new StaleTokenError("old"), new StaleTokenError("old"));
    await assert.rejects(
      block(reader, 1),
      /^Error: block 1: EBS gave no token for it that is good, asked twice/,
    );
  });

  it("asks for nothing that an earlier run has read, and only for the rest", async () => {
    const folder = scratchFolder();
    const before = await readerOf(new PhonySnapshot([1, 2, 900]), folder);
    await block(before, 1);
    await block(before, 3);
    await before.keepMap();
    const snapshot = new PhonySnapshot([1, 2, 900]);
    const after = await readerOf(snapshot, folder);
    assert.ok((await block(after, 1)).equals(PhonySnapshot.bytes(1).subarray(0, 4096)));
    assert.ok((await block(after, 3)).equals(Buffer.alloc(4096)));
    assert.deepEqual([snapshot.got, snapshot.listed], [[], []]);
    await block(after, 900);
    assert.deepEqual(snapshot.got, [900]);
    assert.deepEqual(after.tally, { fetched: 1, cached: 1, listed: 1 });
  });

  it("ends with the first error, tells it, and asks no more", async () => {
    const snapshot = new PhonySnapshot([1, 2]);
    const reader = await readerOf(snapshot);
    snapshot.failing.push(new Error("denied"));
    await assert.rejects(block(reader, 1), /denied/);
    await assert.rejects(reader.failed, /denied/);
    await assert.rejects(block(reader, 2), /denied/);
    assert.deepEqual(snapshot.got, [1]);
  });
});

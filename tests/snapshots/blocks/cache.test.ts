import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { BlockCache } from "../../../snapshots/blocks/cache";
import { command, isRoot, removeFolders, scratchFolder } from "../../converter/disk/images";
import { PhonySnapshot } from "./phonySnapshot";

const IDENTITY = { snapshotId: "snap-0123456789abcdef0", startTime: "2014-05-01", sizeGb: 1 };
const DATA = PhonySnapshot.bytes(7);

describe("the cache of blocks", () => {
  afterEach(removeFolders);

  it("gives back what was put there, to a later run as well, and nobody else's", async () => {
    const folder = path.join(scratchFolder(), "a", "b");
    const cache = await BlockCache.open(folder, IDENTITY);
    await cache.put(7, DATA);
    await cache.keepMap({ known: [[0, 9]], data: [[7, 8]] });
    const later = await BlockCache.open(folder, IDENTITY);
    assert.ok((await later.get(7))?.equals(DATA));
    assert.equal(await later.get(8), undefined);
    assert.deepEqual(later.map, { known: [[0, 9]], data: [[7, 8]] });
    const other = await BlockCache.open(folder, { ...IDENTITY, snapshotId: "snap-0123456789abcdef1" });
    assert.equal(await other.get(7), undefined);
    assert.equal(fs.statSync(path.join(folder, IDENTITY.snapshotId)).mode & 0o777, 0o700);
  });

  it("begins anew where another snapshot has the same id, and takes nothing away that is not its own", async () => {
    const folder = scratchFolder();
    await (await BlockCache.open(folder, IDENTITY)).put(7, DATA);
    const mine = path.join(folder, IDENTITY.snapshotId, "notes.txt");
    fs.writeFileSync(mine, "mine");
    const cache = await BlockCache.open(folder, { ...IDENTITY, startTime: "2015-01-01" });
    assert.equal(await cache.get(7), undefined);
    assert.ok(fs.existsSync(mine));
  });

  it("has nothing of a block that was damaged or cut off", async () => {
    const folder = scratchFolder();
    const cache = await BlockCache.open(folder, IDENTITY);
    await cache.put(7, DATA);
    const file = path.join(folder, IDENTITY.snapshotId, "0", "7");
    const handle = fs.openSync(file, "r+");
    fs.writeSync(handle, "x", 4096);
    fs.closeSync(handle);
    assert.equal(await cache.get(7), undefined);
    await cache.put(7, DATA);
    fs.truncateSync(file, 1000);
    assert.equal(await cache.get(7), undefined);
  });

  it("begins anew where its list was cut off", async () => {
    const folder = scratchFolder();
    await (await BlockCache.open(folder, IDENTITY)).put(7, DATA);
    fs.truncateSync(path.join(folder, IDENTITY.snapshotId, "layout.json"), 10);
    const cache = await BlockCache.open(folder, IDENTITY);
    assert.deepEqual([cache.map, await cache.get(7)], [undefined, undefined]);
  });

  it("says where it cannot be", async () => {
    const file = path.join(scratchFolder(), "file");
    fs.writeFileSync(file, "");
    await assert.rejects(BlockCache.open(file, IDENTITY), {
      message:
        /^--cache: .*\/file cannot be used \(ENOTDIR.*\)\. Name a folder of your own that can be written to\.$/,
    });
  });

  (isRoot ? it : it.skip)("says that its disk is full, and keeps what it has", async () => {
    const folder = scratchFolder();
    command("mount", "-t", "tmpfs", "-o", "size=700k", "none", folder);
    try {
      const cache = await BlockCache.open(folder, IDENTITY);
      await cache.put(7, DATA);
      await assert.rejects(cache.put(8, DATA), {
        message:
          /^--cache: \S+ has \d+ \w+ free, and that is not enough for the blocks that were read\. Make room there/,
      });
      assert.ok((await cache.get(7))?.equals(DATA));
      assert.equal(fs.readdirSync(path.join(folder, IDENTITY.snapshotId, "0")).length, 1);
    } finally {
      command("umount", folder);
    }
  });
});

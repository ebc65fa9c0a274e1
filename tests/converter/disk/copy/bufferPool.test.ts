import assert from "node:assert/strict";
import { BufferPool } from "../../../../converter/disk/copy/bufferPool";
import { sha256, sha256OfZeros } from "../../../../converter/disk/copy/digest";

describe("a pool of buffers", () => {
  it("lends each buffer to one at a time, and to whoever has waited longest", async () => {
    const pool = new BufferPool([Buffer.alloc(1), Buffer.alloc(1)]);
    const lent = new Set<Buffer>();
    const served: number[] = [];
    let most = 0;
    const borrow = (who: number) =>
      pool.withBuffer(async (buffer) => {
        assert.ok(!lent.has(buffer), "lent twice");
        lent.add(buffer);
        most = Math.max(most, lent.size);
        served.push(who);
        await new Promise((resolve) => setImmediate(resolve));
        lent.delete(buffer);
      });
    await Promise.all([0, 1, 2, 3, 4, 5].map(borrow));
    assert.deepEqual(served, [0, 1, 2, 3, 4, 5]);
    assert.equal(most, 2);
  });

  it("gets a buffer back from work that fails", async () => {
    const pool = new BufferPool([Buffer.alloc(1)]);
    await assert.rejects(
      pool.withBuffer(() => Promise.reject(new Error("the work failed"))),
      /the work failed/,
    );
    assert.equal(await pool.withBuffer(async (buffer) => buffer.length), 1);
  });
});

describe("the checksum of zeros", () => {
  for (const length of [1, 512, 1024 * 1024, 1024 * 1024]) {
    it(`is that of ${length} of them`, async () => {
      assert.deepEqual(sha256OfZeros(length), await sha256(Buffer.alloc(length)));
    });
  }
});

import assert from "node:assert/strict";
import type { DirectDisk } from "../../../../converter/disk/copy/directDisk";
import { readWithRetries } from "../../../../converter/disk/copy/retry";
import { MIB, SECTOR } from "../../../../converter/disk/sizes";
import { noise } from "../images";

const CONTENT = noise(MIB, "patience");
const FROM = 8 * MIB;

interface Watched {
  disk: DirectDisk;
  requests: number;
}

/** A disk that begins at `FROM`, on which these sectors (counted from there) cannot be read, the first `times` times. */
function diskWith(bad: number[], times = Infinity): Watched {
  const failed = new Map<number, number>();
  const watched = { requests: 0 } as Watched;
  watched.disk = {
    path: "/dev/phony",
    write: async () => assert.fail("it was written to"),
    sync: async () => undefined,
    read: async (buffer, offset) => {
      watched.requests++;
      const start = offset - FROM;
      const hit = bad.find((sector) => sector * SECTOR >= start && sector * SECTOR < start + buffer.length);
      const before = hit === undefined ? times : (failed.get(hit) ?? 0);
      if (hit !== undefined && before < times) {
        failed.set(hit, before + 1);
        throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO", syscall: "read" });
      }
      CONTENT.copy(buffer, 0, start, start + buffer.length);
    },
  };
  return watched;
}

const range = (first: number, sectors: number) => ({
  start: FROM + first * SECTOR,
  end: FROM + (first + sectors) * SECTOR,
});

describe("a piece of a disk that is read with retries", () => {
  const CASES: [what: string, bad: number[], times: number, found: object[] | undefined][] = [
    ["is whole at once where nothing fails", [], 0, undefined],
    ["is whole after a disk has recovered", [7], 3, undefined],
    ["is whole where its smaller pieces can be read", [7], 4, undefined],
    ["lacks the one sector that cannot be read", [7], Infinity, [range(7, 1)]],
    ["lacks its first and its last sector", [0, 2047], Infinity, [range(0, 1), range(2047, 1)]],
    ["lacks sectors side by side as one range", [1023, 1024, 1025], Infinity, [range(1023, 3)]],
  ];
  for (const [what, bad, times, found] of CASES) {
    it(what, async () => {
      const bytes = Buffer.alloc(MIB);
      const unreadable = await readWithRetries(diskWith(bad, times).disk, bytes, FROM, {
        pausesMs: [0, 0, 0],
        onRetry: () => undefined,
      });
      assert.deepEqual(unreadable?.ranges, found);
      for (let at = 0; at < MIB; at += SECTOR) {
        if (found && bad.includes(at / SECTOR)) continue;
        assert.ok(bytes.subarray(at, at + SECTOR).equals(CONTENT.subarray(at, at + SECTOR)), `byte ${at}`);
      }
    });
  }

  it("is given up where sector after sector fails, without asking for each", async () => {
    const watched = diskWith(Array.from({ length: 2048 }, (_, sector) => sector));
    const unreadable = await readWithRetries(watched.disk, Buffer.alloc(MIB), FROM, {
      pausesMs: [],
      onRetry: () => undefined,
    });
    assert.equal(unreadable?.givenUp, true);
    assert.deepEqual(unreadable?.ranges, [range(0, 64)]);
    assert.ok(watched.requests < 200, `${watched.requests} requests`);
  });

  it("tells each time that it will be tried again, with the error and the byte", async () => {
    const told: string[] = [];
    await readWithRetries(diskWith([7], 2).disk, Buffer.alloc(MIB), FROM, {
      pausesMs: [0, 0, 0],
      onRetry: (error, byte) => told.push(`${byte} ${error.message}`),
    });
    assert.deepEqual(told, Array(2).fill(`${FROM} EIO: i/o error, read`));
  });
});

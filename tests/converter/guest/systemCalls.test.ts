/** The filter of system calls: its numbers, against the kernel's own headers; what it does is tried by the guests that mean harm. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { JUDGED_CALLS, REFUSED_CALLS, systemCallFilter } from "../../../converter/guest/systemCalls";

/** Of linux-libc-dev, which compilers need. */
const HEADERS = [
  ["x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"],
  ["i386", "/usr/include/x86_64-linux-gnu/asm/unistd_32.h"],
] as const;

describe("the filter of system calls", () => {
  for (const [bits, header] of HEADERS) {
    it(`has the kernel's numbers of ${bits}`, function () {
      if (!fs.existsSync(header)) return this.skip();
      const text = fs.readFileSync(header, "utf8");
      const known = new Map(
        [...text.matchAll(/^#define __NR_(\w+) (\d+)$/gm)].map(([, name, number]) => [name, number]),
      );
      for (const [name, numbers] of Object.entries({ ...REFUSED_CALLS, ...JUDGED_CALLS }))
        assert.equal(
          String((numbers as { x86_64?: number; i386?: number })[bits]),
          String(known.get(name)),
          name,
        );
    });
  }

  it("is a program that the kernel can take: whole instructions, fewer than 4096, and every jump within it", () => {
    const bytes = systemCallFilter();
    const count = bytes.length / 8;
    assert.ok(Number.isInteger(count) && count < 4096, String(count));
    for (let at = 0; at < count; at++) {
      const [code, farther] = [bytes.readUInt16LE(at * 8), bytes.readUInt32LE(at * 8 + 4)];
      const jumps = code === 5 ? [farther] : [bytes[at * 8 + 2], bytes[at * 8 + 3]];
      for (const jump of jumps) assert.ok(at + 1 + jump < count + (code === 6 ? 1 : 0), `instruction ${at}`);
    }
    assert.equal(bytes.readUInt16LE((count - 1) * 8), 6);
  });
});

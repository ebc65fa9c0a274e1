/** A bitmap with the lowest bit of each byte first, as ext has them. */

/** Sets the bits from `start` (in it) to `end` (not in it). */
export function setBits(bits: Buffer, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    if (at % 8 === 0 && end - at >= 8) {
      bits[at >> 3] = 0xff;
      at += 7;
    } else bits[at >> 3] |= 1 << (at % 8);
  }
}

/** How many of the first `length` bits are clear. */
export function countClear(bits: Buffer, length: number): number {
  let clear = 0;
  for (const { start, end } of runsOfSet(bits, length)) clear -= end - start;
  return clear + length;
}

/** The runs of set bits among the first `length`, in order. */
export function* runsOfSet(
  bits: Buffer,
  length: number,
): Generator<{ start: number; end: number }, undefined> {
  for (let end = 0; ;) {
    const start = nextBit(bits, end, length, true);
    if (start === length) return;
    end = nextBit(bits, start, length, false);
    yield { start, end };
  }
}

/** The first bit from `at` on that is set, or that is clear; `length` where there is none. Skips whole bytes. */
function nextBit(bits: Buffer, at: number, length: number, set: boolean): number {
  const without = set ? 0x00 : 0xff;
  while (at < length) {
    const byte = bits[at >> 3];
    if (byte === without) at = (at | 7) + 1;
    else if (((byte >> (at % 8)) & 1) === (set ? 1 : 0)) return at;
    else at++;
  }
  return length;
}

/** Ranges of a disk, many of them: a fragmented disk of 16 TiB has more than fit as objects into memory. */

/** Bytes from `start` (in it) to `end` (not in it). */
export interface Range {
  start: number;
  end: number;
}

/** Gaps up to this size may be copied along: a request costs more than reading them. Bytes. */
const BRIDGED_GAP = 256 * 1024;
/** What is copied along, of the bytes in use. The bytes read may be 1.05 of those in use; this leaves room. */
const BRIDGED_SHARE = 0.03;
/** A list that has grown this long takes less exact ranges from then on. Bytes of the list itself. */
const EXACT_BYTES = 48 * 1024 * 1024;
const COARSE_GAP = 1024 * 1024;

/**
 * Ranges in the disk's order, added one by one, that do not overlap. Two with a small gap between them are made one, as
 * long as little is copied in vain. Each is kept as two numbers of variable length, in units: about four bytes a range.
 */
export class RangeList implements Iterable<Range> {
  /** Bytes in all ranges, those of bridged gaps not counted. */
  usedBytes = 0;
  /** Bytes in all ranges, bridged gaps included: what is read. */
  totalBytes = 0;
  private encoded = Buffer.alloc(4096);
  private length = 0;
  private lastEnd = 0;
  private open: Range | undefined;

  /** `unit`: what every start and end is a multiple of, in bytes. `exactBytes`: of the list itself, before it gets coarse. */
  constructor(
    private readonly unit: number,
    private readonly exactBytes = EXACT_BYTES,
  ) {}

  /** Adds a range that begins no earlier than the last one ended. Empty ones are left out. */
  add(start: number, end: number): void {
    if (end <= start) return;
    if (this.open && start < this.open.end) throw new RangeError(`range ${start}-${end} before its time`);
    const gap = this.open ? start - this.open.end : 0;
    if (this.open && this.isBridged(gap)) {
      this.totalBytes += gap;
      this.open.end = end;
    } else {
      this.close();
      this.open = { start, end };
    }
    this.usedBytes += end - start;
    this.totalBytes += end - start;
  }

  *[Symbol.iterator](): Generator<Range, undefined> {
    let at = 0;
    let end = 0;
    const next = () => {
      const { value, length } = readNumber(this.encoded, at);
      at += length;
      return value * this.unit;
    };
    while (at < this.length) {
      const start = end + next();
      end = start + next();
      yield { start, end };
    }
    if (this.open) yield { ...this.open };
  }

  private isBridged(gap: number): boolean {
    if (this.length > this.exactBytes && gap <= COARSE_GAP) return true;
    const bridged = this.totalBytes - this.usedBytes + gap;
    return gap === 0 || (gap <= BRIDGED_GAP && bridged <= BRIDGED_SHARE * this.usedBytes);
  }

  /** Moves the range that was open so far to those that no longer change. */
  private close(): void {
    if (!this.open) return;
    const { start, end } = this.open;
    if (this.length + 2 * LONGEST_NUMBER > this.encoded.length) {
      this.encoded = Buffer.concat([this.encoded, Buffer.alloc(this.encoded.length)]);
    }
    this.length = writeNumber(this.encoded, this.length, (start - this.lastEnd) / this.unit);
    this.length = writeNumber(this.encoded, this.length, (end - start) / this.unit);
    this.lastEnd = end;
  }
}

/** Seven bits a byte hold 53 bits in eight. */
const LONGEST_NUMBER = 8;

/** Seven bits a byte, the lowest first; all but the last byte have the highest bit. Returns where the next one goes. */
function writeNumber(into: Buffer, at: number, value: number): number {
  for (; value >= 128; value = Math.floor(value / 128)) into[at++] = (value % 128) + 128;
  into[at++] = value;
  return at;
}

function readNumber(from: Buffer, at: number): { value: number; length: number } {
  let value = 0;
  let length = 0;
  let weight = 1;
  for (;;) {
    const byte = from[at + length++];
    value += (byte % 128) * weight;
    if (byte < 128) return { value, length };
    weight *= 128;
  }
}

/** Bytes in all the ranges together. */
export function totalBytes(ranges: Iterable<Range>): number {
  let sum = 0;
  for (const { start, end } of ranges) sum += end - start;
  return sum;
}

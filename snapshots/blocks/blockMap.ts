/** Which blocks of a snapshot hold data, as far as it was asked: every page that EBS lists makes a stretch of it known. */
import type { Page } from "./source";

/** From `start` to before `end`. */
export type Span = [start: number, end: number];

/** What of it can be kept: tokens expire. */
export interface KeptMap {
  known: Span[];
  data: Span[];
}

export class BlockMap {
  private readonly known: Span[];
  private readonly data: Span[];
  private readonly tokens = new Map<number, string>();

  /** @param count how many blocks the snapshot's volume has */
  constructor(
    private readonly count: number,
    { known, data }: KeptMap = { known: [], data: [] },
  ) {
    this.known = known;
    this.data = data;
  }

  /** Undefined where it was not asked yet. */
  hasData(index: number): boolean | undefined {
    return isIn(this.known, index) ? isIn(this.data, index) : undefined;
  }

  token(index: number): string | undefined {
    return this.tokens.get(index);
  }

  /** Expired, or of another listing. */
  forgetTokens(): void {
    this.tokens.clear();
  }

  /** Enters an answer for what begins at `from`. */
  enter(from: number, { blocks, more }: Page): void {
    const end = more ? (blocks.at(-1)?.index ?? from - 1) + 1 : this.count;
    add(this.known, [from, end]);
    for (const { index, token } of blocks) {
      add(this.data, [index, index + 1]);
      this.tokens.set(index, token);
    }
  }

  kept(): KeptMap {
    return { known: this.known, data: this.data };
  }
}

/** Where in a list of spans, which are in order and apart, one would stand that begins at `start`. */
function placeOf(spans: Span[], start: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle][1] < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isIn(spans: Span[], index: number): boolean {
  const span = spans[placeOf(spans, index + 1)];
  return span !== undefined && span[0] <= index && index < span[1];
}

/** Adds a span, together with all that it touches. */
function add(spans: Span[], [start, end]: Span): void {
  if (start >= end) return;
  const first = placeOf(spans, start);
  let behind = first;
  while (behind < spans.length && spans[behind][0] <= end) behind++;
  const touched = spans.slice(first, behind);
  const whole: Span = [Math.min(start, touched[0]?.[0] ?? start), Math.max(end, touched.at(-1)?.[1] ?? end)];
  spans.splice(first, behind - first, whole);
}

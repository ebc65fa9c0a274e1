/** What goes where: pieces of the source with their places on the destination. */
import type { Range } from "./ranges";
import { MIB } from "../sizes";

/** `length` bytes from byte `from` of the source to byte `to` of the destination. */
export interface Piece {
  from: number;
  to: number;
  length: number;
}

/** What one request moves at most. Bytes. */
export const CHUNK_BYTES = MIB;

/**
 * Ranges, counted from byte `from` of the source, with their places from byte `to` of the destination on. Can be
 * iterated as often as the ranges can.
 */
export function piecesOf(ranges: Iterable<Range>, from: number, to: number): Iterable<Piece> {
  return {
    *[Symbol.iterator]() {
      for (const { start, end } of ranges) yield { from: from + start, to: to + start, length: end - start };
    },
  };
}

/** Pieces cut where the source has a multiple of 1 MiB, one at a time: a disk of terabytes has too many for a list. */
export function* chunksOf(pieces: Iterable<Piece>): Generator<Piece, undefined> {
  for (const { from, to, length } of pieces) {
    for (let done = 0; done < length;) {
      const chunk = Math.min(length - done, CHUNK_BYTES - ((from + done) % CHUNK_BYTES));
      yield { from: from + done, to: to + done, length: chunk };
      done += chunk;
    }
  }
}

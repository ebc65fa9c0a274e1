/**
 * The records that cross the converter's rooms, and the way they go:
 *
 *   source disk ──inspect──▶ Facts ──plan──▶ Plan ──apply──▶ Report
 *                 (reads)            (pure)          (writes the destination, never the source)
 *
 * Everything here is plain JSON. Texts of files travel as arrays of lines, so that no printed line grows past
 * 16 KiB (a single line over 64 KiB hangs `pulumi up`).
 */
export * from "./types/options";
export * from "./types/facts";
export * from "./types/plan";
export * from "./types/report";

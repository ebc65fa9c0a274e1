/** How the matrix is shared out: what `npm test` has of it, and what is rare. Together they are all of it. */
import type { BootedRow } from "./itBoots";
import { CAUGHT_ON } from "./matrix";
import { type Bus, ROWS, type Row } from "./rows";

/** Every disk that a row is booted from. */
export function busesOf({ expected }: Row): Bus[] {
  if ("boots" in expected) return expected.boots;
  return "caught" in expected && expected.caught === "rehearsal" ? [CAUGHT_ON] : [];
}

/** The rows with a `part`: one boot each. */
export const COMMON_ROWS: BootedRow[] = ROWS.flatMap((row) =>
  row.part === undefined ? [] : [{ row, buses: [row.part] }],
);

/** Every other row, and of those the boots that are left. */
export const RARE_ROWS: BootedRow[] = ROWS.map((row) => ({
  row,
  buses: busesOf(row).filter((bus) => bus !== row.part),
})).filter(({ row, buses }) => row.part === undefined || buses.length > 0);

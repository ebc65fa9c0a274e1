/** All faults that `faults.test.ts` leaves out: together they are the whole table. */
import { itPlays } from "./itPlays";
import { ROWS } from "./rows";

itPlays(
  "a rare fault, and the update after it",
  ROWS.filter(({ inQuickPart }) => !inQuickPart),
);

/** The faults that are met on ordinary days. Those of bad ones: `faults.rare.test.ts`. */
import { itPlays } from "./itPlays";
import { ROWS } from "./rows";

itPlays(
  "a fault, and the update after it",
  ROWS.filter(({ inQuickPart }) => inQuickPart),
);

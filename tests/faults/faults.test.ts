/** The faults that are met on ordinary days. Those of bad ones: `faults.rare.test.ts`. */
import { itRuns } from "./itRuns";
import { SCENARIOS } from "./scenarios";

itRuns(
  "a fault, and the update after it",
  SCENARIOS.filter(({ inQuickPart }) => inQuickPart),
);

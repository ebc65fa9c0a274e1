/** All faults that `faults.test.ts` leaves out: together they are the whole table. */
import { itRuns } from "./itRuns";
import { SCENARIOS } from "./scenarios";

itRuns(
  "a rare fault, and the update after it",
  SCENARIOS.filter(({ inQuickPart }) => !inQuickPart),
);

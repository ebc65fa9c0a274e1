import assert from "node:assert/strict";
import { busesOf, COMMON_PLAYS, RARE_PLAYS } from "./plays";
import { ROWS } from "./rows";

describe("the matrix in npm test and in test:all", () => {
  for (const row of ROWS) {
    it(`plays ${row.name} on each of its disks once`, () => {
      const plays = [...COMMON_PLAYS, ...RARE_PLAYS].filter((play) => play.row === row);
      assert.ok(plays.length > 0);
      assert.deepEqual(plays.flatMap(({ buses }) => buses).sort(), [...busesOf(row)].sort());
    });
  }
});

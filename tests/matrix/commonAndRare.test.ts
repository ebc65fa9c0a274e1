import assert from "node:assert/strict";
import { busesOf, COMMON_ROWS, RARE_ROWS } from "./commonAndRare";
import { ROWS } from "./rows";

describe("the matrix in npm test and in test:all", () => {
  for (const row of ROWS) {
    it(`boots ${row.name} on each of its disks once`, () => {
      const boots = [...COMMON_ROWS, ...RARE_ROWS].filter((one) => one.row === row);
      assert.ok(boots.length > 0);
      assert.deepEqual(boots.flatMap(({ buses }) => buses).sort(), [...busesOf(row)].sort());
    });
  }
});

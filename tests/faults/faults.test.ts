/** The faults that `npm test` has time for. All of them: `npm run test:faults`. */
import { strict as assert } from "node:assert";
import { TOOLBOX_VARIABLE } from "../../local/machines/toolbox";
import { play, type Theatre } from "./play";
import { ROWS } from "./rows";
import { openTheatre } from "./theatre";

describe("a fault, and the update after it", function () {
  this.timeout(0);
  let theatre: Theatre;

  before(function () {
    if (!process.env[TOOLBOX_VARIABLE]) this.skip();
    theatre = openTheatre();
  });

  for (const row of ROWS) {
    if (!row.inQuickPart) continue;
    it(row.name, async () => {
      const { failure, notes, seconds } = await play(row, theatre);
      console.log(`      ${seconds} s; the user saw: ${notes.saw}`);
      assert.equal(failure, undefined, failure);
    });
  }
});

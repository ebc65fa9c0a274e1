import { strict as assert } from "node:assert";
import { TOOLBOX_VARIABLE } from "../../local/machines/toolbox";
import { play, type Theatre } from "./play";
import type { Row } from "./row";
import { openTheatre } from "./theatre";

/** A test for each of these rows. */
export function itPlays(title: string, rows: Row[]): void {
  describe(title, function () {
    this.timeout(0);
    let theatre: Theatre;

    before(function () {
      if (!process.env[TOOLBOX_VARIABLE]) this.skip();
      theatre = openTheatre();
    });

    for (const row of rows) {
      it(row.name, async () => {
        const { failure, notes, seconds } = await play(row, theatre);
        console.log(`      ${seconds} s; the user saw: ${notes.saw}`);
        assert.equal(failure, undefined, failure);
      });
    }
  });
}

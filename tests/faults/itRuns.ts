import { strict as assert } from "node:assert";
import { TOOLBOX_VARIABLE } from "../../local/machines/toolbox";
import { prepareRun } from "./runContext";
import { runScenario, type RunContext } from "./runScenario";
import type { Scenario } from "./scenario";

/** A test for each of these scenarios. */
export function itRuns(title: string, scenarios: Scenario[]): void {
  describe(title, function () {
    this.timeout(0);
    let context: RunContext;

    before(function () {
      if (!process.env[TOOLBOX_VARIABLE]) this.skip();
      context = prepareRun();
    });

    for (const scenario of scenarios) {
      it(scenario.name, async () => {
        const { failure, notes, seconds } = await runScenario(scenario, context);
        console.log(`      ${seconds} s; the user saw: ${notes.saw}`);
        assert.equal(failure, undefined, failure);
      });
    }
  });
}

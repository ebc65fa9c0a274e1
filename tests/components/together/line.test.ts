/** In which order the migrations of a preview begin, and how many of them are under way at once. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration, type PvToHvmMigrationArgs } from "../../../components";
import { SIDE_BY_SIDE } from "../../../components/together/line";
import { ARGS, mocks, recordRegistrations } from "../mockEngine";
import { withLocalStorage } from "./programs";

const RIGHT: PvToHvmMigrationArgs = { ...ARGS, rehearsal: { skip: true } };
const COUNT = 3 * SIDE_BY_SIDE;

/** Previews a program. Gives the names of what was registered, in that order. */
async function preview(program: () => Promise<unknown>): Promise<string[]> {
  return withLocalStorage(async () => {
    const newResource = ({ inputs }: pulumi.runtime.MockResourceArgs) => ({ id: undefined, state: inputs });
    await pulumi.runtime.setMocks({ ...mocks({}), newResource }, "pv-to-hvm", "stack", true);
    const registered = recordRegistrations();
    await pulumi.runtime.runInPulumiStack(program);
    await pulumi.runtime.disconnect();
    return registered.map(({ name }) => name);
  });
}

describe("in a preview", function () {
  this.timeout(120_000);

  it("few migrations are under way at once, and all of them come", async () => {
    const registered = await preview(async () => {
      for (let number = 0; number < COUNT; number++) new PvToHvmMigration(`web${number}`, RIGHT);
    });
    const spans = Array.from({ length: COUNT }, (_, number) => {
      const own = registered.flatMap((name, at) => (name.startsWith(`web${number}-`) ? [at] : []));
      return { from: registered.indexOf(`web${number}`), to: Math.max(...own) };
    });
    assert.equal(registered.filter((name) => name.endsWith("-image")).length, COUNT);
    const most = Math.max(
      ...spans.map(({ from }) => spans.filter((each) => each.from <= from && from <= each.to).length),
    );
    // The next one is let pass when the engine knows of it, which is before its own children.
    assert.ok(most > 1 && most <= SIDE_BY_SIDE + 1, `${most} were under way at once`);
  });

  it("nobody waits without end for those that wait for one behind them", async () => {
    const registered = await preview(async () => {
      let found: (id: pulumi.Output<string | undefined>) => void = () => undefined;
      const last = pulumi.output(
        new Promise<pulumi.Output<string | undefined>>((resolve) => (found = resolve)),
      );
      const waiting = { ...RIGHT, helper: { ...ARGS.helper, waitFor: [last] } };
      for (let number = 0; number < SIDE_BY_SIDE; number++) new PvToHvmMigration(`web${number}`, waiting);
      found(new PvToHvmMigration("last", RIGHT).helperId);
    });
    assert.equal(registered.filter((name) => name.endsWith("-image")).length, SIDE_BY_SIDE + 1);
  });
});

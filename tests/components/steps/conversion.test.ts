/** The steps of a conversion, as what they printed tells of them. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isResolvable } from "../../../components/known";
import { stepReports, type Steps } from "../../../components/steps/conversion";
import type { StepName } from "../../../converter/types";
import { report } from "../report/reports";

describe("the steps' records", () => {
  const printing = (step: StepName, stdout: string | undefined) => ({
    step,
    command: { stdout: pulumi.output(stdout) } as unknown as Steps[number]["command"],
  });
  const inspect = printing("inspect", JSON.stringify(report("inspect")));

  it("are known once each step has printed its own", async () => {
    assert.equal(await isResolvable(stepReports([inspect])), true);
  });

  it("are unknown, and no error, where --target left a step out that has never run", async () => {
    assert.equal(await isResolvable(stepReports([inspect, printing("copy", undefined)])), false);
  });
});

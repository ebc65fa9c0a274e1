/** The engine's state, put back to what it was before: from a backup, or by a hand that meant well. */
import { strict as assert } from "node:assert";
import type { Scenario } from "./scenario";
import { sample } from "./sample";
import { lineOf, named, type Environment } from "./environment";
import { sweepOrphans } from "./sweeping";

export const STATE_SCENARIOS: Scenario[] = [
  { name: "the state restored from before a failure", inQuickPart: false, run: beforeFailure },
  { name: "the state restored from before a success", inQuickPart: false, run: beforeSuccess },
];

/**
 * The helper and both disks are known, what was done on them is not: each step finds its own record there and repeats
 * nothing. The snapshot that nobody knows of is found by its tags.
 */
async function beforeFailure(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  const stack = await environment.stack();
  const before = await stack.exportStack();
  await environment.cloud.faults.add({ action: "RegisterImage", code: "ResourceLimitExceeded" });
  const failed = await environment.up(sample());
  environment.saw(failed, /ResourceLimitExceeded/);
  await stack.importStack(before);
  const went = await environment.goOn(sample({ workbench: "running" }));
  assert.deepEqual(
    reported(environment).filter(({ outcome }) => outcome !== "NOCHANGE"),
    [],
  );
  assert.ok(named(went, "create").includes("sample-snapshot"));
  assert.deepEqual(await sweepOrphans(environment), ["snapshot"]);
}

/** The steps that write, as the helper told of them. */
function reported(environment: Environment): { step: string; outcome: string }[] {
  const { report } = environment.state.outputs().sample as {
    report: { steps: { step: string; outcome: string }[] };
  };
  return report.steps.filter(({ step }) => step !== "inspect");
}

/**
 * Nothing is known of what was published. The disk is the same, so the image would get the same name, which EC2 refuses:
 * the first one has it. It is found by its tags, like its snapshot.
 */
async function beforeSuccess(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  const stack = await environment.stack();
  const before = await stack.exportStack();
  await environment.prepared(sample());
  const { imageId } = environment.state.outputs().sample;
  await stack.importStack(before);
  const resting = await environment.up(sample());
  lineOf(resting, /the helper i-\w+ is stopped\. Set workbench to running/);
  const running = sample({ workbench: "running" });
  const failed = await environment.up(running);
  assert.match(environment.saw(failed, /InvalidAMIName\.Duplicate/), new RegExp(String(imageId)));
  assert.deepEqual(await sweepOrphans(environment), ["image", "snapshot"]);
  const went = await environment.goOn(running);
  assert.deepEqual(named(went, "create"), ["sample-image"]);
}

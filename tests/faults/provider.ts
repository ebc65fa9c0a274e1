/** EC2's bad days: calls that are refused although nothing is wrong with them. */
import { strict as assert } from "node:assert";
import type { Scenario } from "./scenario";
import { sample } from "./sample";
import type { Environment } from "./environment";

export const PROVIDER_SCENARIOS: Scenario[] = [
  { name: "EC2 throttles every kind of call", inQuickPart: false, run: throttled },
  {
    name: "no capacity for the helper",
    inQuickPart: false,
    run: (environment) =>
      refused(environment, [["RunInstances", "InsufficientInstanceCapacity", "create sample-helper"]]),
  },
  {
    name: "a quota is reached, at each thing that is made",
    inQuickPart: false,
    run: (environment) => refused(environment, QUOTAS),
  },
];

type Refusal = [action: string, code: string, operation: string];

const QUOTAS: Refusal[] = [
  ["CreateVolume", "VolumeLimitExceeded", "create sample-destination"],
  ["RunInstances", "VcpuLimitExceeded", "create sample-helper"],
  ["CreateSnapshot", "SnapshotLimitExceeded", "create sample-snapshot"],
  ["RegisterImage", "ResourceLimitExceeded", "create sample-image"],
];

/** The provider asks again by itself: nobody has to do anything. */
async function throttled(environment: Environment): Promise<void> {
  const actions = [
    "RunInstances",
    "CreateVolume",
    "AttachVolume",
    "CreateSnapshot",
    "RegisterImage",
    "DescribeImages",
  ];
  for (const action of actions) {
    await environment.cloud.faults.add({ action, code: "RequestLimitExceeded", times: 3 });
  }
  await environment.goOn(sample());
  assert.deepEqual(await environment.cloud.faults.list(), [], "every call was refused three times");
  environment.notes.saw = "nothing: the provider asks again";
}

/** One migration meets them all, one after the other. What was made before is not made again, and nothing is left out. */
async function refused(environment: Environment, refusals: Refusal[]): Promise<void> {
  const made = new Set<string>();
  for (const [action, code, operation] of refusals) {
    // Both volumes are made at once: the one that is asked for first must not be the only one to be refused.
    await environment.cloud.faults.add({ action, code, times: action === "CreateVolume" ? 2 : 1 });
    const failed = await environment.up(sample());
    environment.saw(failed, new RegExp(code));
    assert.ok(failed.operations.includes(operation), operation);
    assertNothingTwice(failed.operations, made);
    for (const { urn } of environment.state.resources()) made.add(urn.split("::").pop() ?? "");
  }
  assertNothingTwice((await environment.goOn(sample())).operations, made);
}

function assertNothingTwice(operations: string[], made: Set<string>): void {
  const again = operations.filter((operation) => {
    const [kind, name] = operation.split(" ");
    return kind !== "update" && name.startsWith("sample-") && made.has(name);
  });
  assert.deepEqual(again, [], "what had been made was made again");
}

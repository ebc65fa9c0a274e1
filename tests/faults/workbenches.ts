/** One migration's workbench, taken through its words in an order that nobody planned for. */
import { strict as assert } from "node:assert";
import type { PvToHvmMigrationArgs } from "../../components";
import type { Scenario } from "./scenario";
import { sample } from "./sample";
import { type Environment, wentWell } from "./environment";

export const WORKBENCH_SCENARIOS: Scenario[] = [
  { name: "the workbench in any order", inQuickPart: false, run: (environment) => walk(environment, WALK) },
  {
    name: "an image made after an inspection, whose helper was stopped",
    inQuickPart: false,
    run: (environment) => walk(environment, AFTER_INSPECTION),
  },
];

interface Station {
  changes: Partial<PvToHvmMigrationArgs>;
  /** What EC2 says of the helper afterwards; undefined where there is none. */
  helper?: "running" | "stopped";
  /** Whether there is an image: none yet, a new one, or the same as at the station before. */
  image: "none" | "new" | "same";
}

const WALK: Station[] = [
  { changes: { until: "inspect", workbench: "running" }, helper: "running", image: "none" },
  { changes: { until: "inspect", workbench: "stopped" }, helper: "stopped", image: "none" },
  { changes: { until: "rehearse" }, helper: "stopped", image: "none" },
  { changes: { until: "rehearse", workbench: "running" }, helper: "running", image: "none" },
  { changes: { workbench: "running" }, helper: "running", image: "new" },
  { changes: {}, helper: "stopped", image: "same" },
  { changes: { workbench: "running" }, helper: "running", image: "same" },
  { changes: { workbench: "removed" }, image: "same" },
  { changes: { workbench: "running" }, helper: "running", image: "new" },
  { changes: { workbench: "stopped" }, helper: "stopped", image: "same" },
  { changes: { workbench: "running", revision: 2 }, helper: "running", image: "new" },
  { changes: { workbench: "stopped", revision: 2 }, helper: "stopped", image: "same" },
  { changes: { workbench: "removed", revision: 2 }, image: "same" },
];

/** As a fleet goes: all are inspected, and wait with their helpers stopped; then one image after the other is made. */
const AFTER_INSPECTION: Station[] = [
  { changes: { until: "inspect" }, helper: "stopped", image: "none" },
  { changes: {}, helper: "stopped", image: "new" },
  { changes: { workbench: "running" }, helper: "running", image: "same" },
  { changes: {}, helper: "stopped", image: "same" },
  { changes: { workbench: "removed" }, image: "same" },
];

async function walk(environment: Environment, stations: Station[]): Promise<void> {
  let imageId: unknown;
  for (const [number, { changes, helper, image }] of stations.entries()) {
    const where = `station ${number + 1}: ${JSON.stringify(changes)}`;
    const run = await environment.goOn(sample(changes));
    environment.saw(run, /\d+ (created|changed|deleted|replaced|updated)/);
    const present = environment.state.outputs().sample.imageId;
    if (image === "none") assert.equal(present, undefined, where);
    if (image === "same") assert.equal(present, imageId, where);
    if (image === "new") assert.notEqual(present, imageId, where);
    if (image !== "none") await environment.cloud.images.describe(String(present));
    assert.equal(await helperState(environment), helper, where);
    const again = await environment.up(sample(changes));
    wentWell(again);
    assert.deepEqual(again.operations, [], `${where}, again`);
    imageId = present;
  }
}

async function helperState(environment: Environment): Promise<string | undefined> {
  const helpers = (await environment.cloud.instances.list()).filter(
    ({ tags, state }) => tags.Name === "sample-helper" && state !== "terminated",
  );
  assert.ok(helpers.length <= 1, "there is one helper at most");
  return helpers[0]?.state;
}

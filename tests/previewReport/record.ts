/**
 * Records the previews of tests/previewReport/fixtures anew, from the real engine on the local cloud:
 *
 *   node -r ts-node/register/transpile-only tests/previewReport/record.ts
 *
 * Takes some minutes. Afterwards `UPDATE_GOLDEN=1 npx mocha tests/previewReport/golden.test.ts` writes the reports, to be read
 * before they are kept.
 */
import {
  HELPER_IMAGE_ID,
  SAMPLE_IMAGE_ID,
  SAMPLE_SNAPSHOT_ID,
  SEEDED_KEY_NAME,
  seededKeyFile,
} from "../../local/cloud/seed";
import { writeRecording } from "./fixtures";
import { Normaliser } from "./normalise";
import { type Entries, RecordedStack, ROOT } from "./recordedStack";

type Entry = Entries[string];

const HELPER = { subnetId: "subnet-00000000000000001", allowedCidrs: ["198.18.0.0/15"] };
/** What the images have in common: rehearsals take a minute each, and are not what is tested here. */
const WEB: Entry = { source: { imageId: SAMPLE_IMAGE_ID }, helper: HELPER, rehearsal: { skip: true } };
const DATABASE: Entry = {
  ...{ source: { snapshotId: SAMPLE_SNAPSHOT_ID, architecture: "x86_64" }, helper: HELPER },
  rehearsal: { skip: true },
};
const LAUNCH = { instanceType: "t3.micro", subnetId: "subnet-00000000000000001" };
const OTHER_IMAGE_ID = "ami-00000000000000007";

/** With it the previews name unchanged resources as well, as the workflow asks for. */
const SAMES = ["--show-sames"];

class Recorder {
  private readonly normaliser = new Normaliser(ROOT);

  constructor(private readonly stack: RecordedStack) {}

  async preview(name: string, entries: Entries, flags = SAMES): Promise<void> {
    const json = await this.stack.preview(entries, flags);
    if (!json.startsWith("{")) throw new Error(`${name}: the engine printed no JSON: ${json.slice(0, 300)}`);
    writeRecording(name, this.normaliser.normalise(json));
    console.log(`recorded ${name}`);
  }

  async up(entries: Entries): Promise<void> {
    const error = await this.stack.up(entries);
    if (error) throw new Error(error);
  }

  /** An update that stops at a call which EC2 refuses. */
  async upWithout(action: string, entries: Entries): Promise<void> {
    const { faults } = this.stack.local.cloud;
    await faults.add({ action, code: "UnauthorizedOperation" });
    const error = await this.stack.up(entries);
    await faults.clear();
    if (!error) throw new Error(`${action} was to fail, and nobody asked for it.`);
  }
}

async function recordNew(recorder: Recorder): Promise<void> {
  const database = { ...DATABASE, until: "inspect" };
  const launched = { ...WEB, destination: { sizeGb: 4 }, rehearsal: {}, launch: LAUNCH };
  await recorder.preview("new", { web: launched, database });
  await recorder.preview("refused", {
    web: { ...WEB, source: { imageId: HELPER_IMAGE_ID } },
    database: { ...database, destination: { sizeGb: 1 } },
  });
}

/** Sources that are no image yet. */
async function recordSources(recorder: Recorder, stack: RecordedStack): Promise<void> {
  const { cloud } = stack.local;
  const { volumeId } = await cloud.volumes.create({
    availabilityZone: "us-east-1a",
    snapshotId: SAMPLE_SNAPSHOT_ID,
  });
  await cloud.background.settled();
  await recorder.preview("new-from-volume", {
    web: { ...WEB, source: { volumeId, architecture: "x86_64" }, rehearsal: {} },
  });
  const { instanceId } = await cloud.instances.run({
    imageId: SAMPLE_IMAGE_ID,
    instanceType: "m3.medium",
    keyName: SEEDED_KEY_NAME,
  });
  await cloud.background.settled();
  const connection = { user: "admin", privateKeyFile: seededKeyFile(cloud) };
  const source = { instanceId, stopFirst: true, connection, prepare: true };
  await recorder.preview("new-from-instance", { web: { ...WEB, source, rehearsal: {} } });
  await recorder.preview("visit-of-instance", { web: { ...WEB, source, until: "inspect" } });
  await cloud.instances.terminate(instanceId);
  await cloud.background.settled();
}

async function recordGoingOn(recorder: Recorder, stack: RecordedStack): Promise<void> {
  await recorder.up({ web: { ...WEB, until: "inspect" } });
  await recorder.preview("until-raised", { web: WEB });
  await recorder.preview("inspected-anew", { web: { ...WEB, until: "inspect", revision: 2 } });
  // As a run leaves it that failed at the copy: a command that fails records nothing.
  const started = ["web-stop-after-inspect", "web-helper-start"];
  await stack.upOnly(["web", ...started, "web-partition"], { web: WEB });
  await recorder.preview("goes-on-at-copy", { web: WEB });
  await recorder.preview("steps-taken-back", { web: { ...WEB, until: "inspect" } });
  await recorder.upWithout("RegisterImage", { web: WEB });
  await recorder.preview("goes-on-at-image", { web: WEB });
  await recorder.up({ web: WEB });
}

async function recordFinished(recorder: Recorder): Promise<void> {
  const changes: [name: string, change: Entry][] = [
    ["nothing", {}],
    ["bigger-disk", { destination: { sizeGb: 4 } }],
    ["revision", { revision: 2 }],
    ["tags", { tags: { owner: "operations" } }],
    ["description", { image: { description: "The old web server, as HVM" } }],
    ["helper-type", { helper: { ...HELPER, instanceType: "m5.large" } }],
    ["other-source", { source: { imageId: OTHER_IMAGE_ID } }],
    ["renamed-image", { image: { name: "www" } }],
    ["workbench-removed", { workbench: "removed" }],
    ["workbench-running", { workbench: "running" }],
    ["launch-added", { launch: LAUNCH }],
    ["until-lowered", { until: "rehearse" }],
    ["disabled", { enabled: false }],
  ];
  for (const [name, change] of changes) await recorder.preview(name, { web: { ...WEB, ...change } });
  for (const name of ["nothing", "bigger-disk", "tags"]) {
    const [, change] = changes.find(([other]) => other === name) ?? [];
    await recorder.preview(`${name}-without-sames`, { web: { ...WEB, ...change } }, []);
  }
}

async function recordLaunched(recorder: Recorder): Promise<void> {
  const launched = { ...WEB, launch: LAUNCH };
  const replacing = { ...WEB, launch: { ...LAUNCH, onNewImage: "replace" } };
  await recorder.up({ web: launched, database: DATABASE });
  const anew = { destination: { sizeGb: 4 } };
  await recorder.preview("one-of-two", { web: { ...launched, ...anew }, database: DATABASE });
  await recorder.preview(
    "one-of-two-without-sames",
    { web: { ...launched, ...anew }, database: DATABASE },
    [],
  );
  await recorder.preview("launched-replaced", { web: { ...replacing, ...anew }, database: DATABASE });
  const larger = { ...WEB, launch: { ...LAUNCH, instanceType: "t3.small" } };
  await recorder.preview("launched-resized", { web: larger, database: DATABASE });
  await recorder.preview("launch-removed", { web: WEB, database: DATABASE });
  await recorder.preview("all-removed", {});
  await recorder.upWithout("RegisterImage", { web: { ...launched, ...anew }, database: DATABASE });
  await recorder.preview("replacement-goes-on", { web: { ...launched, ...anew }, database: DATABASE });
  await recorder.preview("replacement-taken-back", { web: launched, database: DATABASE });
}

async function recordRemoved(recorder: Recorder): Promise<void> {
  const removed = { ...DATABASE, workbench: "removed" };
  await recorder.up({ database: removed });
  await recorder.preview("workbench-back", { database: DATABASE });
  await recorder.preview("removed-and-changed", { database: { ...removed, revision: 2 } });
}

async function main(): Promise<void> {
  const stack = await RecordedStack.open("record-previews");
  const recorder = new Recorder(stack);
  try {
    const { images } = stack.local.cloud;
    await images.adopt({
      ...(await images.describe(SAMPLE_IMAGE_ID)),
      imageId: OTHER_IMAGE_ID,
      name: "pv-other",
    });
    await recordNew(recorder);
    await recordSources(recorder, stack);
    await recordGoingOn(recorder, stack);
    await recordFinished(recorder);
    await recordLaunched(recorder);
    await recordRemoved(recorder);
  } finally {
    await stack.destroy();
    await stack.remove();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

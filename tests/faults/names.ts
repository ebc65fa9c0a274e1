/** Names that change, stacks that change, and images that were made by others. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { SAMPLE_IMAGE_ID, HELPER_IMAGE_ID } from "../../local/cloud/seed";
import type { Scenario } from "./scenario";
import { sample, sampleArgs } from "./sample";
import { lineOf, named, type Environment } from "./environment";
import type { StateResource } from "./stackState";
import type { Ended } from "./update";

export const NAME_SCENARIOS: Scenario[] = [
  { name: "a migration renamed", from: "published", inQuickPart: false, run: renamed },
  { name: "a migration moved to another stack", from: "published", inQuickPart: false, run: moved },
  { name: "the workbench removed before anything was converted", inQuickPart: true, run: removedTooEarly },
  { name: "an image of somebody else's imported", inQuickPart: false, run: imported },
];

/** Without an alias it would be another migration, and the first one's image be deleted. */
async function renamed(environment: Environment): Promise<void> {
  const imageId = imageOf(environment, "sample");
  const refused = await environment.up({ web: sampleArgs() });
  environment.saw(refused, /published in this stack by a migration named sample/);
  lineOf(refused, /aliases: \[\{ name: "sample" \}\]/);
  assert.deepEqual(destructive(refused), []);
  await environment.cloud.images.describe(imageId);
  // With a component of the new name in the state no alias would be looked up.
  assert.deepEqual(
    environment.state.resources().filter(({ urn }) => urn.endsWith("::web")),
    [],
  );
  const args = { web: sampleArgs({ image: { name: "sample" } }) };
  const went = await environment.goOn(args, { formerNames: { web: "sample" } });
  assert.deepEqual([...named(went, "create"), ...destructive(went)], []);
  assert.equal(imageOf(environment, "web"), imageId);
}

const OTHER = "other";

/** The other stack does not know it: it would convert anew, or, with nothing to convert with, says what to do. */
async function moved(environment: Environment): Promise<void> {
  const imageId = imageOf(environment, "sample");
  await environment.stack(OTHER);
  const refused = await environment.preview(sample({ workbench: "removed" }), { stackName: OTHER });
  environment.saw(refused, /carries the tag of another stack, pv-to-hvm\/faults/);
  lineOf(refused, /pulumi state move/);

  const ours = environment.state.resources().filter(({ urn }) => urn.includes("::sample"));
  pulumi(
    environment,
    "state",
    "move",
    "--yes",
    "--source",
    "faults",
    "--dest",
    OTHER,
    ...ours.map(({ urn }) => urn),
  );
  const went = await environment.goOn(sample(), { stackName: OTHER });
  assert.deepEqual([...named(went, "create").filter(isSample), ...destructive(went)], []);
  const { tags } = await environment.cloud.images.describe(imageId);
  assert.equal(tags["pv-to-hvm:stack"], `pv-to-hvm/${OTHER}`);
  const destroyed = await environment.destroy({}, { stackName: OTHER });
  assert.equal(destroyed.error, undefined);
}

function isSample(name: string): boolean {
  return name.startsWith("sample");
}

/** Nothing was made, so nothing can be kept. */
async function removedTooEarly(environment: Environment): Promise<void> {
  const refused = await environment.up(sample({ workbench: "removed" }));
  environment.saw(refused, /has published no image of this conversion/);
  environment.told(refused, /Set workbench to stopped until an update has succeeded/);
  assert.deepEqual(await environment.cloud.volumes.list(), []);
}

/** Nothing says that it boots: it is not published in place of the migration's own. */
async function imported(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  const foreign = await registerForeign(environment);
  await importImage(environment, foreign);
  const refused = await environment.up(sample());
  environment.saw(refused, /was not made by this migration/);
  const urn = environment.state.named("sample-image")?.urn ?? "";
  lineOf(refused, /pulumi state delete/);
  pulumi(environment, "state", "delete", "--yes", "--stack", "faults", urn);
  // The update has given it the migration's tags before it was refused: by these it would be taken for a published one.
  await environment.cloud.images.modify(foreign, { tags: {} });
  await environment.goOn(sample());
  await environment.cloud.images.describe(foreign);
}

/** What `pulumi import` leaves in the state; itself it asks for a language host, which this engine may not have. */
async function importImage(environment: Environment, id: string): Promise<void> {
  const stack = await environment.stack();
  const exported = await stack.exportStack();
  const { resources } = exported.deployment as { resources: StateResource[] };
  const other = resources.find(({ urn }) => urn.endsWith("::sample-destination"));
  if (!other) throw new Error("sample-destination is not in the state.");
  const { parent, provider } = other as StateResource & { parent: string; provider: string };
  const urn = other.urn.replace(/[^$]*$/, "aws:ec2/ami:Ami::sample-image");
  const image = { urn, id, parent, provider, custom: true, type: "aws:ec2/ami:Ami", inputs: {}, outputs: {} };
  resources.push(image);
  await stack.importStack(exported);
  const refreshed = await environment.refresh(sample({ until: "inspect" }));
  assert.equal(refreshed.error, undefined);
}

/** An image of the user's account that boots as HVM, and that nobody has converted. */
async function registerForeign({ cloud, ownImages }: Environment): Promise<string> {
  const imageId = "ami-0000000000000000b";
  const { ownerId } = await cloud.images.describe(SAMPLE_IMAGE_ID);
  await cloud.images.adopt({
    ...(await cloud.images.describe(HELPER_IMAGE_ID)),
    imageId,
    ownerId,
    name: "foreign",
  });
  ownImages.push(imageId);
  return imageId;
}

function destructive(run: Ended): string[] {
  return ["delete", "replace", "create-replacement", "delete-replaced"].flatMap((kind) => named(run, kind));
}

function imageOf(environment: Environment, migration: string): string {
  return String(environment.state.outputs()[migration].imageId);
}

/** The engine's own program, as a user types it. */
function pulumi({ local, workDir }: Environment, ...args: string[]): void {
  execFileSync(local.engine.pulumi, [...args, "--non-interactive"], {
    cwd: workDir,
    env: { ...process.env, ...local.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

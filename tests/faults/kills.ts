/** The computer that runs `pulumi up` is switched off: program, engine and providers end with SIGKILL. */
import { strict as assert } from "node:assert";
import type { ConversionReport } from "../../components";
import { waitFor } from "./processes";
import type { Migrations } from "./request";
import type { Scenario } from "./scenario";
import { launched, sample, WRITING } from "./sample";
import { named, said, type Environment } from "./environment";
import { sweepOrphans } from "./sweeping";

export const KILL_SCENARIOS: Scenario[] = [
  {
    name: "pulumi killed at each step on the helper",
    inQuickPart: false,
    run: (environment) => killAtEach(environment, sample(), ["inspect", ...WRITING]),
  },
  {
    name: "pulumi killed in the rehearsal",
    inQuickPart: false,
    run: (environment) => killAtEach(environment, sample({ rehearsal: {} }), ["rehearse"]),
  },
  {
    name: "pulumi killed while EC2 made snapshot, image and instance",
    inQuickPart: false,
    run: killWhileMaking,
  },
];

/**
 * One migration carries all kills one after the other. What has finished is never done again, and nothing is left out:
 * the engine makes each step's resource in exactly one of the runs that were not cut short at it.
 */
async function killAtEach(environment: Environment, migrations: Migrations, steps: string[]): Promise<void> {
  const finished = new Set<string>();
  for (const step of steps) {
    const update = environment.start("up", migrations);
    await environment.atStep(update, step);
    await update.kill();
    const { operations } = await environment.ended(update);
    assertNoneAgain(operations, finished);
    noteFinished(environment, finished);
    assert.ok(!finished.has(`sample-${step}`), `${step} had not finished when it was killed`);
    await goesOnAfterUnlocking(environment, migrations);
  }
  const { operations } = await environment.goOn(migrations);
  assertNoneAgain(operations, finished);
  noteFinished(environment, finished);
  for (const step of steps) assert.ok(finished.has(`sample-${step}`), `${step} was done`);
  assertWordsOf(environment, steps);
}

/** The lock of the dead process is what the user sees first, and the message names the way out. */
async function goesOnAfterUnlocking(environment: Environment, migrations: Migrations): Promise<void> {
  if (environment.notes.saw === undefined) {
    const locked = await environment.up(migrations);
    environment.saw(locked, /currently locked by 1 lock/);
    assert.match(said(locked), /pulumi cancel/);
  }
  await environment.unlock();
}

function assertNoneAgain(operations: string[], finished: Set<string>): void {
  const again = operations.filter((operation) => finished.has(operation.split(" ")[1]));
  assert.deepEqual(again, [], "what had finished was begun again");
}

/** All that the state has: the engine writes a resource down when its creation has ended well. */
function noteFinished(environment: Environment, finished: Set<string>): void {
  for (const { urn } of environment.state.resources()) {
    const name = urn.split("::").pop() ?? "";
    if (name.startsWith("sample-")) finished.add(name);
  }
}

/** Each step says of itself that it worked, or that it was found done: its killed run went on alone on the helper. */
function assertWordsOf(environment: Environment, steps: string[]): void {
  const report = environment.state.outputs().sample.report as ConversionReport;
  for (const { step, outcome } of report.steps) assert.match(outcome, /^(CHANGED|NOCHANGE)$/, step);
  const reported = report.steps.map(({ step }) => step);
  assert.deepEqual(
    steps.filter((step) => !reported.includes(step)),
    [],
  );
}

/**
 * EC2 has made something of which the state knows only that it was begun. Of a snapshot and an instance the next update
 * makes another one. An image's name is taken, and EC2 says by which image. What is orphaned has the migration's tags, by
 * which `pv-to-hvm sweep` finds it.
 */
async function killWhileMaking(environment: Environment): Promise<void> {
  const migrations = sample({ launch: { ...launched(environment.key()), connection: undefined } });
  await killAtMaking(environment, migrations, "sample-snapshot");
  await killAtMaking(environment, migrations, "sample-image");
  const taken = await environment.up(migrations);
  environment.saw(taken, /InvalidAMIName\.Duplicate.*already in use by AMI ami-/);
  assert.deepEqual(await sweepOrphans(environment), ["image", "snapshot"]);

  await killAtMaking(environment, migrations, "sample-instance");
  const went = await environment.goOn(migrations);
  assert.match(said(went), /interrupted while creating/);
  assert.deepEqual(named(went, "create"), ["sample-instance"]);
  await terminateOrphan(environment);
}

async function killAtMaking(
  environment: Environment,
  migrations: Migrations,
  name: keyof typeof MAKING,
): Promise<void> {
  const before = (await MAKING[name](environment)).length;
  const update = environment.start("up", migrations);
  await update.begins(`create ${name}`);
  await update.until(
    async () => ((await MAKING[name](environment)).length > before ? true : undefined),
    `EC2 had begun: ${name}`,
  );
  await update.kill();
  await environment.ended(update);
  assert.ok(environment.state.pending().includes(`creating ${name}`), `the state knows more of ${name}`);
  await environment.unlock();
}

type Records = { tags: Record<string, string> }[];

/** What EC2 has of each from the moment on in which it has answered. */
const MAKING = {
  "sample-snapshot": ({ cloud }: Environment): Promise<Records> => cloud.snapshots.list().then(ours),
  "sample-image": ({ cloud }: Environment): Promise<Records> => cloud.images.list().then(ours),
  "sample-instance": ({ cloud }: Environment): Promise<Records> =>
    cloud.instances.list().then((all) => all.filter(({ tags }) => tags.Name === "sample")),
};

function ours(records: Records): Records {
  return records.filter(({ tags }) => "pv-to-hvm:migration" in tags);
}

/** A launched instance may hold somebody's data: no sweep removes it, and its user ends it himself. */
async function terminateOrphan({ cloud, state }: Environment): Promise<void> {
  const known = state.named("sample-instance")?.id;
  const launchedOnes = (await cloud.instances.list()).filter(({ tags }) => tags.Name === "sample");
  for (const { instanceId } of launchedOnes.filter((one) => one.instanceId !== known)) {
    await cloud.instances.terminate(instanceId);
    await waitFor(async () =>
      (await cloud.instances.describe(instanceId)).state === "terminated" ? true : undefined,
    );
  }
}

/** The real engine under the policies that are shipped, and what it asked EC2 for, judged again with less. */
import { strict as assert } from "node:assert";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { PvToHvmMigration, type SourceArgs, Until } from "../../components";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { prepareLocalCloud } from "../../local/prepare";
import { selectStack } from "../../local/stack";
import { Witness } from "../local/rights/witness";
import { giveRoles, type RoleName } from "../policies/roles";
import { allowedOf, distinct, notMissedIn, refusedOf, tooMuchIn } from "../policies/takeAway";
import { stopAtFailure } from "../running/inOrder";
import { runOn } from "./harness";

const ROOT = join(__dirname, "..", "..");
const NAME = "rights";

/** A migration without a rehearsal: what that does, it does on the helper. */
function program(source: SourceArgs, until: Until): PulumiFn {
  return async () => {
    const migration = new PvToHvmMigration("sample", {
      source,
      helper: { subnetId: "subnet-00000000000000001", allowedCidrs: ["198.18.0.0/15"] },
      rehearsal: { skip: true },
      until,
    });
    return { imageId: migration.imageId };
  };
}

const OF_AN_IMAGE = program({ imageId: "ami-00000000000000001" }, Until.Publish);

describe("a migration on the real engine, with exactly the policies that are shipped,", function () {
  this.timeout(600_000);
  stopAtFailure(this);
  let cloud: Cloud;
  let witness: Witness;
  let stack: Stack;

  before(async () => {
    const directory = join(ROOT, ".cache", `${NAME}-cloud`);
    const workDir = join(ROOT, ".cache", `${NAME}-stack`);
    await empty(new Cloud(directory));
    const local = await prepareLocalCloud({ root: ROOT, directory, log: () => undefined });
    cloud = new Cloud(directory);
    await giveRoles(cloud);
    witness = await Witness.before(cloud);
    rmSync(workDir, { recursive: true, force: true });
    mkdirSync(workDir, { recursive: true });
    writeFileSync(join(workDir, "Pulumi.yaml"), "name: pv-to-hvm\nruntime: nodejs\n");
    const env = { ...local.env, AWS_ENDPOINT_URL_EC2: witness.url, AWS_ENDPOINT_URL_STS: witness.url };
    stack = await selectStack({ ...local, env }, { workDir, stackName: NAME, program: OF_AN_IMAGE });
    await stack.setConfig("aws:region", { value: "us-east-1" });
  });

  after(() => witness?.close());

  /** An operation by one role. `some`: what it must have asked for, so that silence is no success. */
  async function as(caller: RoleName, operation: () => Promise<unknown>, ...some: string[]): Promise<void> {
    stack.workspace.envVars.AWS_ACCESS_KEY_ID = caller;
    const before = witness.met.length;
    await operation();
    const met = witness.met.slice(before);
    const heard = new Set(met.flatMap(({ asked }) => asked.map(({ action }) => action)));
    assert.deepEqual(
      some.filter((action) => !heard.has(action)),
      [],
      `heard ${[...heard].join(", ")}`,
    );
    assert.deepEqual(
      met.filter((each) => each.caller !== caller),
      [],
      "somebody else asked",
    );
    assert.deepEqual(refusedOf(met), []);
  }

  it("is previewed", () => as("preview", () => stack.preview(), "ec2:DescribeImages", "ec2:DescribeSubnets"));

  it("is updated, refreshed and destroyed", async () => {
    await as("up", () => stack.up(), "ec2:RunInstances", "ec2:RegisterImage");
    await as("preview", () => stack.refresh(), "ec2:DescribeInstances", "ec2:DescribeSecurityGroups");
    await as("up", () => stack.destroy(), "ec2:TerminateInstances", "ec2:DeregisterImage");
  });

  it("inspects a volume that carries the tag which lets it be migrated, and no other", async () => {
    const { volumeId } = await cloud.volumes.create({
      snapshotId: "snap-00000000000000001",
      availabilityZone: "us-east-1a",
      volumeType: "gp3",
    });
    await cloud.background.settled();
    const ofAVolume = program({ volumeId }, Until.Inspect);
    await as("preview-live", () => stack.preview({ program: ofAVolume }), "ec2:DescribeVolumes");
    stack.workspace.envVars.AWS_ACCESS_KEY_ID = "up-live" satisfies RoleName;
    const { error = "" } = await runOn(stack, (options) => stack.up({ ...options, program: ofAVolume }));
    assert.match(
      error,
      new RegExp(`ec2:CreateSnapshot on resource: arn:aws:ec2:us-east-1:000000000000:volume/${volumeId} `),
    );
    await cloud.tagging.change(volumeId, (tags) => ({ ...tags, migrate: "yes" }));
    await as("up-live", () => stack.up({ program: ofAVolume }), "ec2:CreateSnapshot");
    await as("up", () => stack.destroy(), "ec2:DeleteSnapshot");
  });

  it("would have been refused without any of the actions that it asked for", () => {
    const met = allowedOf(distinct(witness.met));
    for (const name of ["preview", "up"]) {
      const { actions, notMissed } = notMissedIn(name, met);
      assert.ok(actions.length > 10, `only ${actions} of ${name}`);
      assert.deepEqual(notMissed, [], name);
    }
    const tooMuch = tooMuchIn("up-live-source", met);
    assert.ok(!tooMuch.includes("up-live-source: SnapshotSources"), String(tooMuch));
  });
});

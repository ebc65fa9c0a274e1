/** A second witness for the policies: the actions that a real run on the local cloud asks EC2 for. */
import { strict as assert } from "node:assert";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "@grpc/grpc-js";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { PvToHvmMigration, type SourceArgs, Until } from "../../components";
import type { Ec2Action } from "../../local/cloud/actions";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { prepareLocalCloud } from "../../local/prepare";
import { awsProvider } from "../../local/providers/aws/provider";
import { listen } from "../../local/providers/server";
import { selectStack } from "../../local/stack";
import { actionsOf } from "../policies/policy";

const ROOT = join(__dirname, "..", "..");
const NAME = "rights";

/** A cloud that remembers what it was asked for. */
class Witness extends Cloud {
  private actions = new Set<string>();

  override request<T>(action: Ec2Action, work: () => Promise<T>): Promise<T> {
    this.actions.add(`ec2:${action}`);
    return super.request(action, work);
  }

  /** What it was asked for since the last time. */
  heard(): string[] {
    const heard = [...this.actions].sort();
    this.actions = new Set();
    return heard;
  }
}

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

describe("what a migration asks EC2 for, in a real run,", function () {
  this.timeout(600_000);
  let cloud: Witness;
  let server: Server;
  let stack: Stack;

  before(async () => {
    const directory = join(ROOT, ".cache", `${NAME}-cloud`);
    const workDir = join(ROOT, ".cache", `${NAME}-stack`);
    await empty(new Cloud(directory));
    const local = await prepareLocalCloud({ root: ROOT, directory, log: () => undefined });
    cloud = new Witness(directory);
    const listening = await listen(awsProvider(cloud));
    server = listening.server;
    rmSync(workDir, { recursive: true, force: true });
    mkdirSync(workDir, { recursive: true });
    writeFileSync(join(workDir, "Pulumi.yaml"), "name: pv-to-hvm\nruntime: nodejs\n");
    // The engine speaks with this process in place of the installed plugin.
    const env = { ...local.env, PULUMI_DEBUG_PROVIDERS: `aws:${listening.port}` };
    stack = await selectStack({ ...local, env }, { workDir, stackName: NAME, program: OF_AN_IMAGE });
    await stack.setConfig("aws:region", { value: "us-east-1" });
  });

  after(() => server.forceShutdown());

  it("is in the policy of a preview while it previews", async () => {
    await stack.preview();
    assertAllowed(cloud.heard(), ["preview"], ["ec2:DescribeImages", "ec2:DescribeSubnets"]);
  });

  it("is in the policies of an update while it updates, refreshes and destroys", async () => {
    await stack.up();
    assertAllowed(cloud.heard(), ["preview", "up"], ["ec2:RunInstances", "ec2:RegisterImage"]);
    await stack.refresh();
    assertAllowed(cloud.heard(), ["preview"], ["ec2:DescribeInstances", "ec2:DescribeSecurityGroups"]);
    await stack.destroy();
    assertAllowed(cloud.heard(), ["preview", "up"], ["ec2:TerminateInstances", "ec2:DeregisterImage"]);
  });

  it("is in these and those of live sources where a volume is inspected", async () => {
    const { volumeId } = await cloud.volumes.create({
      snapshotId: "snap-00000000000000001",
      availabilityZone: "us-east-1a",
      volumeType: "gp3",
    });
    await cloud.background.settled();
    const ofAVolume = program({ volumeId }, Until.Inspect);
    await stack.preview({ program: ofAVolume });
    assertAllowed(cloud.heard(), ["preview", "preview-live-source"], ["ec2:DescribeVolumes"]);
    await stack.up({ program: ofAVolume });
    assertAllowed(cloud.heard(), ["preview", "up", "up-live-source"], ["ec2:CreateSnapshot"]);
    await stack.destroy();
    assertAllowed(cloud.heard(), ["preview", "up"], ["ec2:DeleteSnapshot"]);
  });
});

/** `some`: what it must have asked for, so that silence is no success. */
function assertAllowed(heard: string[], policies: string[], some: string[]): void {
  assert.deepEqual(
    some.filter((action) => !heard.includes(action)),
    [],
    `heard ${heard.join(", ")}`,
  );
  const allowed = actionsOf(...policies);
  assert.deepEqual(
    heard.filter((action) => !allowed.includes(action)),
    [],
    `not in ${policies.join(" and ")}`,
  );
}

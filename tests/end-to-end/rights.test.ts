/** A second witness for the policies: the actions that a real run on the local cloud asks EC2 for. */
import { strict as assert } from "node:assert";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { PvToHvmMigration, type SourceArgs, Until } from "../../components";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { Clouds } from "../../local/ec2Api/clouds";
import { Door } from "../../local/ec2Api/door";
import { listen, serve } from "../../local/ec2Api/server";
import { prepareLocalCloud } from "../../local/prepare";
import { selectStack } from "../../local/stack";
import { actionsOf } from "../policies/policy";

const ROOT = join(__dirname, "..", "..");
const NAME = "rights";

/** pulumi-aws asks for it of every image, by the image's id: EC2 refuses that with a right and without, and nothing comes of it. */
const REFUSED_WITHOUT_HARM = ["ec2:GetInstanceUefiData"];

/** The local cloud's door, where it is noted what is asked for. */
class Witness {
  private actions = new Set<string>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async before(cloud: Cloud): Promise<Witness> {
    const door = new Door(new Clouds(cloud), async ({ action }) => void witness.actions.add(`ec2:${action}`));
    const server = createServer((request, response) => void serve(door, request, response));
    const witness = new Witness(await listen(server, 0), server);
    return witness;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** What was asked for since the last time. */
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
  let cloud: Cloud;
  let witness: Witness;
  let stack: Stack;

  before(async () => {
    const directory = join(ROOT, ".cache", `${NAME}-cloud`);
    const workDir = join(ROOT, ".cache", `${NAME}-stack`);
    await empty(new Cloud(directory));
    const local = await prepareLocalCloud({ root: ROOT, directory, log: () => undefined });
    cloud = new Cloud(directory);
    witness = await Witness.before(cloud);
    rmSync(workDir, { recursive: true, force: true });
    mkdirSync(workDir, { recursive: true });
    writeFileSync(join(workDir, "Pulumi.yaml"), "name: pv-to-hvm\nruntime: nodejs\n");
    const env = { ...local.env, AWS_ENDPOINT_URL_EC2: witness.url, AWS_ENDPOINT_URL_STS: witness.url };
    stack = await selectStack({ ...local, env }, { workDir, stackName: NAME, program: OF_AN_IMAGE });
    await stack.setConfig("aws:region", { value: "us-east-1" });
  });

  after(() => witness?.close());

  it("is in the policy of a preview while it previews", async () => {
    await stack.preview();
    assertAllowed(witness.heard(), ["preview"], ["ec2:DescribeImages", "ec2:DescribeSubnets"]);
  });

  it("is in the policies of an update while it updates, refreshes and destroys", async () => {
    await stack.up();
    assertAllowed(witness.heard(), ["preview", "up"], ["ec2:RunInstances", "ec2:RegisterImage"]);
    await stack.refresh();
    assertAllowed(witness.heard(), ["preview"], ["ec2:DescribeInstances", "ec2:DescribeSecurityGroups"]);
    await stack.destroy();
    assertAllowed(witness.heard(), ["preview", "up"], ["ec2:TerminateInstances", "ec2:DeregisterImage"]);
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
    assertAllowed(witness.heard(), ["preview", "preview-live-source"], ["ec2:DescribeVolumes"]);
    await stack.up({ program: ofAVolume });
    assertAllowed(witness.heard(), ["preview", "up", "up-live-source"], ["ec2:CreateSnapshot"]);
    await stack.destroy();
    assertAllowed(witness.heard(), ["preview", "up"], ["ec2:DeleteSnapshot"]);
  });
});

/** `some`: what it must have asked for, so that silence is no success. */
function assertAllowed(heard: string[], policies: string[], some: string[]): void {
  assert.deepEqual(
    some.filter((action) => !heard.includes(action)),
    [],
    `heard ${heard.join(", ")}`,
  );
  const allowed = [...actionsOf(...policies), ...REFUSED_WITHOUT_HARM];
  assert.deepEqual(
    heard.filter((action) => !allowed.includes(action)),
    [],
    `not in ${policies.join(" and ")}`,
  );
}

/**
 * What the stand-in for pulumi-aws asks of EC2 for this project's graph, held against what the real provider asked: rights
 * that are enforced at the door of the local cloud mean something only where both are the same.
 */
import assert from "node:assert/strict";
import { EC2Client } from "@aws-sdk/client-ec2";
import { HELPER_IMAGE_ID, SAMPLE_SNAPSHOT_ID, seed } from "../../../local/cloud/seed";
import { serveEc2, type Ec2Server } from "../../../local/ec2Api/server";
import { Client, type Carrier } from "../../../local/providers/aws/client";
import { awsProvider } from "../../../local/providers/aws/provider";
import type { Properties, Provider } from "../../../local/providers/provider";
import { newFixture, seedFiles, type Fixture } from "../cloud/fixture";
import { configFor } from "./awsDoor";
import { recordedActions } from "./awsRecording";
import { AMI, ATTACHMENT, GROUP, INSTANCE, Resource, SNAPSHOT, STATE, VOLUME } from "./awsResource";

const RULES =
  "the dynamic bridge passed over the program's rules, so the recording makes none and revokes none of its own";

/** Actions in which the two differ, by scenario, and why. */
const DIFFERENCES: Record<string, Record<string, string>> = {
  up: { AuthorizeSecurityGroupEgress: RULES, AuthorizeSecurityGroupIngress: RULES },
  "revision: 1, up": { AuthorizeSecurityGroupEgress: RULES, AuthorizeSecurityGroupIngress: RULES },
};

/** In the order in which the real provider asked for one instance. */
const READ_OF_AN_INSTANCE = [
  ...["DescribeInstances", "DescribeInstanceTypes", "DescribeTags", "DescribeVpcs"],
  ...["DescribeInstanceAttribute", "DescribeVolumes"],
  ...["DescribeInstanceAttribute", "DescribeInstanceAttribute", "DescribeInstanceAttribute"],
];

describe("what the aws stand-in asks of EC2", function () {
  let fixture: Fixture;
  let server: Ec2Server;
  let provider: Provider;
  let asked: string[] = [];
  let graph: Graph;

  before(async () => {
    fixture = newFixture();
    await seed(fixture.cloud, seedFiles(fixture));
    server = await serveEc2(fixture.cloud);
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const ec2 = new EC2Client({ region: "us-east-1", credentials, endpoint: server.url, maxAttempts: 1 });
    const carrier: Carrier = (request) => {
      asked.push(request.constructor.name.replace(/Command$/, ""));
      return ec2.send(request as never);
    };
    const client = new Client({ carrier, everyMs: 5 });
    await client.configure(configFor(server.url));
    provider = awsProvider(client);
    graph = new Graph(provider);
  });
  after(async () => {
    await server.close();
    fixture.remove();
  });

  const SCENARIOS: [scenario: string, play: () => Promise<unknown>][] = [
    ["preview of a new stack", () => graph.lookUp()],
    ["up", () => graph.up()],
    ["up again", () => graph.lookUpAgain()],
    ["refresh", () => graph.refresh()],
    ["revision: 1, up", () => graph.replace()],
    ["tags: {team: x}, up", () => graph.tag({ team: "x" })],
    ["workbench: removed, up", () => graph.removeWorkbench()],
    ["destroy", () => graph.destroy()],
  ];
  for (const [scenario, play] of SCENARIOS) {
    it(`is what the real provider asked: ${scenario}`, async () => {
      asked = [];
      await play();
      const listed = Object.keys(DIFFERENCES[scenario] ?? {});
      const actions = (all: string[]) =>
        [...new Set(all)].filter((action) => !listed.includes(action)).sort();
      assert.deepEqual(actions(asked), actions(recordedActions()[scenario]));
      const differ = listed.filter(
        (action) => asked.includes(action) !== recordedActions()[scenario].includes(action),
      );
      assert.deepEqual(differ, listed, "listed as different, and alike");
    });
  }

  it("reads an instance as the real provider did, one request after the other", async () => {
    const instance = await Resource.create(provider, INSTANCE, {
      ami: HELPER_IMAGE_ID,
      instanceType: "m8i-flex.large",
    });
    asked = [];
    await instance.refresh();
    assert.deepEqual(asked, READ_OF_AN_INSTANCE);
    const recorded = recordedActions().refresh;
    const first = recorded.indexOf("DescribeInstances");
    // Requests of other resources lie between them.
    assert.deepEqual(
      recorded
        .slice(first)
        .filter((action) => READ_OF_AN_INSTANCE.includes(action))
        .slice(0, asked.length),
      READ_OF_AN_INSTANCE,
    );
  });
});

/** The resources and look-ups of a migration of a snapshot, with a launch that nobody logs in to. */
class Graph {
  private access!: Resource;
  private source!: Resource;
  private destination!: Resource;
  private helper!: Resource;
  private attachments: Resource[] = [];
  private workbench!: Resource;
  private snapshot!: Resource;
  private image!: Resource;
  private instance!: Resource;

  constructor(private readonly provider: Provider) {}

  async lookUp(): Promise<void> {
    const stack = [{ name: "tag:pv-to-hvm:stack", values: ["pv-to-hvm/real"] }];
    await this.ask("aws:ec2/getAmiIds:getAmiIds", { filters: stack, owners: ["self"] });
    const filters = [{ name: "name", values: ["debian-13-amd64-*"] }];
    await this.ask("aws:ec2/getAmi:getAmi", { filters, mostRecent: true, owners: ["136693071363"] });
    await this.ask("aws:ebs/getSnapshot:getSnapshot", { snapshotIds: [SAMPLE_SNAPSHOT_ID] });
    await this.ask("aws:ec2/getSubnet:getSubnet", { id: "subnet-00000000000000001" });
    for (const instanceType of ["m8i-flex.large", "t3.micro"])
      await this.ask("aws:ec2/getInstanceType:getInstanceType", { instanceType });
  }

  async up(): Promise<void> {
    await this.lookUp();
    await this.build("one");
    this.instance = await this.make(INSTANCE, {
      ami: this.image.id,
      instanceType: "t3.micro",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "optional" },
      rootBlockDevice: { tags: { Name: "web-root" } },
      subnetId: "subnet-00000000000000001",
      tags: { Name: "web" },
    });
  }

  /** Once something is published, the helper is asked where it is. */
  async lookUpAgain(): Promise<void> {
    await this.lookUp();
    await this.ask("aws:ec2/getInstance:getInstance", { instanceId: this.helper.id });
  }

  async refresh(): Promise<void> {
    for (const resource of [...this.workbenchs, this.snapshot, this.image, this.instance])
      assert.ok(await resource.refresh());
  }

  /** The launched instance keeps running; of a replaced attachment nothing is asked, for it goes with the helper. */
  async replace(): Promise<void> {
    await this.lookUp();
    const [image, snapshot, helper, access, source, destination] = [
      ...[this.image, this.snapshot, this.helper, this.access, this.source, this.destination],
    ];
    await this.build("two");
    for (const old of [image, snapshot, helper, access, source, destination]) await old.delete();
  }

  async tag(more: Properties): Promise<void> {
    await this.lookUp();
    const tagged = [this.source, this.access, this.destination, this.helper, this.snapshot, this.image];
    for (const resource of [...tagged, this.instance]) {
      const { inputs } = resource;
      const root = inputs.rootBlockDevice as Properties | undefined;
      await resource.update({
        ...inputs,
        tags: { ...(inputs.tags as Properties), ...more },
        ...(root && { rootBlockDevice: { ...root, tags: { ...(root.tags as Properties), ...more } } }),
      });
    }
  }

  async removeWorkbench(): Promise<void> {
    const filters = [{ name: "image-id", values: [this.image.id] }];
    await this.ask("aws:ec2/getAmi:getAmi", { filters, owners: ["self"] });
    await this.ask("aws:ebs/getSnapshot:getSnapshot", { snapshotIds: [this.snapshot.id] });
    for (const resource of [this.helper, this.destination, this.source, this.access]) await resource.delete();
  }

  async destroy(): Promise<void> {
    for (const resource of [this.instance, this.image, this.snapshot]) await resource.delete();
  }

  private get workbenchs(): Resource[] {
    return [this.source, this.destination, this.access, ...this.attachments, this.helper, this.workbench];
  }

  private async build(revision: string): Promise<void> {
    const zone = { availabilityZone: "us-east-1a", encrypted: true, type: "gp3" };
    const everywhere = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"], protocol: "tcp" };
    this.access = await this.make(GROUP, {
      egress: [443, 80].map((port) => ({ ...everywhere, fromPort: port, toPort: port })),
      ingress: [{ cidrBlocks: ["198.51.100.7/32"], fromPort: 22, protocol: "tcp", toPort: 22 }],
      tags: { Name: "web-access" },
      vpcId: "vpc-00000000000000001",
    });
    this.source = await this.make(VOLUME, {
      ...zone,
      snapshotId: SAMPLE_SNAPSHOT_ID,
      tags: { Name: "web-source" },
    });
    this.destination = await this.make(VOLUME, { ...zone, size: 2, tags: { Name: "web-destination" } });
    this.helper = await this.make(INSTANCE, {
      ami: HELPER_IMAGE_ID,
      associatePublicIpAddress: true,
      cpuOptions: { nestedVirtualization: "enabled" },
      instanceType: "m8i-flex.large",
      metadataOptions: { httpEndpoint: "enabled", httpPutResponseHopLimit: 1, httpTokens: "required" },
      rootBlockDevice: { encrypted: true, tags: { Name: "root" }, volumeSize: 20, volumeType: "gp3" },
      subnetId: "subnet-00000000000000001",
      tags: { Name: "web-helper" },
      userData: "#cloud-config",
      vpcSecurityGroupIds: [this.access.id],
    });
    await this.ask("aws:ec2/getInstance:getInstance", { instanceId: this.helper.id });
    const attach = (volume: Resource, deviceName: string) =>
      this.make(ATTACHMENT, { deviceName, instanceId: this.helper.id, volumeId: volume.id });
    this.attachments = [await attach(this.source, "/dev/sdf"), await attach(this.destination, "/dev/sdg")];
    this.workbench = await this.make(STATE, { instanceId: this.helper.id, state: "stopped" });
    this.snapshot = await this.make(SNAPSHOT, {
      description: "converted",
      tags: { Name: "web-snapshot" },
      volumeId: this.destination.id,
    });
    this.image = await this.make(AMI, {
      architecture: "x86_64",
      bootMode: "legacy-bios",
      ebsBlockDevices: [{ deviceName: "/dev/sda1", snapshotId: this.snapshot.id, volumeType: "gp3" }],
      enaSupport: true,
      name: `web-${revision}`,
      rootDeviceName: "/dev/sda1",
      tags: { Name: "web-image" },
      virtualizationType: "hvm",
    });
  }

  private make(type: string, inputs: Properties): Promise<Resource> {
    return Resource.create(this.provider, type, inputs, "web");
  }

  private ask(token: string, args: Properties): Promise<Properties> {
    return this.provider.functions[token](args);
  }
}

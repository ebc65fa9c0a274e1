/** The whole of a preflight but for Pulumi: the real AWS SDK on the local cloud, where each refusal is made to happen. */
import assert from "node:assert/strict";
import {
  DisableImageCommand,
  EnableEbsEncryptionByDefaultCommand,
  ModifyInstanceMetadataDefaultsCommand,
  ModifyVpcBlockPublicAccessOptionsCommand,
} from "@aws-sdk/client-ec2";
import { changeQuota } from "../../local/ec2Api/serviceQuotas";
import { preflight } from "../../preflight/preflight";
import type { Answer, Row } from "../../preflight/row";
import { hvmRequest, newImage, newSnapshot } from "../local/cloud/fixture";
import { type Api, openApi } from "../local/ec2Api/api";
import { type MadeMigration, previewOf } from "../previewReport/made";

const PUBLIC = "subnet-00000000000000001";
const PRIVATE = "subnet-00000000000000003";
const VPC = "vpc-00000000000000001";
const ENV = [
  "AWS_ENDPOINT_URL",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_REGION",
  "AWS_MAX_ATTEMPTS",
];

describe("a preflight", function () {
  this.timeout(30_000);
  let api: Api;
  let imageId: string;
  let snapshotId: string;
  let before: (string | undefined)[];

  beforeEach(async () => {
    api = await openApi();
    snapshotId = (await newSnapshot(api.cloud)).snapshotId;
    imageId = (await newImage(api.cloud, hvmRequest(snapshotId, { name: "helper" }))).imageId;
    before = ENV.map((name) => process.env[name]);
    const values = [api.url, "local", "local", "us-east-1", "1"];
    ENV.forEach((name, index) => (process.env[name] = values[index]));
  });
  afterEach(async () => {
    ENV.forEach((name, index) => {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    });
    await api.end();
  });

  const created = (inputs: object) => ({ op: "create", new: { inputs: inputs as Record<string, unknown> } });

  /** What a new migration makes. */
  function migration(
    changes: { helper?: object; destination?: object; launch?: object; args?: object } = {},
  ): MadeMigration {
    const tags = { "pv-to-hvm:stack": "images/prod" };
    return {
      "": created({ source: { snapshotId }, helper: changes.args }),
      source: created({ availabilityZone: "us-east-1a", snapshotId, type: "gp3", tags }),
      destination: created({
        availabilityZone: "us-east-1a",
        size: 2,
        type: "gp3",
        encrypted: true,
        tags,
        ...changes.destination,
      }),
      access: created({ name: "web-access", vpcId: VPC, description: "d", tags }),
      helper: created({
        ...{ ami: imageId, instanceType: "m5.large", subnetId: PUBLIC, associatePublicIpAddress: true, tags },
        ...{
          metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        },
        ...changes.helper,
      }),
      ...(changes.launch
        ? { instance: created({ instanceType: "t3.micro", subnetId: PUBLIC, ...changes.launch }) }
        : {}),
    };
  }

  const ask = (one: MadeMigration = migration(), config: object = {}) =>
    preflight(previewOf({ web: one }, { config }));
  const by = (rows: Row[], answer: Answer) =>
    rows.filter((row) => row.answer === answer).map(({ what, found }) => `${what}: ${found}`);

  /** All that the cloud has. */
  async function held(): Promise<string[]> {
    const { volumes, instances, securityGroups, snapshots, images } = api.cloud;
    const lists = await Promise.all(
      [volumes, instances, securityGroups, snapshots, images].map((each) => each.list()),
    );
    return lists.map((each) => JSON.stringify(each));
  }

  /** The one refusal, and what to do about it. */
  async function refusal(one?: MadeMigration): Promise<string> {
    const rows = (await ask(one)).filter(({ answer }) => answer === "no");
    assert.equal(rows.length, 1, JSON.stringify(rows, null, 2));
    const [{ what, found, advice }] = rows;
    assert.ok(advice, "a refusal says what to do");
    return `${what}: ${found}. ${advice}`;
  }

  it("of what EC2 would do says yes to each, and makes nothing", async () => {
    const there = await held();
    const rows = await ask(migration({ launch: {} }));
    assert.deepEqual(by(rows, "no"), []);
    assert.deepEqual(
      rows.filter(({ answer }) => answer === "unknown").map(({ what }) => what),
      ["what comes after"],
    );
    const yes = by(rows, "yes");
    for (const expected of [
      /^who asks: account 000000000000, region us-east-1, as arn:aws:iam::000000000000:user\/local$/,
      /^start the helper \(m5\.large in subnet-00000000000000001\): RunInstances would be done$/,
      /^launch the new image \(t3\.micro in .*\): RunInstances would be done; asked with the helper's image in place of the new one$/,
      /^make a security group in vpc-00000000000000001: CreateSecurityGroup would be done$/,
      /^make the destination volume in us-east-1a: CreateVolume would be done$/,
      /^m5\.large in us-east-1a: the zone has it$/,
      /^vCPUs of standard types: 4 needed at once, 0 in use, the quota is 64$/,
      /^storage of gp3 volumes: 4 GiB more, /,
      /^the helper's way to its mirrors from subnet-00000000000000001: by the internet gateway igw-/,
      /^VPC Block Public Access: is off$/,
      /^the snapshot snap-\w+: is completed$/,
    ]) {
      assert.ok(
        yes.some((line) => expected.test(line)),
        `${String(expected)} in\n${yes.join("\n")}`,
      );
    }
    assert.deepEqual(await held(), there);
  });

  it("tells a type that the zone does not have, with the zones that do", async () => {
    const rows = await ask(
      migration({ helper: { subnetId: "subnet-00000000000000002", instanceType: "m8i-flex.large" } }),
    );
    const [row] = rows.filter(({ what }) => what === "m8i-flex.large in us-east-1b");
    assert.equal(row.answer, "no");
    assert.equal(row.found, "the zones that have it are us-east-1a");
    assert.match(row.advice ?? "", /helper\.instanceType/);
  });

  it("tells a subnet without a way out", async () => {
    assert.match(
      await refusal(migration({ helper: { subnetId: PRIVATE } })),
      /^the helper's way to its mirrors from subnet-00000000000000003: its route table has no route to 0\.0\.0\.0\/0\. Name another helper\.subnetId/,
    );
  });

  it("finds a proxy in the VPC from a subnet without a way out, and asks for the route to no mirror", async () => {
    const closed = { helper: { subnetId: PRIVATE, associatePublicIpAddress: false } };
    const rows = await ask(migration({ ...closed, args: { proxy: "http://10.0.9.7:3128" } }));
    assert.deepEqual(by(rows, "no"), []);
    assert.ok(
      by(rows, "yes").includes(`the helper's way to its proxy 10.0.9.7 from ${PRIVATE}: it is in the VPC`),
    );
  });

  it("asks for the subnets once, whoever wants to know", async () => {
    const code = "UnauthorizedOperation";
    await api.cloud.faults.add({ action: "DescribeSubnets", code, message: "You are not authorized." });
    const rows = await ask();
    for (const what of ["instance types of the zones", "the helper's way to its mirrors"]) {
      assert.ok(by(rows, "unknown").includes(`${what}: the caller has no right to look`), what);
    }
  });

  it("tells a private address behind an internet gateway", async () => {
    assert.match(
      await refusal(migration({ helper: { associatePublicIpAddress: false } })),
      /serves public addresses alone, and helper\.usePrivateAddress is set\. Name another helper\.subnetId/,
    );
  });

  it("tells that the region shuts its internet gateways", async () => {
    await api.client.send(
      new ModifyVpcBlockPublicAccessOptionsCommand({ InternetGatewayBlockMode: "block-bidirectional" }),
    );
    assert.match(
      await refusal(),
      /^VPC Block Public Access: is block-bidirectional, which shuts the internet gateways/,
    );
  });

  it("tells a quota that is too small, with what to ask for", async () => {
    await changeQuota(api.cloud.settings, "L-1216C47A", 1);
    assert.match(
      await refusal(),
      /^vCPUs of standard types: 2 needed at once, 0 in use, the quota is 1\. .*--quota-code L-1216C47A --desired-value 2$/,
    );
  });

  it("tells that a volume will be encrypted although it was asked for plain", async () => {
    await api.client.send(new EnableEbsEncryptionByDefaultCommand({}));
    assert.match(
      await refusal(migration({ destination: { encrypted: false } })),
      /^encryption by default: on, with arn:aws:kms:us-east-1:.*: the image will be encrypted although destination\.encrypted is false/,
    );
  });

  it("tells that the account wants tokens, where a launch does not ask for them", async () => {
    const enforced = { HttpTokens: "required", HttpTokensEnforced: "enabled" } as const;
    await api.client.send(new ModifyInstanceMetadataDefaultsCommand(enforced));
    const rows = await ask(migration({ launch: { metadataOptions: { httpTokens: "optional" } } }));
    const [row] = rows.filter(({ what }) => what === "metadata service (IMDS)");
    assert.equal(row.answer, "no");
    assert.match(row.advice ?? "", /launch\.metadataTokens to required/);
  });

  it("tells an image that is disabled, with how to enable it", async () => {
    await api.client.send(new DisableImageCommand({ ImageId: imageId }));
    const disabled = { ...migration(), "": created({ source: { imageId } }), helper: "same" };
    assert.match(
      await refusal(disabled),
      /^the image ami-\w+: is disabled\. Enable it: aws ec2 enable-image --image-id ami-/,
    );
  });

  it("tells a source that is not there", async () => {
    const lost = { ...migration(), "": created({ source: { volumeId: "vol-0123456789abcdef0" } }) };
    assert.match(
      await refusal(lost),
      /^the volume vol-0123456789abcdef0: is not there\. Name one that is available or in-use/,
    );
  });

  it("tells EC2's own refusal of a call, in its words", async () => {
    await api.cloud.faults.add({
      action: "RunInstances",
      code: "VcpuLimitExceeded",
      message: "You have requested more vCPU capacity than your current vCPU limit.",
    });
    assert.match(
      await refusal(),
      /^start the helper .*: VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit\. Ask for a higher quota/,
    );
  });

  it("goes on where it may not look, and says so", async () => {
    await api.cloud.faults.add({
      action: "DescribeRouteTables",
      code: "UnauthorizedOperation",
      message: "You are not authorized to perform this operation.",
    });
    const rows = await ask();
    const [row] = rows.filter(({ what }) => what === "the helper's way to its mirrors");
    assert.deepEqual([row.answer, row.found], ["unknown", "the caller has no right to look"]);
    assert.match(row.advice ?? "", /policies\/preflight\.json/);
  });

  it("says so where Service Quotas cannot be reached, and asks the rest", async () => {
    process.env.AWS_ENDPOINT_URL_SERVICE_QUOTAS = "http://127.0.0.1:1";
    const rows = await ask().finally(() => delete process.env.AWS_ENDPOINT_URL_SERVICE_QUOTAS);
    assert.deepEqual(by(rows, "no"), []);
    assert.ok(by(rows, "unknown").includes("vCPUs of standard types: Service Quotas cannot be reached"));
  });

  it("asks in the region of the stack", async () => {
    const rows = await ask(migration(), { "aws:region": "us-west-2" });
    assert.ok(by(rows, "yes").some((line) => /^who asks: .*region us-west-2/.test(line)));
    assert.ok(by(rows, "no").some((line) => /^the snapshot snap-\w+: is not there$/.test(line)));
  });

  it("ends in a sentence without credentials, in a region that does not answer, and without a region", async () => {
    process.env.AWS_ENDPOINT_URL = "http://127.0.0.1:1";
    await assert.rejects(
      ask(),
      /^Error: EC2 of us-east-1 cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:1\)\. Check the region's name/,
    );
    delete process.env.AWS_REGION;
    await assert.rejects(
      ask(),
      /^Error: no region is known\. Name it with --region, or set aws:region in the stack\.$/,
    );
  });

  it("is refused where there is no migration to ask about", async () => {
    await assert.rejects(
      preflight(previewOf({})),
      /has no migration in it\. Name a stack of a program that makes a PvToHvmMigration\./,
    );
  });
});

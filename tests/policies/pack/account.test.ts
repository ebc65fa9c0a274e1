/** What the rules ask AWS for, asked of moto's server, which nobody here wrote. */
import assert from "node:assert/strict";
import { AutoScalingClient, CreateLaunchConfigurationCommand } from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { type Account, accountOf } from "../../../policies/pack/account";
import { PARAVIRTUAL_TYPES } from "../../../policies/pack/instanceTypes";
import { newInstance } from "../../local/cloud/fixture";
import { openApi } from "../../local/ec2Api/api";
import { type Moto, startMoto } from "../../../local/moto";

const REGION = "eu-central-1";
const VARIABLES = [
  "AWS_MAX_ATTEMPTS",
  "AWS_ENDPOINT_URL",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_REGION",
] as const;

describe("what the policy pack asks of AWS", function () {
  this.timeout(120_000);
  const environment = VARIABLES.map((name) => [name, process.env[name]] as const);
  let moto: Moto;
  let ec2: EC2Client;
  let account: Account;
  let imageId: string;

  before(async () => {
    moto = await startMoto();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: moto.url,
      AWS_ACCESS_KEY_ID: "moto",
      AWS_SECRET_ACCESS_KEY: "moto",
      AWS_REGION: "us-east-1",
      AWS_MAX_ATTEMPTS: "1",
    });
    ec2 = new EC2Client({ region: REGION });
    const asked = { Filters: [{ Name: "virtualization-type", Values: ["paravirtual"] }] };
    imageId = (await ec2.send(new DescribeImagesCommand(asked))).Images?.[0].ImageId ?? "";
    await ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags: [{ Key: "team", Value: "web" }] }));
    account = accountOf({ region: REGION });
  });
  after(() => {
    ec2.destroy();
    moto.end();
    for (const [name, value] of environment) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it("is told the virtualization and the tags of an image, or that there is none", async () => {
    assert.deepEqual(await account.image(imageId), {
      found: { virtualizationType: "paravirtual", tags: { team: "web" } },
    });
    const gone = await account.image("ami-0123456789abcdef0");
    assert.match((gone as { unknown: string }).unknown, /^InvalidAMIID\.NotFound: /);
  });

  it("is told what a version of a launch template launches", async () => {
    const { LaunchTemplate } = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: "web",
        LaunchTemplateData: { ImageId: imageId, InstanceType: "m1.small" },
      }),
    );
    const expected = { found: { imageId, instanceType: "m1.small" } };
    const id = LaunchTemplate?.LaunchTemplateId;
    assert.deepEqual(await account.template({ id, version: "$Default" }), expected);
    assert.deepEqual(await account.template({ name: "web", version: "1" }), expected);
    assert.ok("unknown" in (await account.template({ id: "lt-0123456789abcdef0", version: "1" })));
  });

  it("is told what a launch configuration launches", async () => {
    const autoScaling = new AutoScalingClient({ region: REGION });
    const asked = { LaunchConfigurationName: "old-web", ImageId: imageId, InstanceType: "m1.large" };
    await autoScaling.send(new CreateLaunchConfigurationCommand(asked));
    autoScaling.destroy();
    assert.deepEqual(await account.configuration("old-web"), {
      found: { imageId, instanceType: "m1.large" },
    });
    assert.ok("unknown" in (await account.configuration("none")));
  });

  // moto's instances have none.
  it("is told the virtualization of an instance", async () => {
    const api = await openApi();
    const { instanceId } = await newInstance(api.cloud);
    process.env.AWS_ENDPOINT_URL = api.url;
    const local = accountOf({ region: "us-east-1" }, { profile: undefined });
    const answer = await local.instance(instanceId);
    process.env.AWS_ENDPOINT_URL = moto.url;
    await api.end();
    assert.deepEqual(answer, { found: { virtualizationType: "hvm", tags: {} } });
  });

  it("says why it could not be told: no region, a server that is not reached", async () => {
    delete process.env.AWS_REGION;
    const { unknown } = (await accountOf({}).image(imageId)) as { unknown: string };
    assert.match(unknown, /^no region is set for it/);
    process.env.AWS_REGION = "us-east-1";
    process.env.AWS_ENDPOINT_URL = "http://127.0.0.1:1";
    const unreached = (await accountOf({ region: "us-west-2" }).image(imageId)) as { unknown: string };
    assert.match(unreached.unknown, /^EC2 of us-west-2 cannot be reached/);
    process.env.AWS_ENDPOINT_URL = moto.url;
  });

  it("takes no type for one of PV times that EC2 does not run paravirtual images on", async () => {
    const InstanceTypes = [...PARAVIRTUAL_TYPES] as never[];
    const { InstanceTypes: told = [] } = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes }));
    assert.equal(told.length, PARAVIRTUAL_TYPES.length);
    for (const type of told) {
      assert.ok(type.SupportedVirtualizationTypes?.includes("paravirtual"), type.InstanceType);
      assert.equal(type.CurrentGeneration, false, type.InstanceType);
    }
  });
});

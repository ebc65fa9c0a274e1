import assert from "node:assert/strict";
import { askedOf, type Ec2Request } from "../../../local/rights/asked";
import { readPolicy } from "../../../local/rights/policy";
import { decodeAuthorizationMessage, refusalOf } from "../../../local/rights/rights";
import { policyText } from "../../policies/policy";

const MIGRATIONS = { "pv-to-hvm:stack": "images/prod", "pv-to-hvm:role": "helper" };
const TAGS: Record<string, Record<string, string>> = {
  "vol-ours": { ...MIGRATIONS, "pv-to-hvm:role": "source" },
  "i-ours": MIGRATIONS,
  "vol-theirs": {},
  "i-theirs": {},
};
const UP = ["preview", "up"].map((name) => readPolicy(policyText(name), `policies/${name}.json`));
const CALLER = "arn:aws:iam::123456789012:user/ci";

const request = (action: string, input: object): Ec2Request => ({
  ...{ action, input: input as Ec2Request["input"] },
  ...{ region: "us-east-1", account: "123456789012" },
});
const thingOf = async (id: string) => (id in TAGS ? { tags: TAGS[id] } : undefined);
const refusal = (action: string, input: object, policies = UP) =>
  refusalOf(request(action, input), { caller: CALLER, policies, thingOf });
const specification = (kind: string, tags: Record<string, string>) => ({
  ResourceType: kind,
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

describe("what a request touches", () => {
  it("is each thing that it names, and each that it makes, with the tags of both", async () => {
    const asked = await askedOf(
      request("RunInstances", {
        ...{
          ImageId: "ami-1",
          InstanceType: "t3.micro",
          SubnetId: "subnet-1",
          SecurityGroupIds: ["sg-1", "sg-2"],
          KeyName: "ops",
        },
        TagSpecifications: [specification("instance", MIGRATIONS)],
      }),
      thingOf,
    );
    assert.deepEqual(
      asked.map(({ action, arn }) => `${action} ${arn.split(":").slice(4).join(":")}`),
      [
        "ec2:RunInstances :image/ami-1",
        "ec2:RunInstances 123456789012:subnet/subnet-1",
        "ec2:RunInstances 123456789012:security-group/sg-1",
        "ec2:RunInstances 123456789012:security-group/sg-2",
        "ec2:RunInstances 123456789012:key-pair/ops",
        "ec2:RunInstances 123456789012:instance/*",
        "ec2:RunInstances 123456789012:network-interface/*",
        "ec2:RunInstances 123456789012:volume/*",
        "ec2:CreateTags 123456789012:instance/*",
      ],
    );
    const { context } = asked.at(-1)!;
    assert.equal(context["aws:RequestTag/pv-to-hvm:stack"], "images/prod");
    assert.equal(context["ec2:CreateAction"], "RunInstances");
  });

  it("is everything where a call only lists", async () => {
    assert.deepEqual(
      (await askedOf(request("DescribeVolumes", { VolumeIds: ["vol-ours"] }), thingOf)).map(({ arn }) => arn),
      ["*"],
    );
  });
});

describe("a request under policies", () => {
  it("passes where they allow each thing that it touches", async () => {
    assert.equal(await refusal("DeleteVolume", { VolumeId: "vol-ours" }), undefined);
    assert.equal(
      await refusal("AttachVolume", { VolumeId: "vol-ours", InstanceId: "i-ours", Device: "/dev/sdf" }),
      undefined,
    );
    assert.equal(await refusal("DescribeVolumes", {}), undefined);
    const tagged = {
      AvailabilityZone: "us-east-1a",
      Size: 1,
      TagSpecifications: [specification("volume", MIGRATIONS)],
    };
    assert.equal(await refusal("CreateVolume", tagged), undefined);
  });

  it("is refused where one thing is not allowed, in EC2's words", async () => {
    const { message = "", asked } =
      (await refusal("AttachVolume", { VolumeId: "vol-theirs", InstanceId: "i-ours" })) ?? {};
    assert.equal(asked?.arn, "arn:aws:ec2:us-east-1:123456789012:volume/vol-theirs");
    assert.match(
      message,
      /^You are not authorized to perform this operation\. User: arn:aws:iam::123456789012:user\/ci is not authorized to perform: ec2:AttachVolume on resource: arn:aws:ec2:us-east-1:123456789012:volume\/vol-theirs because no identity-based policy allows the ec2:AttachVolume action\. Encoded authorization failure message: [\w-]+$/,
    );
  });

  it("is refused without the tags in it that a statement asks for", async () => {
    assert.equal(
      (await refusal("CreateVolume", { AvailabilityZone: "us-east-1a", Size: 1 }))?.asked.arn,
      "arn:aws:ec2:us-east-1:123456789012:volume/*",
    );
  });

  it("is refused by a Deny, whatever else allows, and STS tells the statement", async () => {
    const deny = readPolicy(
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            ...{
              Sid: "CostCenter",
              Effect: "Deny",
              Action: "ec2:CreateVolume",
              Resource: "arn:aws:ec2:*:*:volume/*",
            },
            Condition: { Null: { "aws:RequestTag/CostCenter": "true" } },
          },
        ],
      }),
      "scp.json",
    );
    const input = {
      AvailabilityZone: "us-east-1a",
      Size: 1,
      TagSpecifications: [specification("volume", MIGRATIONS)],
    };
    const { message = "" } = (await refusal("CreateVolume", input, [...UP, deny])) ?? {};
    assert.match(message, /with an explicit deny in an identity-based policy\./);
    const decoded = JSON.parse(decodeAuthorizationMessage(message.split("message: ")[1])) as {
      explicitDeny: boolean;
      matchedStatements: { items: { statementId: string }[] };
      context: { action: string };
    };
    assert.deepEqual(
      [decoded.explicitDeny, decoded.matchedStatements.items[0].statementId, decoded.context.action],
      [true, "CostCenter", "ec2:CreateVolume"],
    );
  });
});

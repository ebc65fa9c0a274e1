/** The aws provider's look-ups of what a launch is let in by. */
import assert from "node:assert/strict";
import { seed } from "../../../local/cloud/seed";
import type { SecurityGroupRecord } from "../../../local/cloud/securityGroups";
import type { Properties, Provider } from "../../../local/providers/provider";
import { newFixture, seedFiles, type Fixture } from "../cloud/fixture";
import { openAws, type OpenedAws } from "./awsDoor";

const KEY_PAIR = "aws:ec2/getKeyPair:getKeyPair";
const GROUP = "aws:ec2/getSecurityGroup:getSecurityGroup";

describe("the aws provider's functions for key pairs and security groups", () => {
  let fixture: Fixture;
  let aws: OpenedAws;
  let provider: Provider;
  const groups: SecurityGroupRecord[] = [];
  before(async () => {
    fixture = newFixture();
    await seed(fixture.cloud, seedFiles(fixture));
    for (const name of ["web", "mail"]) {
      const group = { name, description: name, ingress: [], egress: [] };
      groups.push(await fixture.cloud.securityGroups.create(group));
    }
    aws = await openAws(fixture.cloud);
    provider = aws.provider;
  });
  after(async () => {
    await aws.close();
    fixture.remove();
  });

  const call = (token: string, args: Properties = {}) => provider.functions[token](args);

  it("show a pair by its name or id, and its key where that is asked for", async () => {
    const { id, keyPairId, keyType, arn, publicKey, createTime, ...rest } = await call(KEY_PAIR, {
      keyName: "local",
    });
    assert.match(String(keyPairId), /^key-[0-9a-f]{17}$/);
    assert.deepEqual([id, keyType, publicKey], [keyPairId, "rsa", ""]);
    assert.match(String(arn), /:key-pair\/local$/);
    assert.ok(!Number.isNaN(Date.parse(String(createTime))));
    assert.deepEqual(Object.keys(rest).sort(), [
      ...["fingerprint", "includePublicKey", "keyName", "region", "tags"],
    ]);
    const whole = await call(KEY_PAIR, { keyName: "local", includePublicKey: true });
    assert.match(String(whole.publicKey), /^ssh-rsa /);
    assert.equal((await call(KEY_PAIR, { keyPairId })).keyName, "local");
  });

  it("show a group by its id, or by its name in its VPC", async () => {
    const [web] = groups;
    const expected = {
      arn: `arn:aws:ec2:us-east-1:000000000000:security-group/${web.groupId}`,
      ...{
        description: "web",
        id: web.groupId,
        name: "web",
        region: "us-east-1",
        tags: {},
        vpcId: web.vpcId,
      },
    };
    for (const args of [{ id: web.groupId }, { name: "web", vpcId: web.vpcId }, { name: "web" }]) {
      assert.deepEqual(await call(GROUP, args), expected);
    }
  });

  const REFUSALS: [what: string, token: string, args: Properties, expected: RegExp][] = [
    ["a lost key pair", KEY_PAIR, { keyName: "lost" }, /^Error: no matching EC2 Key Pair found$/],
    ["a lost group", GROUP, { id: "sg-0123456789abcdef0" }, /^Error: no matching EC2 Security Group found$/],
    [
      "an id that is none",
      GROUP,
      { id: "default" },
      /^Error: reading EC2 Security Group: operation error EC2: DescribeSecurityGroups, https response error StatusCode: 400, RequestID: [-0-9a-f]{36}, api error InvalidGroupId\.Malformed/,
    ],
    ["several groups", GROUP, {}, /^Error: multiple EC2 Security Groups matched; use additional constraints/],
    [
      "an unknown argument",
      KEY_PAIR,
      { colour: "red" },
      /the local stand-in does not have colour\. Leave it out/,
    ],
  ];
  for (const [what, token, args, expected] of REFUSALS) {
    it(`${token.split(":").pop()} refuses ${what}`, () => assert.rejects(call(token, args), expected));
  }
});

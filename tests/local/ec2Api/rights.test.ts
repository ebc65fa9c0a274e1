/** Callers of the local cloud with IAM policies of their own. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as ec2 from "@aws-sdk/client-ec2";
import { rights } from "../../../local/commands/cloudRights";
import { newVolume } from "../cloud/fixture";
import { type Api, openApi, post, signedBy } from "./api";

const POLICIES = join(__dirname, "..", "..", "..", "policies");
const STACK = [
  { Key: "pv-to-hvm:stack", Value: "images/prod" },
  { Key: "pv-to-hvm:role", Value: "destination" },
];
const ROLE = "arn:aws:iam::000000000000:role/up";

describe("a caller with policies", () => {
  let api: Api;
  let ci: ec2.EC2Client;
  beforeEach(async () => {
    api = await openApi();
    ci = api.clientIn("us-east-1", "ci");
    await give("ci", "preview.json", "up.json");
  });
  afterEach(() => api.end());

  const give = (caller: string, ...names: string[]) =>
    rights(api.cloud, [caller, ...names.map((name) => join(POLICIES, name))]);
  const sts = (parameters: Record<string, string>, accessKeyId: string) =>
    post(api.url, { Version: "2011-06-15", ...parameters }, signedBy(accessKeyId));
  const volume = (client: ec2.EC2Client, Tags: ec2.Tag[], DryRun = false) =>
    client.send(
      new ec2.CreateVolumeCommand({
        ...{ AvailabilityZone: "us-east-1a", Size: 1, DryRun },
        TagSpecifications: [{ ResourceType: "volume", Tags }],
      }),
    );

  it("may do what they allow, and is refused all else by action and resource", async () => {
    const { VolumeId = "" } = await volume(ci, STACK);
    assert.equal((await ci.send(new ec2.DescribeVolumesCommand({}))).Volumes?.length, 1);
    await assert.rejects(volume(ci, [{ Key: "Name", Value: "mine" }]), {
      name: "UnauthorizedOperation",
      message:
        /^You are not authorized to perform this operation\. User: arn:aws:iam::000000000000:user\/ci is not authorized to perform: ec2:CreateVolume on resource: arn:aws:ec2:us-east-1:000000000000:volume\/\* because no identity-based policy allows the ec2:CreateVolume action\. Encoded authorization failure message: \S+$/,
    });
    await api.cloud.background.settled();
    await ci.send(new ec2.DeleteVolumeCommand({ VolumeId }));
  });

  it("is refused what is not theirs, by the tags that it has", async () => {
    const { volumeId } = await newVolume(api.cloud);
    const away = () => ci.send(new ec2.DeleteVolumeCommand({ VolumeId: volumeId }));
    await assert.rejects(away(), {
      name: "UnauthorizedOperation",
      message: new RegExp(`volume/${volumeId}`),
    });
    assert.equal((await api.cloud.volumes.describe(volumeId)).state, "available");
    await api.client.send(new ec2.CreateTagsCommand({ Resources: [volumeId], Tags: STACK }));
    await away();
  });

  it("is told in a dry run", async () => {
    await assert.rejects(volume(ci, STACK, true), { name: "DryRunOperation" });
    await assert.rejects(volume(ci, [], true), { name: "UnauthorizedOperation" });
  });

  it("may do all again where they are taken back, and all others may all the time", async () => {
    assert.ok((await volume(api.client, [])).VolumeId);
    assert.deepEqual(await rights(api.cloud, []), ["ci: preview.json, up.json"]);
    await rights(api.cloud, ["ci", "--all"]);
    assert.ok((await volume(ci, [])).VolumeId);
    assert.deepEqual(await rights(api.cloud, []), ["Nobody has policies: every access key may do all."]);
  });

  it("has the reason of a refusal decoded, with the right to that", async () => {
    const message = await volume(ci, []).then(
      () => assert.fail("was not refused"),
      (error: Error) => error.message,
    );
    const EncodedMessage = message.split(": ").at(-1) ?? "";
    const refused = await sts({ Action: "DecodeAuthorizationMessage", EncodedMessage }, "ci");
    assert.equal(refused.status, 403);
    assert.match(
      refused.text,
      /<Type>Sender<\/Type><Code>AccessDenied<\/Code>.*sts:DecodeAuthorizationMessage/,
    );
    const { text } = await sts({ Action: "DecodeAuthorizationMessage", EncodedMessage }, "local");
    assert.match(text, /"action":"ec2:CreateVolume"/);
    const nonsense = await sts({ Action: "DecodeAuthorizationMessage", EncodedMessage: "abc" }, "local");
    assert.match(nonsense.text, /InvalidAuthorizationMessageException/);
  });

  it("asks for quotas with the right to that alone", async () => {
    const headers = {
      ...signedBy("ci"),
      "x-amz-target": "ServiceQuotasV20190624.GetServiceQuota",
      "content-type": "application/x-amz-json-1.1",
    };
    const body = JSON.stringify({ ServiceCode: "ec2", QuotaCode: "L-1216C47A" });
    const ask = () => fetch(api.url, { method: "POST", headers, body });
    assert.match(await (await ask()).text(), /AccessDeniedException.*servicequotas:GetServiceQuota/);
    await rights(api.cloud, ["ci", "--all"]);
    assert.match(await (await ask()).text(), /"Value":64/);
  });

  it("takes a role, and then may do what the role's policies say", async () => {
    const assume = (RoleArn: string) =>
      sts({ Action: "AssumeRole", RoleArn, RoleSessionName: "run" }, "local");
    assert.match((await assume(ROLE)).text, /AccessDenied.*npm run cloud -- rights/);
    await give(ROLE, "preview.json");
    const { text } = await assume(ROLE);
    const key = /<AccessKeyId>(\w+)</.exec(text)?.[1] ?? "";
    const who = await sts({ Action: "GetCallerIdentity" }, key);
    assert.match(who.text, /<Arn>arn:aws:sts::000000000000:assumed-role\/up\/run<\/Arn>/);
    const session = api.clientIn("us-west-2", key);
    assert.deepEqual((await session.send(new ec2.DescribeVolumesCommand({}))).Volumes, []);
    await assert.rejects(volume(session, STACK), { message: /assumed-role\/up\/run/ });
    await rights(api.cloud, [ROLE, "--all"]);
    await assert.rejects(session.send(new ec2.DescribeVolumesCommand({})), { name: "UnauthorizedOperation" });
  });

  it("is given no file that is no policy", async () => {
    const file = join(api.directory, "wrong.json");
    writeFileSync(file, '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Permit" }]\n}\n');
    await assert.rejects(rights(api.cloud, ["ci", file]), { message: new RegExp(`^${file}, line 3: `) });
    await assert.rejects(rights(api.cloud, ["ci", join(api.directory, "none.json")]), {
      message: /none\.json/,
    });
    await assert.rejects(rights(api.cloud, ["ci"]), { message: /name the policies of ci/ });
    await assert.rejects(rights(api.cloud, ["the user"]), { message: /the user is no caller/ });
    assert.deepEqual(await rights(api.cloud, []), ["ci: preview.json, up.json"]);
  });
});

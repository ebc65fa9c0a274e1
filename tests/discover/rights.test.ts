/** What happens without a right. moto's server decides by the policy that is shipped. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Moto } from "../../local/moto";
import { Command, type Ended } from "./command";
import { ACCOUNT, FleetMaker, startFleet } from "./motoFleet";

const POLICY = readFileSync(join(__dirname, "..", "..", "policies", "discover.json"), "utf8");

describe("discover, as who has policies/discover.json", function () {
  this.timeout(240_000);
  let moto: Moto;
  let key: Record<string, string>;

  before(async () => {
    moto = await startFleet();
    const maker = new FleetMaker(moto.url);
    await maker.run("ami-00000000000000001", "web");
    maker.end();
    await iam("CreateUser", { UserName: "auditor" });
    const answer = await iam("CreateAccessKey", { UserName: "auditor" });
    const [, AccessKeyId = ""] = /<AccessKeyId>(.*?)</.exec(answer) ?? [];
    const [, secret = ""] = /<SecretAccessKey>(.*?)</.exec(answer) ?? [];
    key = { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: secret };
  });
  after(() => moto.end());

  /** IAM, by its query API: the SDK's package for it is not needed for anything else. */
  async function iam(Action: string, parameters: Record<string, string>): Promise<string> {
    const credential = "Credential=test/20260101/us-east-1/iam/aws4_request";
    const answer = await fetch(moto.url, {
      method: "POST",
      headers: { Authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0` },
      body: new URLSearchParams({ Action, Version: "2010-05-08", ...parameters }),
    });
    assert.equal(answer.status, 200, Action);
    return answer.text();
  }

  /** From now on moto lets pass so many requests, and then what policies allow. */
  async function enforce(isOn: boolean): Promise<void> {
    await fetch(`${moto.url}/moto-api/reset-auth`, { method: "POST", body: isOn ? "0" : "1000000" });
  }

  /** The command, run by a user with this policy. */
  async function run(policy: string, ...words: string[]): Promise<Ended> {
    await enforce(false);
    await iam("PutUserPolicy", { UserName: "auditor", PolicyName: "discover", PolicyDocument: policy });
    await enforce(true);
    const command = new Command(moto.url, undefined, key);
    try {
      return await command.run(...words);
    } finally {
      command.end();
    }
  }

  it("is refused nothing", async () => {
    const { status, lines, out } = await run(POLICY, "--regions", "us-east-1");
    assert.equal(status, 0, [...lines, out].join("\n"));
    assert.match(out, /^ami-00000000000000001 .* 1 instance \(1 running\)/m);
  });

  it("tells which right is missing and which policy has it, and all that it found without", async () => {
    const missing = ["autoscaling:DescribeAutoScalingGroups", "ec2:DescribeLaunchTemplateVersions"];
    const less = missing.reduce((text, action) => text.replace(`"${action}",`, ""), POLICY);
    const { status, last, out } = await run(less);
    assert.equal(status, 3);
    assert.match(
      last,
      /^REFUSED: one answer is missing, so this is a part of the fleet: 4 paravirtual images/,
    );
    const [, told = ""] = /^Not asked, so what is missing above\n(.*)$/m.exec(out) ?? [];
    assert.match(
      told,
      new RegExp(
        `^ +${ACCOUNT} us-east-1, launch templates, Auto Scaling groups: AWS does not let the caller ask`,
      ),
    );
    for (const action of missing) assert.ok(told.includes(action), `${action}: ${told}`);
    assert.match(told, /Give the caller the rights of policies\/discover\.json/);
    assert.match(out, /^ami-00000000000000001 /m);
  });

  it("tells who may not list the organization's accounts, and that they can be named", async () => {
    // moto refuses in XML, of a service that speaks JSON: so a server of the test's own says what AWS documents.
    const refusal = {
      __type: "AccessDeniedException",
      Message: "You don't have permissions to access this resource.",
    };
    const server = createServer((_request, response) => response.writeHead(400).end(JSON.stringify(refusal)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await enforce(false);
    const command = new Command(moto.url, undefined, {
      AWS_ENDPOINT_URL_ORGANIZATIONS: `http://127.0.0.1:${port}`,
    });
    const { status, last } = await command.run("--role-name", "audit");
    command.end();
    server.close();
    assert.equal(status, 3, last);
    assert.match(
      last,
      /^REFUSED: the organization: its accounts cannot be listed \(AccessDenied.*name the accounts with --accounts\.$/,
    );
  });

  it("tells which role cannot be taken, and asks the other accounts", async () => {
    const both = ["--role-name", "audit", "--accounts", `${ACCOUNT},222222222222`];
    const { status, last, out } = await run(POLICY, ...both);
    assert.equal(status, 3);
    assert.match(last, /^REFUSED: one answer is missing/);
    assert.match(
      out,
      /222222222222, the whole account: the role arn:aws:iam::222222222222:role\/audit cannot be taken \(AccessDenied/,
    );
    assert.match(out, /^ami-00000000000000001 /m);
  });

  it("tells who is no caller that AWS knows", async () => {
    const command = new Command(moto.url, undefined, { ...key, AWS_SECRET_ACCESS_KEY: "wrong" });
    const { status, last } = await command.run();
    command.end();
    assert.equal(status, 4);
    assert.match(last, /^FAILED: AWS does not know the caller in us-east-1 \(SignatureDoesNotMatch/);
  });
});

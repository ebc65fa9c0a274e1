/** An organization's accounts and several regions: moto's server answers Organizations, STS and EC2. */
import assert from "node:assert/strict";
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { Moto } from "../../local/moto";
import { Command } from "./command";
import { ACCOUNT, FleetMaker, startFleet } from "./motoFleet";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

describe("discover over accounts and regions", function () {
  this.timeout(300_000);
  let moto: Moto;
  let command: Command;
  let member = "";
  const WEB = "ami-00000000000000001";

  before(async () => {
    moto = await startFleet();
    command = new Command(moto.url);
  });
  after(() => {
    command.end();
    moto.end();
  });

  it("asks each account of the organization by its role, and every region that is named", async () => {
    const organizations = new OrganizationsClient({ region: "us-east-1", endpoint: moto.url, credentials });
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const account = { AccountName: "shop", Email: "shop@example.com" };
    const { CreateAccountStatus } = await organizations.send(new CreateAccountCommand(account));
    organizations.destroy();
    member = CreateAccountStatus?.AccountId ?? "";
    const maker = new FleetMaker(moto.url, "eu-west-1", await roleIn(member));
    await maker.run(WEB, "shop", 2);
    maker.end();
    const { fleet, status, lines } = await command.fleet(
      "--role-name",
      "audit",
      "--regions",
      "us-east-1,eu-west-1",
    );
    assert.equal(status, 0, lines.join("\n"));
    const places = fleet.places.map(({ accountId, region, instances }) => [
      accountId,
      region,
      instances.length,
    ]);
    const both = [ACCOUNT, member].sort();
    assert.deepEqual(
      places,
      both.flatMap((id) => [
        [id, "eu-west-1", id === member ? 2 : 0],
        [id, "us-east-1", 0],
      ]),
    );
    const { out } = await command.run("--role-name", "audit", "--regions", "us-east-1,eu-west-1");
    assert.match(out, /^account +region +image /m);
    assert.match(out, new RegExp(`^${member} +eu-west-1 +${WEB} .* 2 instances \\(2 running\\)`, "m"));
  });

  async function roleIn(account: string) {
    const sts = new STSClient({ region: "us-east-1", endpoint: moto.url, credentials });
    const request = { RoleArn: `arn:aws:iam::${account}:role/audit`, RoleSessionName: "test" };
    const { Credentials: given } = await sts.send(new AssumeRoleCommand(request));
    sts.destroy();
    return {
      accessKeyId: given?.AccessKeyId ?? "",
      secretAccessKey: given?.SecretAccessKey ?? "",
      sessionToken: given?.SessionToken,
    };
  }

  it("asks the accounts that are named, and no other", async () => {
    const { fleet } = await command.fleet("--role-name", "audit", "--accounts", member);
    assert.deepEqual(
      fleet.places.map(({ accountId }) => accountId),
      [member],
    );
  });

  it("asks all regions that are switched on", async () => {
    const { fleet, status } = await command.fleet("--regions", "all");
    assert.equal(status, 0);
    const regions = fleet.places.map(({ region }) => region);
    assert.ok(regions.length > 10 && regions.includes("eu-central-1"), regions.join());
  });

  it("keeps what an account says whose neighbour cannot be asked, and tells the neighbour's role", async () => {
    const iam = { AWS_ACCESS_KEY_ID: "unknown", AWS_SECRET_ACCESS_KEY: "unknown" };
    await fetch(`${moto.url}/moto-api/reset-auth`, { method: "POST", body: "1" });
    const other = new Command(moto.url, undefined, iam);
    const { fleet, status, last } = await other.fleet(
      "--role-name",
      "audit",
      "--accounts",
      `${ACCOUNT},${member}`,
    );
    other.end();
    await fetch(`${moto.url}/moto-api/reset-auth`, { method: "POST", body: "1000000" });
    assert.equal(status, 3, last);
    assert.deepEqual(fleet.unasked[0].accountId, member);
    assert.match(last, /^REFUSED: \d answers are missing/);
  });

  it("tells in a sentence that there are no credentials, no region, or no server", async () => {
    const nobody = new Command(moto.url, undefined, { HOME: command.cache });
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) delete process.env[name];
    assert.match((await nobody.run()).last, /^FAILED: no AWS credentials were found .*aws sso login/);
    nobody.end();
    const nowhere = new Command(moto.url, undefined, { HOME: command.cache });
    delete process.env.AWS_REGION;
    const { status, last } = await nowhere.run();
    nowhere.end();
    assert.deepEqual(
      [status, last],
      [2, "pv-to-hvm discover: no region is known. Name it with --region, or set AWS_REGION."],
    );
    const unreached = new Command("http://127.0.0.1:1", undefined, { AWS_MAX_ATTEMPTS: "1" });
    const ended = await unreached.run();
    unreached.end();
    assert.equal(ended.status, 4);
    assert.match(ended.last, /^FAILED: EC2 of us-east-1 cannot be reached \(connect ECONNREFUSED/);
  });
});

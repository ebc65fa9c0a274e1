/** A preflight with exactly the policies that docs/rights.md gives it: preview, up and preflight. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { EnableEbsEncryptionByDefaultCommand } from "@aws-sdk/client-ec2";
import { rights } from "../../local/commands/cloudRights";
import { preflight } from "../../preflight/preflight";
import type { Row } from "../../preflight/row";
import { hvmRequest, newImage, newSnapshot, newVolume } from "../local/cloud/fixture";
import { type Api, openApi } from "../local/ec2Api/api";
import { Witness } from "../local/rights/witness";
import { filledIn, giveRoles } from "../policies/roles";
import { allowedOf, distinct, lessThan, refusedOf, tooMuchIn } from "../policies/takeAway";
import { previewOf } from "../previewReport/made";

const ENV = {
  AWS_ACCESS_KEY_ID: "preflight",
  AWS_ENDPOINT_URL: "",
  AWS_MAX_ATTEMPTS: "1",
  AWS_REGION: "us-east-1",
  AWS_SECRET_ACCESS_KEY: "local",
};

describe("a preflight with the policies that are shipped", function () {
  this.timeout(60_000);
  let api: Api;
  let witness: Witness;
  let preview: ReturnType<typeof previewOf>;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    api = await openApi();
    await giveRoles(api.cloud, ["preflight"]);
    witness = await Witness.before(api.cloud);
    environment = { ...process.env };
    Object.assign(process.env, ENV, { AWS_ENDPOINT_URL: witness.url });
    preview = await previewed();
  });
  after(async () => {
    for (const name of Object.keys(ENV)) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
    await witness.close();
    await api.end();
  });

  /** A new migration of each kind of source, one of them to be published and launched. */
  async function previewed() {
    const { snapshotId } = await newSnapshot(api.cloud);
    const { imageId } = await newImage(api.cloud, hvmRequest(snapshotId, { name: "helper" }));
    const { volumeId } = await newVolume(api.cloud);
    const { instanceId } = await api.cloud.instances.run({ imageId, instanceType: "t3.micro" });
    await api.cloud.background.settled();
    // Where that is on, the key is asked for.
    await api.client.send(new EnableEbsEncryptionByDefaultCommand({}));
    const tags = { "pv-to-hvm:stack": "images/prod" };
    const created = (inputs: object) => ({ op: "create", new: { inputs: { tags, ...inputs } } });
    const place = { subnetId: "subnet-00000000000000001", associatePublicIpAddress: true };
    const web = {
      "": { op: "create", new: { inputs: { source: { snapshotId } } } },
      source: created({ availabilityZone: "us-east-1a", snapshotId, type: "gp3" }),
      destination: created({ availabilityZone: "us-east-1a", size: 2, type: "gp3", encrypted: true }),
      access: created({ name: "web-access", vpcId: "vpc-00000000000000001", description: "d" }),
      helper: created({ ami: imageId, instanceType: "m5.large", ...place }),
      image: created({ name: "web", architecture: "x86_64", rootDeviceName: "/dev/sda1" }),
      instance: created({ instanceType: "t3.micro", subnetId: place.subnetId }),
    };
    const of = (source: object) => ({ ...web, "": { op: "create", new: { inputs: { source } } } });
    return previewOf({ web, shop: of({ imageId }), mail: of({ volumeId }), db: of({ instanceId }) });
  }

  const having = (rows: Row[], answer: Row["answer"]) =>
    rows.filter((row) => row.answer === answer).map(({ what, found }) => `${what}: ${found}`);

  it("gets an answer to all, and none is a no", async () => {
    const rows = await preflight(preview);
    assert.deepEqual(having(rows, "no"), []);
    const unknown = having(rows, "unknown").sort();
    assert.equal(unknown.length, 2, unknown.join("\n"));
    assert.match(
      unknown[0],
      /^register an HVM image: the caller may not RegisterImage of snap-\w+, which stands in place of the migration's own$/,
    );
    assert.match(unknown[1], /^what comes after: /);
    assert.ok(having(rows, "yes").some((line) => /the quota is 64/.test(line)));
  });

  it("needs each of the look-ups in preflight", () => {
    const refused = refusedOf(witness.met).filter((line) => !line.includes("ec2:RegisterImage"));
    assert.deepEqual(refused, []);
    const without = (prefix: string) =>
      tooMuchIn("preflight", allowedOf(distinct(witness.met))).filter((what) => what.includes(prefix));
    assert.deepEqual(without(": ec2:"), []);
  });

  const LESS: [action: string, changed: (rows: Row[]) => string[]][] = [
    [
      "servicequotas:GetServiceQuota",
      (rows) => having(rows, "unknown").filter((line) => /no right to look/.test(line)),
    ],
    [
      "sts:DecodeAuthorizationMessage",
      // Without it EC2's own words are shown.
      (rows) => having(rows, "no").filter((line) => /You are not authorized/.test(line)),
    ],
  ];
  for (const [action, changed] of LESS) {
    it(`needs ${action}`, async () => {
      const less = lessThan("preflight").find(({ what }) => what.endsWith(action))!;
      const file = (name: string, text: string) => {
        writeFileSync(join(api.directory, name), text);
        return join(api.directory, name);
      };
      const attached = [
        file("preflight.json", JSON.stringify(less.document)),
        file("preview.json", filledIn("preview")),
        // Somebody who lacks something else as well: that is what there is to be decoded.
        file("up.json", filledIn("up").replace('"ec2:CreateVolume",', "")),
      ];
      await rights(api.cloud, ["preflight", ...attached]);
      assert.ok(changed(await preflight(preview)).length > 0);
    });
  }
});

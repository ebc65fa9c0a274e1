/** The policies against what the program calls: no action too few, none too many. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../preflight/dryRun";
import { LAUNCHING, register } from "../components/mockEngine";
import { needsOfAll, type Needs, sorted, updatesOf, VARIANTS } from "./graph";
import { actionsOf, isAllowed, many, POLICIES, policyText, readPolicy } from "./policy";

const ec2 = (names: string[]) => names.map((name) => `ec2:${name}`);
const ROOT = join(__dirname, "..", "..");
const UNTAGGED_INSTANCE = "arn:aws:ec2:us-east-1:123456789012:instance/i-1";

describe("the policy", function () {
  // One component a variant.
  this.timeout(60_000);
  let needs: Needs;
  before(async () => {
    needs = await needsOfAll();
  });

  it("preview allows what look-ups and a refresh read, and nothing else", () => {
    assert.deepEqual(actionsOf("preview"), ec2(needs.reads));
  });

  it("preview-live-source adds what preview allows on a migration's own instances only", () => {
    const missing = needs.reads
      .map((name) => `ec2:${name}`)
      .filter((action) => !isAllowed(["preview"], { action, arn: UNTAGGED_INSTANCE }));
    assert.deepEqual(actionsOf("preview-live-source"), missing);
  });

  it("up allows what is created, changed and deleted, and nothing else", () => {
    assert.deepEqual(actionsOf("up"), ec2(needs.changes));
  });

  it("up-live-source allows what is done to sources, and nothing else", () => {
    assert.deepEqual(actionsOf("up-live-source"), ec2(needs.sourceChanges));
  });

  it("sweep allows what the sweep's own commands are, and nothing else", () => {
    assert.deepEqual(actionsOf("sweep"), calledIn("sweep"));
  });

  it("preflight allows the look-ups of a preflight, and nothing else: a dry run needs the right to the call itself", () => {
    const dryRuns = Object.keys(COMMANDS).map((name) => `ec2:${name}`);
    // To know who one is needs no right, and to take a role is the role's own to allow.
    const free = ["sts:GetCallerIdentity", "sts:AssumeRole"];
    const asked = calledIn("preflight").filter((name) => ![...dryRuns, ...free].includes(name));
    assert.deepEqual(actionsOf("preflight"), asked);
    const allowed = new Set(actionsOf("preview", "up", "up-live-source"));
    assert.deepEqual(
      dryRuns.filter((name) => !allowed.has(name)),
      [],
    );
  });

  it("of a preview is a look, and no more", () => {
    const changing = actionsOf("preview", "preview-live-source").filter(
      (action) => !action.startsWith("ec2:Describe"),
    );
    assert.deepEqual(changing, []);
  });
});

/** What these rooms call through the AWS SDK, whose commands and paginators are named after the actions. */
function calledIn(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder)).map((file) => readFileSync(join(ROOT, folder, file), "utf8"));
  const imports = files.flatMap((source) => [
    ...source.matchAll(/import \{([^}]*)\} from "@aws-sdk\/client-([\w-]+)"/g),
  ]);
  return sorted(
    imports.flatMap(([, names, client]) =>
      names
        .split(",")
        .flatMap((name) => actionName(/^(?:paginate(\w+)|(\w+)Command)$/.exec(name.trim())))
        .map((name) => `${client.replaceAll("-", "")}:${name}`),
    ),
  );
}

function actionName(match: RegExpExecArray | null): string[] {
  return match ? [match[1] ?? match[2]] : [];
}

describe("what the policies are held against", function () {
  this.timeout(60_000);

  it("has a row for every input that may change, and says which one has none", async () => {
    const { registered } = await register(LAUNCHING);
    const image = registered.find(({ name }) => name === "web-image")!;
    const odd = { ...image, inputs: { ...image.inputs, tpmSupport: "v2.0" } };
    assert.throws(() => updatesOf(odd), /web-image: aws:ec2\/ami:Ami has no row for its input tpmSupport/);
  });

  it("does not count what is frozen", async () => {
    const { registered } = await register(LAUNCHING);
    const volume = registered.find(({ name }) => name === "web-destination")!;
    assert.ok(!updatesOf(volume).includes("ModifyVolume"));
    assert.ok(updatesOf({ ...volume, ignoreChanges: [] }).includes("ModifyVolume"));
  });

  it("shrinks with the shapes of the graph", async () => {
    const inspecting = await needsOfAll(VARIANTS.filter(([title]) => title === "an inspection alone"));
    assert.ok(inspecting.changes.includes("RunInstances"));
    assert.ok(!inspecting.changes.includes("RegisterImage"));
  });
});

describe("every policy", () => {
  for (const name of POLICIES) {
    it(`${name} is one that IAM takes: its version, its names, its size`, () => {
      const { Version, Statement } = readPolicy(name);
      const sids = Statement.map(({ Sid }) => Sid);
      assert.equal(Version, "2012-10-17");
      assert.deepEqual(
        sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid)),
        [],
        "a Sid has letters and digits",
      );
      assert.equal(new Set(sids).size, sids.length, "a Sid is there once");
      // IAM quotas: a managed policy has 6144 characters, a trust policy 2048; white space does not count.
      const most = name.startsWith("trust-") ? 2048 : 6144;
      assert.ok(policyText(name).replace(/\s/g, "").length <= most);
    });

    it(`${name} names every action, sorted, and uses no wildcard for one`, () => {
      for (const { Sid, Action } of readPolicy(name).Statement) {
        assert.deepEqual(many(Action), sorted(many(Action)), Sid);
        assert.doesNotMatch(many(Action).join(), /\*/, Sid);
      }
    });
  }
});

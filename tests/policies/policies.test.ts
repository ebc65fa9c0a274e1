/** The policies against what the program calls: no action too few, none too many. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "../../preflight/dryRun";
import { madeOf, needsOfAll, REQUESTS, sorted, VARIANTS } from "./graph";
import { actionsOf, isAllowed, many, POLICIES, policyText, readPolicy } from "./policy";

const ec2 = (names: string[]) => names.map((name) => `ec2:${name}`);
const ROOT = join(__dirname, "..", "..");
const UNTAGGED_INSTANCE = "arn:aws:ec2:us-east-1:123456789012:instance/i-1";

describe("the policy", () => {
  const needs = needsOfAll();

  it("preview allows what look-ups and a refresh read, and nothing else", () => {
    assert.deepEqual(actionsOf("preview"), ec2(needs.reads));
  });

  it("preview-live-source adds what preview allows on a migration's own instances only", () => {
    const missing = needs.reads
      .map((name) => `ec2:${name}`)
      .filter((action) => !isAllowed(["preview"], { action, arn: UNTAGGED_INSTANCE }));
    assert.deepEqual(actionsOf("preview-live-source"), missing);
  });

  it("up allows what is created, changed and deleted, and nothing else but for what is a policy of its own", () => {
    assert.deepEqual(actionsOf("up", "up-change-groups"), ec2(needs.changes));
    assert.deepEqual(actionsOf("up-change-groups"), ["ec2:ModifyNetworkInterfaceAttribute"]);
    assert.ok(!actionsOf("up").includes("ec2:ModifyNetworkInterfaceAttribute"));
  });

  it("up-narrow allows what up does", () => {
    assert.deepEqual(actionsOf("up-narrow"), actionsOf("up"));
  });

  it("up-live-source allows what is done to sources, and nothing else", () => {
    assert.deepEqual(actionsOf("up-live-source"), ec2(needs.sourceChanges));
  });

  it("sweep allows what the sweep's own commands are, and nothing else", () => {
    assert.deepEqual(actionsOf("sweep"), calledIn("sweep"));
  });

  it("discover allows what its own questions are, and nothing else", () => {
    const asked = calledIn("discover").filter((name) => name !== "sts:GetCallerIdentity");
    assert.deepEqual(actionsOf("discover"), asked);
    assert.deepEqual(
      asked.filter((name) => !/:(Describe|List)/.test(name)),
      [],
    );
  });

  it("preflight adds the look-ups that preview has not, and nothing else: a dry run needs the right to the call itself", () => {
    const dryRuns = Object.keys(COMMANDS).map((name) => `ec2:${name}`);
    // To know who one is needs no right, and to take a role is the role's own to allow.
    const free = ["sts:GetCallerIdentity", "sts:AssumeRole"];
    const others = [...dryRuns, ...free, ...actionsOf("preview")];
    const asked = calledIn("preflight").filter((name) => !others.includes(name));
    assert.deepEqual(actionsOf("preflight"), asked);
    const allowed = new Set(actionsOf("preview", "up", "up-live-source"));
    assert.deepEqual(
      dryRuns.filter((name) => !allowed.has(name)),
      [],
    );
  });

  it("of a preview is a look, and no more", () => {
    const changing = actionsOf("preview", "preview-live-source").filter(
      (action) => !/^ec2:(Describe|Get)/.test(action),
    );
    assert.deepEqual(changing, []);
  });
});

/** What these rooms call through the AWS SDK, whose commands and paginators are named after the actions. */
function calledIn(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { encoding: "utf8", recursive: true });
  const files = names
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, folder, file), "utf8"));
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
  // One component a variant.
  this.timeout(60_000);
  let made: Awaited<ReturnType<typeof madeOf>>;
  before(async () => (made = await madeOf()));

  it("has every type of resource and every look-up that the graph is made of, and no other", () => {
    assert.deepEqual(made.resources, sorted(REQUESTS.types.resources));
    assert.deepEqual(made.lookUps, sorted(Object.keys(REQUESTS.types.lookUps)));
  });

  it("has what each look-up asks for among what is needed", () => {
    const { reads } = needsOfAll();
    const asked = Object.values(REQUESTS.types.lookUps).flat();
    assert.deepEqual(
      sorted(asked).filter((action) => !reads.includes(action)),
      [],
    );
  });

  it("shrinks with the shapes of the graph", async () => {
    const { resources } = await madeOf(VARIANTS.filter(([title]) => title === "an inspection alone"));
    assert.ok(resources.includes("aws:ec2/instance:Instance"));
    assert.ok(!resources.includes("aws:ec2/ami:Ami"));
  });

  it("was recorded for all that happens to a migration: made, looked at, changed, removed", () => {
    for (const [story, action] of [
      ["up", "RunInstances"],
      ["up", "DescribeTags"],
      ["refresh", "DescribeInstanceStatus"],
      ["workbench: removed, up", "DeleteVolume"],
      ["destroy", "DeregisterImage"],
    ]) {
      assert.ok(REQUESTS.recorded[story].includes(action), `${story}: ${action}`);
    }
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

/**
 * Each role does all of its work with exactly the policies that are shipped, and each part of a policy is needed for some of
 * it: taken away, what was asked is refused. The local cloud's door decides, about what the aws provider, the sweep and the
 * preflight ask; tests/end-to-end/rights.test.ts has the same of the real engine's runs.
 */
import assert from "node:assert/strict";
import { EC2Client } from "@aws-sdk/client-ec2";
import { HELPER_IMAGE_ID, SAMPLE_SNAPSHOT_ID, seed } from "../../local/cloud/seed";
import { type Carrier, Client } from "../../local/providers/aws/client";
import { awsProvider } from "../../local/providers/aws/provider";
import { type Fixture, newFixture, seedFiles } from "../local/cloud/fixture";
import { configFor } from "../local/providers/awsDoor";
import { Witness } from "../local/rights/witness";
import { FurtherGraph } from "./furtherGraph";
import { giveRoles, ROLES, type RoleName } from "./roles";
import { distinct, refusedOf, tooMuchIn } from "./takeAway";

describe("with the policies that are shipped", function () {
  this.timeout(120_000);
  let fixture: Fixture;
  let witness: Witness;
  let graph: FurtherGraph;
  let caller: RoleName;
  let clients: Record<string, EC2Client>;

  before(async () => {
    fixture = newFixture();
    await seed(fixture.cloud, seedFiles(fixture));
    await fixture.cloud.tagging.change(SAMPLE_SNAPSHOT_ID, (tags) => ({ ...tags, migrate: "yes" }));
    await giveRoles(fixture.cloud);
    witness = await Witness.before(fixture.cloud);
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    clients = Object.fromEntries(Object.keys(ROLES).map((name) => [name, clientFor(name)]));
    const carrier: Carrier = (request) => clients[caller].send(request as never);
    const client = new Client({ carrier, everyMs: 5 });
    await client.configure(configFor(witness.url));
    graph = new FurtherGraph(awsProvider(client));
  });
  after(async () => {
    Object.values(clients).forEach((client) => client.destroy());
    await witness.close();
    fixture.remove();
  });

  function clientFor(accessKeyId: string): EC2Client {
    const credentials = { accessKeyId, secretAccessKey: "local" };
    return new EC2Client({ region: "us-east-1", credentials, endpoint: witness.url, maxAttempts: 1 });
  }

  /** A source that somebody has given the tag which lets it be migrated: the instance, and its root volume. */
  async function liveSource(): Promise<[instanceId: string, volumeId: string]> {
    const { cloud } = fixture;
    const migrate = { migrate: "yes" };
    const { instanceId } = await cloud.instances.run({
      ...{ imageId: HELPER_IMAGE_ID, instanceType: "t3.micro" },
      tags: migrate,
    });
    await cloud.background.settled();
    const [{ volumeId }] = await cloud.volumes.attachedTo(instanceId);
    await cloud.tagging.change(volumeId, (tags) => ({ ...tags, ...migrate }));
    return [instanceId, volumeId];
  }

  const STORY: [does: string, role: RoleName, work: () => Promise<unknown>][] = [
    ["previews a new migration", "preview", () => graph.lookUp()],
    ["makes one", "up", () => graph.up()],
    ["looks up all that arguments may name", "preview", () => graph.lookUpEverything()],
    ["previews what is there", "preview", () => graph.lookUpAgain()],
    ["previews with --refresh", "preview", () => graph.refresh()],
    ["changes arguments", "up", () => graph.changeArguments()],
    ["changes the groups of the launched machine", "up-groups", () => graph.changeGroups()],
    ["adds a tag", "up", () => graph.tag({ team: "x" })],
    ["takes it away", "up", () => graph.untag("team")],
    ["goes on on a helper that was stopped", "up", () => graph.goOn()],
    ["looks at a machine that runs", "preview-live", async () => graph.lookAtSource(...(await source()))],
    [
      "takes its snapshot, while it is stopped",
      "up-live",
      async () => graph.migrateLive(...(await source())),
    ],
    ["takes that away", "up", () => graph.removeLive()],
    ["converts anew", "up", () => graph.replace()],
    ["removes the workbench", "up", () => graph.removeWorkbench()],
    ["destroys", "up", () => graph.destroy()],
  ];
  let found: Promise<[string, string]> | undefined;
  const source = () => (found ??= liveSource());

  for (const [does, role, work] of STORY) {
    it(`the role ${role} (${ROLES[role].join(", ")}) ${does}`, async () => {
      caller = role;
      const before = witness.met.length;
      await work();
      assert.ok(witness.met.length > before, "it asked for nothing");
      assert.deepEqual(refusedOf(witness.met.slice(before)), []);
    });
  }

  for (const name of ["preview", "preview-live-source", "up", "up-live-source", "up-change-groups"]) {
    it(`no part of ${name} is too much`, () => assert.deepEqual(tooMuchIn(name, distinct(witness.met)), []));
  }

  it("up-narrow does in the place of up for one stack what up does, and no part of it is too much", () => {
    const updating = witness.met.filter(({ caller: by }) => ["up", "up-live"].includes(by));
    const narrow = distinct(updating.map(({ asked }) => ({ caller: "up-narrow", asked })));
    assert.deepEqual(refusedOf(narrow), []);
    assert.deepEqual(tooMuchIn("up-narrow", narrow), []);
  });
});

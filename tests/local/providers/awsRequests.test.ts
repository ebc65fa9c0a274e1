/**
 * What the stand-in for pulumi-aws asks of EC2 for this project's graph, held against what the real provider asked: rights
 * that are enforced at the door of the local cloud mean something only where both are the same.
 */
import assert from "node:assert/strict";
import { EC2Client } from "@aws-sdk/client-ec2";
import { HELPER_IMAGE_ID, seed } from "../../../local/cloud/seed";
import { serveEc2, type Ec2Server } from "../../../local/ec2Api/server";
import { Client, type Carrier } from "../../../local/providers/aws/client";
import { awsProvider } from "../../../local/providers/aws/provider";
import type { Provider } from "../../../local/providers/provider";
import { newFixture, seedFiles, type Fixture } from "../cloud/fixture";
import { configFor } from "./awsDoor";
import { Graph } from "./awsGraph";
import { recordedActions } from "./awsRecording";
import { INSTANCE, Resource } from "./awsResource";

const RULES =
  "the dynamic bridge passed over the program's rules, so the recording makes none and revokes none of its own";

/** Actions in which the two differ, by scenario, and why. */
const DIFFERENCES: Record<string, Record<string, string>> = {
  up: { AuthorizeSecurityGroupEgress: RULES, AuthorizeSecurityGroupIngress: RULES },
  "revision: 1, up": { AuthorizeSecurityGroupEgress: RULES, AuthorizeSecurityGroupIngress: RULES },
};

/** In the order in which the real provider asked for one instance. */
const READ_OF_AN_INSTANCE = [
  ...["DescribeInstances", "DescribeInstanceTypes", "DescribeTags", "DescribeVpcs"],
  ...["DescribeInstanceAttribute", "DescribeVolumes"],
  ...["DescribeInstanceAttribute", "DescribeInstanceAttribute", "DescribeInstanceAttribute"],
];

describe("what the aws stand-in asks of EC2", function () {
  let fixture: Fixture;
  let server: Ec2Server;
  let provider: Provider;
  let asked: string[] = [];
  let graph: Graph;

  before(async () => {
    fixture = newFixture();
    await seed(fixture.cloud, seedFiles(fixture));
    server = await serveEc2(fixture.cloud);
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const ec2 = new EC2Client({ region: "us-east-1", credentials, endpoint: server.url, maxAttempts: 1 });
    const carrier: Carrier = (request) => {
      asked.push(request.constructor.name.replace(/Command$/, ""));
      return ec2.send(request as never);
    };
    const client = new Client({ carrier, everyMs: 5 });
    await client.configure(configFor(server.url));
    provider = awsProvider(client);
    graph = new Graph(provider);
  });
  after(async () => {
    await server.close();
    fixture.remove();
  });

  const SCENARIOS: [scenario: string, play: () => Promise<unknown>][] = [
    ["preview of a new stack", () => graph.lookUp()],
    ["up", () => graph.up()],
    ["up again", () => graph.lookUpAgain()],
    ["refresh", () => graph.refresh()],
    ["revision: 1, up", () => graph.replace()],
    ["tags: {team: x}, up", () => graph.tag({ team: "x" })],
    ["workbench: removed, up", () => graph.removeWorkbench()],
    ["destroy", () => graph.destroy()],
  ];
  for (const [scenario, play] of SCENARIOS) {
    it(`is what the real provider asked: ${scenario}`, async () => {
      asked = [];
      await play();
      const listed = Object.keys(DIFFERENCES[scenario] ?? {});
      const actions = (all: string[]) =>
        [...new Set(all)].filter((action) => !listed.includes(action)).sort();
      assert.deepEqual(actions(asked), actions(recordedActions()[scenario]));
      const differ = listed.filter(
        (action) => asked.includes(action) !== recordedActions()[scenario].includes(action),
      );
      assert.deepEqual(differ, listed, "listed as different, and alike");
    });
  }

  it("reads an instance as the real provider did, one request after the other", async () => {
    const instance = await Resource.create(provider, INSTANCE, {
      ami: HELPER_IMAGE_ID,
      instanceType: "m8i-flex.large",
    });
    asked = [];
    await instance.refresh();
    assert.deepEqual(asked, READ_OF_AN_INSTANCE);
    const recorded = recordedActions().refresh;
    const first = recorded.indexOf("DescribeInstances");
    // Requests of other resources lie between them.
    assert.deepEqual(
      recorded
        .slice(first)
        .filter((action) => READ_OF_AN_INSTANCE.includes(action))
        .slice(0, asked.length),
      READ_OF_AN_INSTANCE,
    );
  });
});

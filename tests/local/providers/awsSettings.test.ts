/** How the aws stand-in is told where EC2 is, and what it does where EC2 does not answer. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Client } from "../../../local/providers/aws/client";
import { awsProvider } from "../../../local/providers/aws/provider";
import { settingsOf } from "../../../local/providers/aws/settings";
import type { Properties } from "../../../local/providers/provider";

const HERE = {
  AWS_ENDPOINT_URL_EC2: "http://ec2",
  AWS_ENDPOINT_URL_STS: "http://sts",
  AWS_REGION: "eu-west-1",
};

describe("the aws stand-in's settings", () => {
  it("come from the configuration, then from the environment", () => {
    const { region, endpoints } = settingsOf({}, HERE);
    assert.deepEqual([region, endpoints], ["eu-west-1", { ec2: "http://ec2", sts: "http://sts" }]);
    const given = { endpoints: '[{"ec2":"http://other"}]', region: "us-west-2" };
    assert.deepEqual(settingsOf(given, HERE).endpoints, { ec2: "http://other", sts: "http://sts" });
    assert.equal(settingsOf(given, HERE).region, "us-west-2");
  });

  it("find both services at one address where there is one only", () => {
    const region = "us-east-1";
    for (const env of [{ AWS_ENDPOINT_URL: "http://all" }, { AWS_ENDPOINT_URL_EC2: "http://all" }])
      assert.deepEqual(settingsOf({ region }, env).endpoints, { ec2: "http://all", sts: "http://all" });
  });

  const REFUSED: [what: string, config: Properties, env: NodeJS.ProcessEnv, message: RegExp][] = [
    ["no region", {}, { AWS_ENDPOINT_URL: "http://all" }, /^aws:region: is not set\. Set it with/],
    // Else it would speak to AWS, with whatever credentials there are.
    [
      "no endpoint",
      { region: "us-east-1" },
      {},
      /^aws:endpoints: none is set for EC2, and this stand-in .* \(AWS_ENDPOINT_URL\)/,
    ],
    ["endpoints that are none", { endpoints: "http://all" }, HERE, /^aws:endpoints: must be a list like/],
    [
      "an unknown setting",
      { defaultTags: "{}" },
      HERE,
      /^aws:defaultTags: the local stand-in .* does not have it/,
    ],
    [
      "a number that is none",
      { maxRetries: "-1" },
      HERE,
      /^aws:maxRetries: must be a whole number of 0 or more, got -1\.$/,
    ],
  ];
  for (const [what, config, env, message] of REFUSED)
    it(`are refused: ${what}`, () => assert.throws(() => settingsOf(config, env), { message }));
});

type Respond = (parameters: URLSearchParams) => { status: number; body: string } | undefined;

const SKIPPING = { skipCredentialsValidation: "true", skipRequestingAccountId: "true" };
const REFUSAL =
  "<Response><Errors><Error><Code>VolumeLimitExceeded</Code><Message>No more.</Message></Error></Errors></Response>";

describe("the aws stand-in, where EC2 does not answer,", () => {
  let server: Server;
  let config: Properties;
  let asked: URLSearchParams[];
  /** Undefined: the connection is ended without an answer. */
  let respond: Respond;
  beforeEach(async () => {
    asked = [];
    server = createServer(async (request, response) => {
      const parameters = new URLSearchParams(await text(request));
      asked.push(parameters);
      const answer = respond(parameters);
      if (!answer) return void request.socket.destroy();
      response.writeHead(answer.status, { "content-type": "text/xml", "x-amzn-requestid": "r-1" });
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const keys = { accessKey: "local", secretKey: "local" };
    config = { ...keys, endpoints: JSON.stringify([{ ec2: url }]), region: "us-east-1" };
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it("says so when it is to say whose the credentials are", async () => {
    respond = () => undefined;
    await assert.rejects(awsProvider(new Client({ pauseMs: 1 })).configure!({ ...config, maxRetries: "2" }), {
      message:
        /^unable to validate AWS credentials\. Details: .* operation error STS: GetCallerIdentity, exceeded maximum number of attempts, 2, https response error StatusCode: 0, RequestID: , request send failed, .+/,
    });
    assert.equal(asked.length, 2);
  });

  it("sends a request again that brought no answer, with the same token", async () => {
    respond = () => (asked.length === 1 ? undefined : { status: 400, body: REFUSAL });
    const provider = awsProvider(new Client({ pauseMs: 1 }));
    await provider.configure!({ ...config, ...SKIPPING });
    const context = { urn: "", log: () => undefined, signal: new AbortController().signal };
    const volume = { availabilityZone: "us-east-1a", size: 1 };
    await assert.rejects(provider.resources["aws:ebs/volume:Volume"].create(volume, context), {
      message:
        "creating EBS Volume: operation error EC2: CreateVolume, https response error StatusCode: 400, RequestID: r-1, " +
        "api error VolumeLimitExceeded: No more.",
    });
    const tokens = asked.map((parameters) => parameters.get("ClientToken"));
    assert.match(String(tokens[0]), /^[-0-9a-f]{36}$/);
    assert.deepEqual(tokens, [tokens[0], tokens[0]]);
  });
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  METADATA_FOLDER,
  RESPONDER_FILE,
  writeMetadata,
  writeMetadataOptions,
} from "../../../local/machines/metadata";

const METADATA = {
  "meta-data/instance-id": "i-00000000000000001",
  "meta-data/placement/availability-zone": "us-east-1a",
  "meta-data/public-keys/": "0=local",
  "meta-data/public-keys/0/openssh-key": "ssh-rsa AAAA local\n",
};

describe("the metadata service of a virtual machine", () => {
  let directory: string;
  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "metadata-"));
    writeMetadata(directory, METADATA, "#cloud-config\n");
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  function ask(request: string) {
    const command = [path.join(directory, RESPONDER_FILE), path.join(directory, METADATA_FOLDER)];
    const { stdout } = spawnSync("sh", command, { input: request, encoding: "utf8" });
    const [head, ...body] = stdout.split("\r\n\r\n");
    return { status: Number(head.split(" ")[1]), head, body: body.join("\r\n\r\n") };
  }
  const get = (target: string) => ask(`GET ${target} HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n`);

  const answers: [target: string, body: string][] = [
    // Values, with and without what old and new clients add.
    ["/latest/meta-data/instance-id", "i-00000000000000001"],
    ["/latest/meta-data/public-keys/0/openssh-key", "ssh-rsa AAAA local\n"],
    ["/2009-04-04/meta-data/instance-id", "i-00000000000000001"],
    ["/latest/meta-data/instance-id?x=1", "i-00000000000000001"],
    ["/latest/user-data", "#cloud-config\n"],
    // Listings: folders end in a slash, except that keys are listed by number and name.
    ["/", "latest/"],
    ["/latest", "meta-data/\nuser-data"],
    ["/latest/meta-data/", "instance-id\nplacement/\npublic-keys/"],
    ["/latest/meta-data/public-keys/", "0=local"],
    ["/latest/meta-data/public-keys/0/", "openssh-key"],
  ];
  for (const [target, body] of answers) {
    it(`answers ${target}`, () => {
      const answer = get(target);
      assert.equal(answer.status, 200);
      assert.equal(answer.body, body);
      assert.match(answer.head, new RegExp(`Content-Length: ${Buffer.byteLength(body)}(\r|$)`));
    });
  }

  for (const target of ["/latest/none", "/latest/../../metadata-responder", "/latest/.list", "/none"]) {
    it(`knows no ${target}`, () => assert.equal(get(target).status, 404));
  }

  /** As a client asks for a token, with headers of its own. */
  const put = (...headers: string[]) =>
    ask(["PUT /latest/api/token HTTP/1.1", ...headers, "", ""].join("\r\n"));
  const TTL = "X-aws-ec2-metadata-token-ttl-seconds";
  const withToken = (token: string) =>
    ask(`GET /latest/meta-data/instance-id HTTP/1.1\r\nx-aws-ec2-metadata-token: ${token}\r\n\r\n`);

  it("gives a token for version 2, which is good from then on, however the header is written", () => {
    const { status, body, head } = put(`${TTL.toUpperCase()}: 60`);
    assert.equal(status, 200);
    assert.match(head, /X-Aws-Ec2-Metadata-Token-Ttl-Seconds: 60/);
    assert.equal(withToken(body).body, "i-00000000000000001");
    assert.notEqual(put(`${TTL}:21600`).body, body);
  });

  for (const [title, headers, status] of [
    ["for no time", [], 400],
    ["for less than a second", [`${TTL}: 0`], 400],
    ["for more than six hours", [`${TTL}: 21601`], 400],
    ["for what is no number", [`${TTL}: 60s`], 400],
    ["through a proxy", [`${TTL}: 60`, "X-Forwarded-For: 10.0.0.7"], 403],
  ] as [string, string[], number][]) {
    it(`gives no token ${title}`, () => {
      const answer = put(...headers);
      assert.deepEqual([answer.status, answer.body], [status, ""]);
    });
  }

  it("knows a token that it has not given, or whose time is over, and answers it nothing", () => {
    const { body } = put(`${TTL}: 1`);
    const [until, digest] = body.split("-");
    for (const token of ["token", `${Number(until) + 100}-${digest}`, `${until}-`, "-", "$(id)-x"]) {
      assert.deepEqual([withToken(token).status, withToken(token).body], [401, ""], token);
    }
    while (Date.now() / 1000 < Number(until)) spawnSync("sleep", ["0.2"]);
    assert.equal(withToken(body).status, 401);
  });

  it("answers nobody without a token where the instance asks for one, from the next request on", () => {
    writeMetadataOptions(directory, { httpTokens: "required" });
    assert.deepEqual([get("/latest/user-data").status, get("/latest/user-data").body], [401, ""]);
    assert.equal(get("/latest/none").status, 401);
    assert.equal(withToken(put(`${TTL}: 60`).body).body, "i-00000000000000001");
    writeMetadataOptions(directory, { httpTokens: "optional" });
    assert.equal(get("/latest/user-data").status, 200);
  });

  it("answers nobody where it is switched off", () => {
    writeMetadataOptions(directory, { httpEndpoint: "disabled" });
    for (const answer of [get("/latest/user-data"), put(`${TTL}: 60`)]) {
      assert.deepEqual([answer.status, answer.body], [403, ""]);
    }
    writeMetadataOptions(directory, {});
    assert.equal(get("/latest/user-data").status, 200);
  });

  it("shows nobody what it goes by", () => {
    for (const name of [".options", ".secret", "latest/../.secret"])
      assert.equal(get(`/${name}`).status, 404);
    assert.equal(get("/").body, "latest/");
  });

  it("has no options where there is no machine", () => {
    const nowhere = path.join(directory, "nowhere");
    writeMetadataOptions(nowhere, {});
    assert.equal(fs.existsSync(nowhere), false);
  });

  it("sends the head alone when only that is asked for", () => {
    const answer = ask("HEAD /latest/meta-data/instance-id HTTP/1.1\r\n\r\n");
    assert.equal(answer.status, 200);
    assert.equal(answer.body, "");
  });

  it("has no user data where none was given", () => {
    const other = fs.mkdtempSync(path.join(os.tmpdir(), "metadata-"));
    writeMetadata(other, METADATA);
    assert.equal(fs.existsSync(path.join(other, METADATA_FOLDER, "latest/user-data")), false);
    fs.rmSync(other, { recursive: true });
  });
});

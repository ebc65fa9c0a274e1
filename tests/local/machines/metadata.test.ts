import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { METADATA_FOLDER, RESPONDER_FILE, writeMetadata } from "../../../local/machines/metadata";

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

  it("gives a token for version 2", () => {
    const answer = ask("PUT /latest/api/token HTTP/1.1\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n\r\n");
    assert.equal(answer.status, 200);
    assert.equal(answer.body, "token");
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

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { formatRsaPublicKey } from "../../../local/cloud/openssh";
import { assertRefused, hvmRequest, newFixture, newImage, newSnapshot, type Fixture } from "./fixture";

const ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

describe("key pairs", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());

  it("show an RSA key by the MD5 of its DER form, as openssl finds it", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const file = path.join(fixture.directory, "key.pem");
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const der = execFileSync("openssl", ["pkey", "-in", file, "-pubout", "-outform", "DER"]);
    const md5 = execFileSync("openssl", ["md5", "-c"], { input: der }).toString().trim().split("= ").pop();
    const record = await fixture.cloud.keyPairs.import("rsa", formatRsaPublicKey(publicKey, "me"));
    assert.deepEqual([record.keyType, record.fingerprint], ["rsa", md5]);
  });

  it("write an RSA key as ssh-keygen does", () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const file = path.join(fixture.directory, "key.pem");
    writeFileSync(file, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
    const written = execFileSync("ssh-keygen", ["-y", "-f", file]).toString().trim();
    assert.equal(formatRsaPublicKey(publicKey, "").trim(), written);
  });

  it("take ed25519", async () => {
    assert.equal((await fixture.cloud.keyPairs.import("ed", ED25519)).keyType, "ed25519");
  });

  const formats = [
    "",
    "ssh-rsa",
    "ssh-rsa AAAA",
    ED25519.replace("ssh-ed25519", "ssh-rsa"),
    "ecdsa-sha2-nistp256 AAAA",
  ];
  for (const text of formats) {
    it(`refuse "${text.slice(0, 20)}" for a key`, () =>
      assertRefused(
        async () => fixture.cloud.keyPairs.import("bad", text),
        "InvalidKey.Format",
        "Key is not in valid OpenSSH public key format",
      ));
  }

  it("have names of their own", async () => {
    await fixture.cloud.keyPairs.import("mine", ED25519);
    const again = () => fixture.cloud.keyPairs.import("mine", ED25519);
    await assertRefused(again, "InvalidKeyPair.Duplicate", "The keypair 'mine' already exists.");
  });

  it("may be deleted twice", async () => {
    await fixture.cloud.keyPairs.import("mine", ED25519);
    await fixture.cloud.keyPairs.delete("mine");
    await fixture.cloud.keyPairs.delete("mine");
    await assertRefused(
      () => fixture.cloud.keyPairs.describe("mine"),
      "InvalidKeyPair.NotFound",
      "The key pair 'mine' does not exist",
    );
  });
});

describe("security groups", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());

  const request = (name: string) => ({ name, description: "test", ingress: [], egress: [] });
  const ssh = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8"] };

  it("have names of their own in a VPC", async () => {
    await fixture.cloud.securityGroups.create(request("web"));
    const text = "The security group 'web' already exists for VPC 'vpc-00000000000000001'";
    await assertRefused(
      () => fixture.cloud.securityGroups.create(request("web")),
      "InvalidGroup.Duplicate",
      text,
    );
  });

  it("keep their rules until these are changed", async () => {
    const { securityGroups } = fixture.cloud;
    const { groupId } = await securityGroups.create({ ...request("web"), ingress: [ssh] });
    await securityGroups.modify(groupId, { egress: [ssh] });
    const { ingress, egress } = await securityGroups.describe(groupId);
    assert.deepEqual({ ingress, egress }, { ingress: [ssh], egress: [ssh] });
  });

  it("cannot be deleted while an instance is in them", async () => {
    const { cloud } = fixture;
    const { groupId } = await cloud.securityGroups.create(request("web"));
    const { imageId } = await newImage(cloud, hvmRequest((await newSnapshot(cloud)).snapshotId));
    const launch = { imageId, instanceType: "t3.micro", securityGroupIds: [groupId] };
    const { instanceId } = await cloud.instances.run(launch);
    await cloud.background.settled();
    const remove = () => cloud.securityGroups.delete(groupId);
    await assertRefused(remove, "DependencyViolation", `resource ${groupId} has a dependent object`);
    await cloud.instances.terminate(instanceId);
    await cloud.background.settled();
    await remove();
    await assertRefused(
      () => cloud.securityGroups.describe(groupId),
      "InvalidGroup.NotFound",
      `The security group '${groupId}' does not exist`,
    );
  });

  it("refuse ports that are the wrong way round", async () => {
    const ingress = [{ ...ssh, fromPort: 23 }];
    const text =
      "Invalid value '23-22' for portRange with protocol tcp. Must be from 0 to 65535, lowest first";
    await assertRefused(
      async () => fixture.cloud.securityGroups.create({ ...request("web"), ingress }),
      "InvalidParameterValue",
      text,
    );
  });

  it("refuse a VPC that is not there", () =>
    assertRefused(
      async () => fixture.cloud.securityGroups.create({ ...request("web"), vpcId: "vpc-0123456789abcdef0" }),
      "InvalidVpcID.NotFound",
      "The vpc ID 'vpc-0123456789abcdef0' does not exist",
    ));
});

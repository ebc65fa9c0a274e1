/** Clients that nobody here wrote: boto3, and AWS' own command, which the set-up of the tests brings. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { formatRsaPublicKey } from "../../../local/cloud/openssh";
import { hvmRequest, newImage, newSnapshot, newVolume } from "../cloud/fixture";
import { type Api, openApi } from "./api";

const PYTHON = join(__dirname, "..", "..", "..", ".cache", "ec2-clients", "bin", "python");

describe("clients of EC2's that others wrote", function () {
  this.timeout(120_000);
  let api: Api;
  before(() =>
    assert.ok(existsSync(PYTHON), `${PYTHON} is not there: bash local/setup.sh --for test brings it`),
  );
  beforeEach(async () => (api = await openApi()));
  afterEach(() => api.end());

  /** Nothing of the user's own account is looked at. */
  async function python(...words: string[]): Promise<unknown> {
    const env = {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL_EC2: api.url,
      AWS_ENDPOINT_URL_STS: api.url,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    const { stdout } = await promisify(execFile)(PYTHON, words, { env });
    return JSON.parse(stdout || "null");
  }

  const aws = (...words: string[]) => python("-m", "awscli", ...words, "--output", "json");

  it("boto3 does all that a migration does, by its waiters and paginators", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const told = await python(join(__dirname, "clients", "story.py"), formatRsaPublicKey(publicKey, "boto3"));
    assert.deepEqual(told, {
      caller: "arn:aws:iam::000000000000:user/local",
      regions: ["us-east-1", "us-west-2", "eu-central-1"],
      twice: ["InvalidPermission.Duplicate", 400],
      group: [1, "-1"],
      dry: ["DryRunOperation", 412],
      again: true,
      other: ["IdempotentParameterMismatch", 400],
      "in use": ["VolumeInUse", 400],
      instance: {
        state: "running",
        key: "boto3",
        tags: [{ Key: "Name", Value: "the instance" }],
        devices: ["/dev/sdf", "/dev/xvda"],
        type: "t3.micro",
        "user data": Buffer.from("#!/bin/sh\n").toString("base64"),
      },
      tags: ["instance", "snapshot", "volume"],
      pages: [5, 1],
      found: true,
      gone: [
        ["InvalidVolume.NotFound", 400],
        ["InvalidAMIID.NotFound", 400],
        ["InvalidGroup.NotFound", 400],
        ["InvalidKeyPair.NotFound", 400],
      ],
    });
  });

  it("AWS' own command shows images, launches one and takes a snapshot", async () => {
    const { snapshotId } = await newSnapshot(api.cloud);
    const { imageId } = await newImage(api.cloud, hvmRequest(snapshotId));
    const images = await aws("ec2", "describe-images", "--owners", "self", "--query", "Images[].ImageId");
    assert.deepEqual(images, [imageId]);
    const launch = [
      "--image-id",
      imageId,
      "--instance-type",
      "t3.micro",
      "--query",
      "Instances[0].State.Name",
    ];
    assert.equal(await aws("ec2", "run-instances", ...launch), "pending");
    const { volumeId } = await newVolume(api.cloud);
    const taken = await aws("ec2", "create-snapshot", "--volume-id", volumeId, "--query", "[VolumeId,State]");
    assert.deepEqual(taken, [volumeId, "pending"]);
    assert.equal((await api.cloud.instances.list()).length, 1);
  });
});

/** EBS and EC2 as nobody here wrote them: moto's server, from PyPI. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { openSync, readSync, closeSync, truncateSync } from "node:fs";
import {
  CompleteSnapshotCommand,
  EBSClient,
  PutSnapshotBlockCommand,
  StartSnapshotCommand,
} from "@aws-sdk/client-ebs";
import { allocatedExtents, BLOCK_BYTES, blocksFrom } from "../../local/ec2Api/ebs/allocation";
import { isRoot, removeFolders } from "../converter/disk/images";
import { makeDisks } from "../converter/families/phonyGuests";
import { plainGuest } from "../converter/families/plainGuest";
import { run } from "../converter/families/program";
import { type Moto, startMoto } from "../../local/moto";
import { OnLocalCloud } from "./onLocalCloud";

(isRoot ? describe : describe.skip)("inspect of a snapshot in front of moto", function () {
  this.timeout(240_000);
  let moto: Moto;
  let cloud: OnLocalCloud;
  let ebs: EBSClient;

  before(async () => {
    cloud = await OnLocalCloud.open();
    moto = await startMoto();
    const { url } = moto;
    Object.assign(process.env, { AWS_ENDPOINT_URL_EC2: url, AWS_ENDPOINT_URL_EBS: url });
    ebs = new EBSClient({ region: "us-east-1", endpoint: url });
  });
  after(async () => {
    ebs.destroy();
    moto.end();
    await cloud.end();
    removeFolders();
  });

  /** Puts a disk's blocks there, as a program for backups does. */
  async function upload(image: string): Promise<string> {
    const { SnapshotId = "" } = await ebs.send(new StartSnapshotCommand({ VolumeSize: 1 }));
    const file = openSync(image, "r");
    let ChangedBlocksCount = 0;
    for (const BlockIndex of blocksFrom(await allocatedExtents(image), 0)) {
      const BlockData = Buffer.alloc(BLOCK_BYTES);
      readSync(file, BlockData, 0, BLOCK_BYTES, BlockIndex * BLOCK_BYTES);
      const Checksum = createHash("sha256").update(BlockData).digest("base64");
      const what = { SnapshotId, BlockIndex, BlockData, DataLength: BLOCK_BYTES, Checksum };
      await ebs.send(new PutSnapshotBlockCommand({ ...what, ChecksumAlgorithm: "SHA256" }));
      ChangedBlocksCount++;
    }
    closeSync(file);
    await ebs.send(new CompleteSnapshotCommand({ SnapshotId, ChangedBlocksCount }));
    return SnapshotId;
  }

  it("tells what a disk with the same bytes tells", async () => {
    const { source } = makeDisks(plainGuest("bare ext4"));
    // EBS knows whole GiB alone.
    truncateSync(source, 2 ** 30);
    const snapshotId = await upload(source);
    const ofDisk = await run("inspect", source);
    const { status, report, lines } = await cloud.report(snapshotId);
    assert.equal(status, 0, lines.join("\n"));
    assert.deepEqual(report.plan, ofDisk.report.plan);
    assert.deepEqual(report.facts?.guest, ofDisk.report.facts?.guest);
  });

  it("is told that a snapshot is not there", async () => {
    const { status, last } = await cloud.inspect("snap-0123456789abcdef0");
    assert.match(last, /^REFUSED: snap-0123456789abcdef0: is not in us-east-1/);
    assert.equal(status, 3);
  });
});

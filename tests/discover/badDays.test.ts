/** What is told if AWS or this machine gives no answer: in front of the local cloud, into which faults are put. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { filesystemWith, isRoot, removeFolders, scratchFolder } from "../converter/disk/images";
import { run as runProgram } from "../../converter/run";
import { newImage, pvRequest } from "../local/cloud/fixture";
import { OnLocalCloud } from "../snapshots/onLocalCloud";
import { Command } from "./command";

(isRoot ? describe : describe.skip)("discover on a bad day", function () {
  this.timeout(240_000);
  let cloud: OnLocalCloud;
  let command: Command;
  let imageId: string;
  let snapshotId: string;

  before(async () => {
    cloud = await OnLocalCloud.open();
    command = new Command(cloud.api.url, cloud.program, { AWS_MAX_ATTEMPTS: "2" });
    snapshotId = await cloud.snapshotOf(filesystemWith({ "etc/motd": "hello\n" }));
    ({ imageId } = await newImage(cloud.api.cloud, pvRequest(snapshotId, { name: "old" })));
  });
  afterEach(() => cloud.api.cloud.faults.clear());
  after(async () => {
    command.end();
    await cloud.end();
    removeFolders();
  });

  const fault = (action: string, code: string, times: number) =>
    cloud.api.cloud.faults.add({ action, code, times, message: "not now" });

  it("asks again where it was throttled", async () => {
    await fault("DescribeImages", "RequestLimitExceeded", 1);
    const { status, out } = await command.run();
    assert.equal(status, 0);
    assert.match(out, new RegExp(`^${imageId} +old `, "m"));
  });

  it("tells who is throttled without end, and what it found all the same", async () => {
    await fault("DescribeInstances", "RequestLimitExceeded", 20);
    const { status, out, last } = await command.run();
    assert.equal(status, 4);
    assert.match(out, new RegExp(`^${imageId} +old `, "m"));
    assert.match(
      out,
      /us-east-1, instances: AWS takes no more requests at this time .* growing pauses\. Wait/,
    );
    assert.match(
      last,
      /^FAILED: one answer is missing, so this is a part of the fleet: 1 paravirtual image /,
    );
  });

  it("tells a stand-in's lack of an action beside what it found, and not as a failure", async () => {
    const { fleet, status } = await command.fleet();
    assert.equal(status, 0);
    assert.match(fleet.places[0].notes.join("\n"), /^This endpoint has no spot fleets: InvalidAction/m);
  });

  it("says of a snapshot that vanishes meanwhile that it cannot be read", async () => {
    await fault("ListSnapshotBlocks", "ResourceNotFoundException", 1);
    const { fleet, status } = await command.fleet("--inspect");
    assert.equal(status, 0);
    const { inspection } = fleet.places[0].images[0];
    assert.equal(inspection.verdict, "not readable");
    assert.match(JSON.stringify(inspection), /is not in us-east-1, or it is not shared/);
  });

  it("prints what it found if nothing can be kept, and says why", async () => {
    const file = join(scratchFolder(), "file");
    fs.writeFileSync(file, "");
    const { status, out, last } = await command.run("--cache", file);
    assert.equal(status, 4);
    assert.match(out, new RegExp(`^${imageId} +old `, "m"));
    assert.match(
      last,
      /^FAILED: --cache: \S+ cannot be written to \(.*\)\. Make room there, or name another folder/,
    );
  });

  it("stops reading where the cache's disk is full, and prints what it found", async () => {
    const folder = join(scratchFolder(), "small");
    fs.mkdirSync(folder);
    const run = (...words: string[]) => runProgram(words, { purpose: "making a small disk" });
    await run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder);
    try {
      const { status, fleet } = await command.fleet("--inspect", "--cache", folder);
      assert.equal(status, 4);
      assert.equal(fleet.places[0].images[0].inspection.verdict, "not inspected");
      assert.match(
        fleet.unasked[0].found,
        /^--cache: \S+ has \d.* free, and that is not enough for the blocks/,
      );
    } finally {
      await run("umount", folder);
    }
  });

  it("is not begun by who cannot mount", async () => {
    const { getuid } = process;
    process.getuid = () => 1000;
    const { status, out, last } = await command.run("--inspect").finally(() => (process.getuid = getuid));
    assert.deepEqual([status, out], [3, ""]);
    assert.match(last, /^REFUSED: .*root/);
  });
});

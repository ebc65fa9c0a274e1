import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Cloud } from "../../../local/cloud/cloud";
import type { Busy, Done } from "./busy";
import { fileMachines } from "./fileMachines";
import { hvmRequest, newImage, newSnapshot } from "./fixture";

const PROCESSES = 2;
const COUNT = 10;
const FAULTS = 12;

describe("several processes at once on one cloud", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "parallel-test-"));
  const machinesDirectory = path.join(directory, "machines");
  const cloudDirectory = path.join(directory, "cloud");
  const cloud = new Cloud(cloudDirectory, { openMachine: fileMachines(machinesDirectory), delayMs: 1 });
  let done: Done[];
  before(async function () {
    this.timeout(60_000);
    const { imageId } = await newImage(cloud, hvmRequest((await newSnapshot(cloud)).snapshotId));
    await cloud.faults.add({ action: "DescribeVolumes", code: "RequestLimitExceeded", times: FAULTS });
    const busy: Busy = { cloudDirectory, machinesDirectory, imageId, count: COUNT };
    done = await Promise.all(Array.from({ length: PROCESSES }, () => letWork(busy)));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("give no address twice", () => {
    const addresses = done.flatMap((each) => each.addresses);
    assert.equal(addresses.length, PROCESSES * COUNT * 2);
    assert.equal(new Set(addresses).size, addresses.length);
  });

  it("lose no record and no change: every instance runs with its root volume and the one that was attached", async () => {
    const instances = await cloud.instances.list();
    assert.equal(instances.length, PROCESSES * COUNT);
    for (const { instanceId, state } of instances) {
      const attached = await cloud.volumes.attachedTo(instanceId);
      assert.deepEqual(
        [state, ...attached.map(({ attachment }) => `${attachment.state} ${attachment.deviceName}`)],
        ["running", "attached /dev/sda1", "attached /dev/sdf"],
      );
    }
  });

  it("meet as many faults as there were, each once", async () => {
    const refused = done.reduce((sum, each) => sum + each.refused, 0);
    assert.equal(refused, FAULTS);
    assert.deepEqual(await cloud.faults.list(), []);
  });

  it("leave nothing under way", () => {
    assert.deepEqual(readdirSync(path.join(cloudDirectory, "state", "transitions")), []);
  });
});

async function letWork(busy: Busy): Promise<Done> {
  const program = path.join(__dirname, "busy.ts");
  const node = ["-r", "./tests/compile.cjs", program, JSON.stringify(busy)];
  const { stdout } = await promisify(execFile)(process.execPath, node);
  return JSON.parse(stdout) as Done;
}

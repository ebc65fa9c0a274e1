import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { Cloud } from "../../../local/cloud/cloud";
import { Store } from "../../../local/cloud/store";
import { callsTo, fileMachines } from "./fileMachines";
import { firstBytes, hvmRequest, newImage, newSnapshot, newVolume } from "./fixture";
import type { Asked, Stage } from "./interrupted";

/** A cloud on machines that other processes find as well. */
class Scene {
  readonly directory = mkdtempSync(path.join(tmpdir(), "killed-test-"));
  readonly machines = path.join(this.directory, "machines");
  readonly cloud = new Cloud(path.join(this.directory, "cloud"), {
    openMachine: fileMachines(this.machines),
    delayMs: 1,
  });

  /** One of everything that something can be asked of. */
  async set(midway: boolean): Promise<Stage> {
    const { cloud } = this;
    const { snapshotId } = await newSnapshot(cloud, "of the snapshot");
    const { imageId } = await newImage(cloud, hvmRequest(snapshotId, { name: "image of all" }));
    const launch = async () => (await cloud.instances.run({ imageId, instanceType: "t3.micro" })).instanceId;
    const volume = async () => (await newVolume(cloud)).volumeId;
    const running = { toStop: await launch(), toEnd: await launch(), toAttachTo: await launch() };
    const stopped = await launch();
    const volumes = {
      toDelete: await volume(),
      toAttach: await volume(),
      toDetach: await volume(),
      toCopy: await volume(),
      toWriteTo: await volume(),
    };
    await cloud.background.settled();
    await cloud.instances.stop(stopped);
    await cloud.attachments.attach(volumes.toDetach, running.toAttachTo, "/dev/sdf");
    await cloud.background.settled();
    this.write(volumes.toCopy, "copied");
    const { directory: cloudDirectory } = cloud;
    return {
      cloudDirectory,
      machinesDirectory: this.machines,
      midway,
      running,
      stopped,
      volumes,
      snapshotId,
      imageId,
    };
  }

  write(volumeId: string, text: string): void {
    writeFileSync(this.cloud.disks.volumeFile(volumeId), text, { flag: "r+" });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Lets another process ask for everything, and kills it when all of that has been answered and `until` holds. */
async function askAndBeKilled(stage: Stage, until: (asked: Asked) => boolean = () => true): Promise<Asked> {
  const program = path.join(__dirname, "interrupted.ts");
  const node = ["-r", "./tests/compile.cjs", program, JSON.stringify(stage)];
  const child = spawn(process.execPath, node, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const asked = JSON.parse(line) as Asked;
  while (!until(asked)) await setImmediate();
  child.kill("SIGKILL");
  await once(child, "close");
  return asked;
}

/** The states as they are written down: looking through the cloud would set things going again. */
async function statesOf({ directory }: Cloud, asked: Asked): Promise<string[]> {
  const store = new Store(directory);
  const stateOf = async (kind: string, id: string) =>
    String((await store.collection<{ state: string }>(kind).get(id))?.state);
  return Promise.all([
    stateOf("volumes", asked.blankVolume),
    stateOf("volumes", asked.filledVolume),
    stateOf("snapshots", asked.snapshot),
    stateOf("snapshots", asked.failedSnapshot),
    stateOf("images", asked.image),
    stateOf("instances", asked.instance),
  ]);
}

describe("what a killed process left under way", () => {
  let scene: Scene;
  let stage: Stage;
  let asked: Asked;
  let atFirst: string[];
  before(async () => {
    scene = new Scene();
    stage = await scene.set(false);
    asked = await askAndBeKilled(stage);
    atFirst = await statesOf(scene.cloud, asked);
    // Half a copy, as a kill in the middle of one leaves it.
    writeFileSync(`${scene.cloud.disks.snapshotFile(asked.snapshot)}.0.new`, "cop");
    scene.write(stage.volumes.toWriteTo, "written to since");
    await scene.cloud.volumes.list();
    await scene.cloud.background.settled();
  });
  after(() => scene.remove());

  it("was answered and not begun", () => {
    assert.deepEqual(atFirst, ["creating", "creating", "pending", "pending", "pending", "pending"]);
  });

  it("is done when somebody next looks: volumes are made, of a snapshot's bytes where there is one", async () => {
    const { cloud } = scene;
    assert.equal((await cloud.volumes.describe(asked.blankVolume)).state, "available");
    assert.equal((await cloud.volumes.describe(asked.filledVolume)).state, "available");
    assert.equal(firstBytes(cloud.disks.volumeFile(asked.filledVolume), 15), "of the snapshot");
  });

  it("is a snapshot of the bytes of its time, and no half of a copy is left", async () => {
    const { cloud } = scene;
    assert.equal((await cloud.snapshots.describe(asked.snapshot)).state, "completed");
    assert.equal(firstBytes(cloud.disks.snapshotFile(asked.snapshot), 6), "copied");
    const files = readdirSync(path.join(cloud.directory, "snapshots"));
    assert.deepEqual(
      files.filter((name) => name.endsWith(".new")),
      [],
    );
  });

  it("is no snapshot where the volume was written to since: it says why", async () => {
    const { state, stateMessage } = await scene.cloud.snapshots.describe(asked.failedSnapshot);
    const volumeId = stage.volumes.toWriteTo;
    assert.deepEqual(
      [state, stateMessage],
      [
        "error",
        `The copy of ${volumeId} was cut short, and the volume has been written to since. Take another snapshot`,
      ],
    );
  });

  it("is an image that is available", async () => {
    assert.equal((await scene.cloud.images.describe(asked.image)).state, "available");
  });

  it("is an instance that runs on one root volume", async () => {
    const { cloud } = scene;
    assert.equal((await cloud.instances.describe(asked.instance)).state, "running");
    const attached = await cloud.volumes.attachedTo(asked.instance);
    assert.deepEqual(
      attached.map(({ state, attachment }) => [state, attachment.state]),
      [["in-use", "attached"]],
    );
  });

  it("starts, stops and ends instances", async () => {
    const { instances } = scene.cloud;
    assert.equal((await instances.describe(stage.stopped)).state, "running");
    assert.equal((await instances.describe(stage.running.toStop)).state, "stopped");
    assert.equal((await instances.describe(stage.running.toEnd)).state, "terminated");
    assert.deepEqual(await scene.cloud.volumes.attachedTo(stage.running.toEnd), []);
  });

  it("attaches, detaches and deletes volumes", async () => {
    const { volumes } = scene.cloud;
    const { toAttach, toDetach, toDelete } = stage.volumes;
    assert.equal((await volumes.describe(toAttach)).attachment?.state, "attached");
    assert.equal((await volumes.describe(toDetach)).state, "available");
    assert.equal(await volumes.find(toDelete), undefined);
    assert.ok(!readdirSync(path.join(scene.cloud.directory, "volumes")).includes(`${toDelete}.raw`));
  });

  it("is written down no more", () => {
    assert.deepEqual(readdirSync(path.join(scene.cloud.directory, "state", "transitions")), []);
  });
});

describe("a start that was cut short", () => {
  it("is made again from the beginning, whatever had come of it", async () => {
    const scene = new Scene();
    try {
      const stage = await scene.set(true);
      const isStarting = (id: string) => callsTo(scene.machines, id).at(-1) === "start";
      const { instance } = await askAndBeKilled(
        stage,
        (asked) => isStarting(asked.instance) && isStarting(stage.stopped),
      );
      const { instances, background } = scene.cloud;
      await instances.list();
      await background.settled();
      for (const id of [instance, stage.stopped]) {
        assert.equal((await instances.describe(id)).state, "running", id);
        assert.deepEqual(callsTo(scene.machines, id).slice(-3), ["start", "destroy", "start"], id);
      }
    } finally {
      scene.remove();
    }
  });
});

describe("what a living process has under way", () => {
  it("is left to it", async () => {
    const scene = new Scene();
    try {
      const slow = new Cloud(scene.cloud.directory, { delayMs: 50 });
      const { volumeId } = await slow.volumes.create({ availabilityZone: "us-east-1a", sizeGb: 1 });
      await scene.cloud.volumes.list();
      await scene.cloud.background.settled();
      assert.equal((await scene.cloud.volumes.describe(volumeId)).state, "creating");
      await slow.background.settled();
      assert.equal((await scene.cloud.volumes.describe(volumeId)).state, "available");
    } finally {
      scene.remove();
    }
  });
});

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { Cloud } from "../../../local/cloud/cloud";
import { empty } from "../../../local/cloud/empty";
import { INSTANCE_TYPES } from "../../../local/cloud/instanceTypes";
import { list } from "../../../local/cloud/inventory";
import {
  seed,
  seededKeyFile,
  useSeededToolbox,
  SAMPLE_IMAGE_ID,
  SAMPLE_SNAPSHOT_ID,
} from "../../../local/cloud/seed";
import { Store } from "../../../local/cloud/store";
import { firstBytes, newFixture, newInstance, seedFiles, type Fixture } from "./fixture";

describe("the cloud", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());

  it("is seeded with a PV image, the helper's image and a key pair, under fixed ids", async () => {
    await seed(fixture.cloud, seedFiles(fixture));
    const rows = (await list(fixture.cloud)).map(({ kind, id, state, name, size }) => [
      kind,
      id,
      state,
      name,
      size,
    ]);
    const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
    const [pair] = await fixture.cloud.keyPairs.list();
    assert.deepEqual(rows, [
      ["snapshot", "snap-00000000000000001", "completed", "Root volume of debian-12-pv-sample", "1 GiB"],
      ["snapshot", "snap-00000000000000002", "completed", `Root volume of debian-13-amd64-${day}`, "1 GiB"],
      ["image", "ami-00000000000000001", "available", "debian-12-pv-sample", "paravirtual x86_64"],
      ["image", "ami-00000000000000002", "available", `debian-13-amd64-${day}`, "hvm x86_64"],
      ["key pair", pair.keyPairId, "", "local", "rsa"],
    ]);
    assert.equal(statSync(seededKeyFile(fixture.cloud)).mode & 0o777, 0o600);
  });

  it("runs machines out of the helper's image that it was seeded with, unless another is named", async () => {
    const { directory } = fixture.cloud;
    const toolboxIn = (env: NodeJS.ProcessEnv) => {
      useSeededToolbox(directory, env);
      return env.PV_TO_HVM_TOOLBOX;
    };
    assert.equal(toolboxIn({}), undefined);
    await seed(fixture.cloud, seedFiles(fixture));
    assert.equal(toolboxIn({}), fixture.cloud.disks.snapshotFile("snap-00000000000000002"));
    assert.equal(toolboxIn({ PV_TO_HVM_TOOLBOX: "/mine" }), "/mine");
  });

  it("is seeded twice as well as once, and takes an image file that changed anew", async () => {
    const { cloud } = fixture;
    const files = seedFiles(fixture);
    await seed(cloud, files);
    const key = readFileSync(seededKeyFile(cloud));
    const before = statSync(cloud.disks.snapshotFile(SAMPLE_SNAPSHOT_ID));
    await seed(cloud, files);
    assert.equal(statSync(cloud.disks.snapshotFile(SAMPLE_SNAPSHOT_ID)).ctimeMs, before.ctimeMs);
    const rebuilt = `${files.sampleImage}.rebuilt`;
    writeFileSync(rebuilt, "rebuilt image");
    utimesSync(rebuilt, new Date(), new Date(Date.now() + 5000));
    await seed(cloud, { ...files, sampleImage: rebuilt });
    assert.equal(firstBytes(cloud.disks.snapshotFile(SAMPLE_SNAPSHOT_ID), 13), "rebuilt image");
    assert.deepEqual(readFileSync(seededKeyFile(cloud)), key);
  });

  it("copies no byte of an image file on the same filesystem", async () => {
    const files = seedFiles(fixture);
    await seed(fixture.cloud, files);
    const file = statSync(fixture.cloud.disks.snapshotFile(SAMPLE_SNAPSHOT_ID));
    assert.equal(file.ino, statSync(files.sampleImage).ino);
  });

  it("runs the PV sample as PV on a type that has PV", async () => {
    const { cloud, machines } = fixture;
    await seed(cloud, seedFiles(fixture));
    await cloud.instances.run({ imageId: SAMPLE_IMAGE_ID, keyName: "local" });
    await cloud.background.settled();
    assert.deepEqual(machines.calls, ["start virtual-machine pv-grub"]);
    assert.match(machines.specs[0].metadata["meta-data/public-keys/0/openssh-key"], /^ssh-rsa \S+ local$/);
  });

  it("says what to do where an image file is missing", async () => {
    const files = { ...seedFiles(fixture), sampleImage: "/nowhere/pv.raw" };
    await assert.rejects(seed(fixture.cloud, files), {
      message: "/nowhere/pv.raw: there is no such image file. Build the images first: npm run demo does.",
    });
  });

  it("is nothing more once it is emptied, and every machine has ended", async () => {
    const { cloud, machines } = fixture;
    await seed(cloud, seedFiles(fixture));
    await newInstance(cloud);
    await empty(cloud);
    assert.equal(existsSync(cloud.directory), false);
    assert.equal(machines.running.size, 0);
    assert.deepEqual(await list(new Cloud(cloud.directory, { openMachine: machines.open })), []);
  });

  it("keeps its folder where a machine does not end", async () => {
    const { cloud, machines } = fixture;
    const { instanceId } = await newInstance(cloud);
    machines.failing.set("destroy", "it hangs");
    await assert.rejects(empty(cloud), { message: "it hangs" });
    machines.failing.clear();
    assert.equal((await cloud.instances.describe(instanceId)).state, "running");
  });
});

describe("the store", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());

  it("lets no two read-modify-writes interleave, of one process or of two", async () => {
    // Two stores have two locks that know nothing of each other, as two processes have.
    const stores = [new Store(fixture.directory), new Store(fixture.directory)];
    const increment = (store: Store) =>
      store.exclusively(async () => {
        const counters = store.collection<{ count: number }>("counters");
        const { count } = (await counters.get("c")) ?? { count: 0 };
        await new Promise((resolve) => setTimeout(resolve, 1));
        await counters.put("c", { count: count + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, (_, index) => increment(stores[index % 2])));
    assert.deepEqual(await stores[0].collection("counters").get("c"), { count: 20 });
  });

  it("gives the lock back when the work fails", async () => {
    const store = new Store(fixture.directory);
    await assert.rejects(
      store.exclusively(() => Promise.reject(new Error("refused"))),
      { message: "refused" },
    );
    assert.equal(await store.exclusively(async () => "free"), "free");
  });
});

describe("the table of instance types", () => {
  it("names no type twice", () => {
    const names = INSTANCE_TYPES.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it("has PV only on Xen, and ENA required on all of Nitro", () => {
    for (const type of INSTANCE_TYPES) {
      if (type.virtualizationTypes.includes("paravirtual")) assert.equal(type.hypervisor, "xen", type.name);
      assert.equal(type.enaSupport === "required", type.hypervisor === "nitro", type.name);
      if (type.nestedVirtualization) assert.match(type.name, /^[cmr]8i/);
    }
  });
});

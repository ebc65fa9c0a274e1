import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { assertRefused, newFixture, newImage, settled, type Fixture } from "./fixture";

const LOCATION = "old-images/web.manifest.xml";

describe("an instance whose root is an instance store", () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = newFixture();
    await fixture.cloud.settings.change({ allowsForeignDisks: true });
    const object = path.join(fixture.cloud.directory, "s3", LOCATION);
    mkdirSync(path.dirname(object), { recursive: true });
    writeFileSync(object, "root filesystem");
  });
  afterEach(() => fixture.remove());

  /** As ec2-register made it of a bundle in S3. */
  async function launch(imageLocation = LOCATION) {
    const { cloud } = fixture;
    const { imageId } = await newImage(cloud, {
      ...{ name: "bundled", architecture: "x86_64", kernelId: "aki-919dcaf8", rootDeviceName: "/dev/sda1" },
      ...{ imageLocation, blockDeviceMappings: [] },
    });
    const { instanceId } = await cloud.instances.run({ imageId, instanceType: "m1.small" });
    return settled(cloud, () => cloud.instances.describe(instanceId));
  }

  it("starts from the bytes that were uploaded, without a volume", async () => {
    const { cloud, machines } = fixture;
    const { instanceId, state } = await launch();
    assert.equal(state, "running");
    assert.deepEqual(await cloud.volumes.attachedTo(instanceId), []);
    assert.deepEqual(machines.calls, ["start virtual-machine pv-grub"]);
    assert.equal(readFileSync(machines.specs[0].rootVolume.file, "utf8"), "root filesystem");
  });

  it("is told from others by the filters for its root device, and so is its image", async () => {
    const { cloud } = fixture;
    const { instanceId, imageId } = await launch();
    const filters = (value: string) => [{ name: "root-device-type", values: [value] }];
    const found = await cloud.instances.search(filters("instance-store"));
    assert.deepEqual(
      found.map((instance) => instance.instanceId),
      [instanceId],
    );
    assert.deepEqual(await cloud.instances.search(filters("ebs")), []);
    const images = await cloud.images.search({ filters: filters("instance-store") });
    assert.deepEqual(
      images.map((image) => image.imageId),
      [imageId],
    );
  });

  it("cannot be stopped", async () => {
    const { instanceId } = await launch();
    const text = `The instance '${instanceId}' does not have an 'ebs' root device type and cannot be stopped.`;
    await assertRefused(() => fixture.cloud.instances.stop(instanceId), "UnsupportedOperation", text);
  });

  const ENDS: [string, (instanceId: string) => Promise<void>][] = [
    ["is terminated", (instanceId) => fixture.cloud.instances.terminate(instanceId)],
    ["shuts down by itself", async (instanceId) => void fixture.machines.running.delete(instanceId)],
  ];
  for (const [what, end] of ENDS) {
    it(`loses its root when it ${what}`, async () => {
      const { cloud } = fixture;
      const { instanceId } = await launch();
      await end(instanceId);
      const { state } = await settled(cloud, () => cloud.instances.describe(instanceId));
      assert.equal(state, "terminated");
      assert.equal(existsSync(cloud.disks.instanceStoreFile(instanceId)), false);
    });
  }

  it("does not start where nobody has said that disks from elsewhere are meant", async () => {
    await fixture.cloud.settings.change({ allowsForeignDisks: undefined });
    await assertRefused(
      () => launch(),
      "Unsupported",
      `s3/${LOCATION} is a disk from elsewhere, and helpers of the local cloud may be containers, in which root is root on this machine. If you trust whoever made it, or this machine may be thrown away: npm run cloud -- foreign-disks allow, and launch again.`,
    );
    assert.deepEqual(fixture.machines.calls, []);
  });

  it("starts from no file outside of where disks are uploaded to", () =>
    assertRefused(
      () => launch("old-images/../../keys/local.pem"),
      "InvalidManifest",
      "imageLocation old-images/../../keys/local.pem: leads out of the local cloud's folder s3. Name a file in it.",
    ));

  it("ends, with the reason, where nothing was uploaded", async () => {
    const { state, stateReason = "" } = await launch("old-images/lost.manifest.xml");
    assert.equal(state, "terminated");
    assert.match(stateReason, /Server\.InternalError: .*lost\.manifest\.xml/);
  });
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LIVE_SOURCE_IMAGE_ID, seed, seededKeyFile, seedLiveSource } from "../../../local/cloud/seed";
import { describeSource, runLiveSource } from "../../../local/commands/launchSource";
import { newFixture, seedFiles, type Fixture } from "../cloud/fixture";

describe("npm run cloud -- launch-source", () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = newFixture();
    await seed(fixture.cloud, seedFiles(fixture));
    const image = join(fixture.directory, "live.raw");
    writeFileSync(image, "live");
    await seedLiveSource(fixture.cloud, image);
  });
  afterEach(() => fixture.remove());

  it("starts a paravirtual instance that lets in the seeded key", async () => {
    const { cloud, machines } = fixture;
    const { instanceId, ...instance } = await runLiveSource(cloud);
    assert.deepEqual(
      [instance.state, instance.virtualizationType, instance.keyName, instance.imageId],
      ["running", "paravirtual", "local", LIVE_SOURCE_IMAGE_ID],
    );
    assert.deepEqual(machines.calls, ["start virtual-machine pv-grub"]);
    const [found] = await cloud.instances.search([{ name: "virtualization-type", values: ["paravirtual"] }]);
    assert.equal(found.instanceId, instanceId);
  });

  it("says how to log in, what to write into a stack, and how to end it", async () => {
    const instance = await runLiveSource(fixture.cloud);
    const said = describeSource(instance, seededKeyFile(fixture.cloud));
    for (const needed of [
      `local.pem admin@${instance.publicIp}\n`,
      "-o KexAlgorithms=+diffie-hellman-group14-sha1",
      `    instanceId: ${instance.instanceId}\n`,
      `npm run cloud -- terminate ${instance.instanceId}`,
    ])
      assert.ok(said.includes(needed), needed);
  });
});

/** What is checked after every fault would be noticed: each kind of loss, made on purpose. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tags } from "../../components/tags";
import { Cloud } from "../../local/cloud/cloud";
import { HELPER_IMAGE_ID, HELPER_SNAPSHOT_ID, SAMPLE_IMAGE_ID, seed } from "../../local/cloud/seed";
import { leftovers } from "./leftovers";
import { checkImages, type Proof } from "./proof";
import { StackState, type StateResource } from "./stackState";
import { lineOf, wentWell, type Environment } from "./environment";
import type { Ended } from "./update";

describe("what holds after every fault", () => {
  let directory: string;
  let cloud: Cloud;

  beforeEach("a seeded cloud", async () => {
    directory = mkdtempSync(join(tmpdir(), "pv-to-hvm-faults-"));
    cloud = new Cloud(directory, { delayMs: 0 });
    const image = join(directory, "seed.raw");
    writeFileSync(image, "");
    truncateSync(image, 1024 * 1024);
    mkdirSync(join(directory, "machines"));
    await seed(cloud, { sampleImage: image, helperImage: image });
  });
  afterEach(async () => {
    await cloud.background.settled();
    rmSync(directory, { recursive: true });
  });

  function environment(resources: StateResource[] = [], proofs: Proof[] = []): Environment {
    const file = join(directory, "stack.json");
    writeFileSync(file, JSON.stringify({ checkpoint: { latest: { resources } } }));
    const sources = new Map([["snap-00000000000000001", ""]]);
    const parts = { cloud, sources, ownImages: [], local: { directory }, proofs };
    return { ...parts, state: new StackState(file) } as unknown as Environment;
  }

  it("takes the sample, the helper's image and the stack itself for no left-overs", async () => {
    const urn = "urn:pulumi:faults::pv-to-hvm::pulumi:pulumi:Stack::pv-to-hvm-faults";
    assert.deepEqual(await leftovers(environment([{ urn, type: "pulumi:pulumi:Stack" }])), []);
  });

  it("finds a resource in the state, a volume, a file of a machine", async () => {
    const urn = "urn:pulumi:faults::pv-to-hvm::aws:ebs/volume:Volume::sample-source";
    const { volumeId } = await cloud.volumes.create({
      availabilityZone: "us-east-1a",
      sizeGb: 1,
      volumeType: "gp3",
    });
    await cloud.background.settled();
    mkdirSync(join(directory, "machines", "i-1"));
    const found = await leftovers(environment([{ urn, type: "aws:ebs/volume:Volume" }]));
    assert.deepEqual(found, [
      `in the state: ${urn}`,
      volumeId,
      "file: machines/i-1",
      `file: volumes/${volumeId}.raw`,
    ]);
  });

  it("finds a loop device over a file of the cloud", async () => {
    const file = join(directory, "volumes", "vol-1.raw");
    writeFileSync(file, Buffer.alloc(4096));
    const device = execFileSync("losetup", ["--find", "--show", file], { encoding: "utf8" }).trim();
    try {
      const found = await leftovers(environment());
      assert.ok(
        found.some((line) => line.startsWith("loop device: ") && line.includes(device)),
        found.join("\n"),
      );
    } finally {
      execFileSync("losetup", ["--detach", device]);
    }
  });

  it("refuses an image of a volume that was not seen booting, and lets one of a volume that was pass", async () => {
    await adoptMigrated(cloud);
    const proof = (step: Proof["step"], volumeId: string) => environment([], [{ step, volumeId }]);
    await assert.rejects(checkImages(environment()), /no rehearse has proven anything/);
    await assert.rejects(checkImages(proof("verify", "vol-ffffffff")), /no rehearse has proven anything/);
    await assert.rejects(checkImages(proof("rehearse", "vol-eeeeeeee")), /no rehearse has proven anything/);
    await checkImages(proof("rehearse", "vol-ffffffff"));
  });

  it("asks for verification alone of an image that says it was not rehearsed", async () => {
    await adoptMigrated(cloud, { "pv-to-hvm:rehearsal": "skipped" });
    await assert.rejects(checkImages(environment()), /no verify has proven anything/);
    await checkImages(environment([], [{ step: "verify", volumeId: "vol-ffffffff" }]));
  });

  it("leaves images alone that no migration has made", async () => {
    const ids = (await cloud.images.list()).map(({ imageId }) => imageId);
    assert.deepEqual(ids, [SAMPLE_IMAGE_ID, HELPER_IMAGE_ID]);
    await checkImages(environment());
  });
});

/** An image with a migration's tag, of a snapshot of `vol-ffffffff`. */
async function adoptMigrated(cloud: Cloud, tags: Tags = {}): Promise<void> {
  const image = await cloud.images.describe(HELPER_IMAGE_ID);
  const [root] = image.blockDeviceMappings;
  assert.equal(root.ebs?.snapshotId, HELPER_SNAPSHOT_ID);
  await cloud.images.adopt({
    ...image,
    imageId: "ami-0000000000000000c",
    tags: { "pv-to-hvm:migration": "web", ...tags },
  });
}

describe("what a user saw", () => {
  const run = (text: string, error?: string): Ended => ({
    operations: [],
    text,
    error,
    wasKilled: false,
    seconds: 1,
  });

  for (const [what, text, line] of [
    [
      "the engine's prefix",
      " +  command:remote:Command web-copy creating (12s) FAILED: no room",
      "FAILED: no room",
    ],
    ["the word error", "    error: FAILED: no room", "FAILED: no room"],
  ]) {
    it(`is told without ${what}`, () => assert.equal(lineOf(run(text), /FAILED/), line));
  }

  it("has to be there", () => {
    assert.throws(() => lineOf(run("all is well"), /FAILED/), /saw nothing like[^]*all is well/);
  });

  it("is, of a failure, the diagnostics alone", () => {
    const text = "Updating\nDiagnostics:\n  web-copy: no room\nOutputs:\n  plan: long\n";
    assert.throws(() => wentWell(run(text, "code: 1")), /no room(?![^]*plan)/);
    assert.equal(wentWell(run(text)).error, undefined);
  });
});

/**
 * A paravirtual machine that runs as a source, with the real engine: prepared in place by its own package manager,
 * snapshotted while it runs, migrated, launched. The tests tell one story in order.
 */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Until, type PvToHvmMigrationArgs } from "../../components";
import type { LiveReport } from "../../live/types";
import { HELPER_IMAGE_ID } from "../../local/cloud/seed";
import { stopAtFailure } from "../running/inOrder";
import { Harness, named, type Run } from "./harness";
import { LiveSource, MAY_BE_MIGRATED } from "./liveSource";

const MINUTES = 60_000;
const SUBNET = "subnet-00000000000000001";
const ON_THE_SOURCE = ["sample-source-program", "sample-source-inspection", "sample-source-preparation"];
const LATER = [
  ...["sample-source-snapshot", "sample-client-key", "sample-host-key", "sample-access", "sample-source"],
  ...["sample-destination", "sample-helper", "sample-source-attachment", "sample-destination-attachment"],
  ...["sample-converter", "sample-inspect", "sample-partition", "sample-copy", "sample-configure"],
  ...["sample-install-grub", "sample-verify", "sample-workbench", "sample-snapshot", "sample-image"],
  ...["sample-instance", "sample-boot-proof"],
];

interface SourceReport {
  kind: string;
  id: string;
  volumeId: string;
  snapshotId: string;
  consistency: string;
  otherVolumes: { deviceName: string; volumeId: string; sizeGb: number }[];
  inspection: LiveReport;
  preparation: LiveReport;
}

const sourceReportIn = ({ outputs }: Run) => outputs.sourceReport.value as SourceReport;

describe("a running instance as a source", function () {
  this.timeout(10 * MINUTES);
  stopAtFailure(this);
  let harness: Harness;
  let source: LiveSource;
  let today: string;
  let published: Run;
  let dataVolumeId: string;

  before("a paravirtual machine that runs", async function () {
    this.timeout(60 * MINUTES);
    harness = await Harness.open("live-source", { looks: "preview-live", changes: "up-live" });
    source = await LiveSource.launch(harness.local);
    dataVolumeId = await addVolume(harness, source);
  });
  after("leave nothing running", async () => {
    await harness?.destroy();
    await harness?.local.cloud.instances.terminate(source.instanceId);
    await harness?.local.cloud.background.settled();
  });

  function args(changes: Partial<PvToHvmMigrationArgs> = {}, user = "admin"): PvToHvmMigrationArgs {
    const connection = { user, privateKey: harness.key() };
    return {
      source: { instanceId: source.instanceId, connection, prepare: true },
      helper: { subnetId: SUBNET, allowedCidrs: ["198.18.0.0/15"] },
      rehearsal: { skip: true },
      launch: {
        ...{ instanceType: "t3.micro", subnetId: SUBNET, keyName: "local" },
        connection: { user: "root", privateKey: harness.key() },
      },
      ...changes,
    };
  }

  it("previews the whole graph, and touches nothing", async () => {
    const { operations, error } = await harness.preview(args());
    assert.equal(error, undefined);
    const expected = [...ON_THE_SOURCE, ...LATER, "pv-to-hvm-live-source", "sample"];
    assert.deepEqual(operations.map((line) => line.replace(/^create /, "")).sort(), expected.sort());
    today = await source.bootFiles();
    assert.equal(await source.run("ls -d ~/.pv-to-hvm* 2> /dev/null || echo none"), "none");
  });

  it("is refused by the preview where an instance or a volume is none to migrate, in a sentence each", async () => {
    const others = await launchOthers(harness);
    const refusals: [PvToHvmMigrationArgs["source"], RegExp][] = [
      [{ instanceId: others.hvm.instanceId }, /source\.instanceId: \S+ is HVM already.*launch its image/],
      [{ volumeId: others.hvm.volumeId }, /source\.volumeId: is attached to i-\w+, which is running/],
      [{ instanceId: others.ended }, /source\.instanceId: \S+ is terminated.*snapshotId/],
      [{ instanceId: others.instanceStore }, /source\.instanceId: .*instance store.*volumeId/],
    ];
    for (const [given, sentence] of refusals) {
      const { error = "", operations } = await harness.preview(args({ source: given }));
      assert.match(error, sentence);
      assert.deepEqual(
        named({ operations } as Run, "create").filter((name) => LATER.includes(name)),
        [],
      );
    }
    await endOthers(harness, source);
  });

  it("is refused before a helper exists, where whoever logs in has no way to become root", async () => {
    await source.run(
      "sudo -n useradd -m guest && sudo -n cp -r ~/.ssh ~guest/ && sudo -n chown -R guest ~guest",
    );
    const run = await harness.up(args({}, "guest"));
    assert.match(run.error ?? "", /root/);
    assertNothingMade(harness, run);
    assert.equal((await harness.destroy()).error, undefined);
  });

  it("is refused, with what was found and needed, where its disk is full", async () => {
    await source.run("sudo -n sh -c 'fallocate -l $(($(df -k --output=avail / | tail -1) - 9000))K /filler'");
    const run = await harness.up(args());
    await source.run("sudo -n rm /filler");
    assert.match(run.error ?? "", /\d+ MiB free/);
    assertNothingMade(harness, run);
  });

  it("ends with the connection where that drops during the preparation, which goes on by itself", async () => {
    const dropped = harness.up(args());
    // Where the update ends before that, its error says why.
    await Promise.race([source.cutOffInstallation(), dropped]);
    const run = await dropped;
    assert.match(run.error ?? "", /remote command exited without exit status/);
    assertNothingMade(harness, run);
    assert.notEqual(await source.run("pgrep -f '[p]v-to-hvm.* prepare' || echo ended"), "ended");
  });

  it("goes on with the next update: prepared, snapshotted while it runs, converted, launched, booted", async () => {
    published = await harness.up(args());
    assert.equal(published.error, undefined);
    const made = ["sample-source-preparation", ...LATER];
    assert.deepEqual(named(published, "create").sort(), made.sort());
    const proof = published.outputs.bootProof.value as Record<string, string>;
    assert.equal(proof.virtualization, "hvm");
    assert.match(proof.rootDevice, /^\/dev\/nvme\dn1p1$/);
  });

  it("has reported what the source is, what it lacked, and that its snapshot is crash-consistent", async () => {
    const report = sourceReportIn(published);
    const { kind, id, consistency, otherVolumes, inspection, preparation } = report;
    assert.deepEqual([kind, id, consistency], ["instance", source.instanceId, "crash-consistent"]);
    assert.deepEqual(otherVolumes, [{ deviceName: "/dev/sdf", volumeId: dataVolumeId, sizeGb: 1 }]);
    assert.deepEqual([inspection.command, preparation.command], ["inspect", "prepare"]);
    assert.match(inspection.missing.join(), /GRUB.*nvme in \/boot\/initrd\.img-\S+-rt-amd64/);
    assert.deepEqual(preparation.missing, []);
    assert.equal(preparation.today.kernel, inspection.today.kernel);
    const [snapshot] = (await harness.local.cloud.snapshots.list()).filter(
      ({ snapshotId }) => snapshotId === report.snapshotId,
    );
    assert.equal(snapshot.volumeId, report.volumeId);
    assert.equal(snapshot.tags["pv-to-hvm:role"], "source-snapshot");
  });

  it("has installed what was missing by the guest's own package manager, and left alone what boots today", async () => {
    assert.match(await source.run("dpkg-query -W -f '${Status}' grub-pc-bin"), /^install ok installed$/);
    assert.match(await source.run("zcat -f /boot/initrd.img-*-rt-amd64 | cpio -t 2> /dev/null"), /nvme\.ko/);
    assert.equal(await source.bootFiles(), today);
    assert.equal(await source.run("ls -d ~/.pv-to-hvm* 2> /dev/null || echo none"), "none");
  });

  it("makes no change the second time, and none after a refresh", async () => {
    const again = await harness.up(args());
    assert.deepEqual([again.error, again.operations], [undefined, []]);
    const refreshed = await harness.refresh(args());
    assert.equal(refreshed.error, undefined);
    assert.deepEqual((await harness.preview(args())).operations, []);
  });

  it("boots as it did before when it is started again", async () => {
    const kernel = await source.run("uname -r");
    const { instances, background } = harness.local.cloud;
    for (const deed of ["stop", "start"] as const) {
      await instances[deed](source.instanceId);
      await background.settled();
    }
    assert.equal(await source.run("uname -r"), kernel);
    assert.equal(await source.bootFiles(), today);
  });

  it("is no longer asked once it has been migrated: another address, or its end, changes nothing", async () => {
    const { error, operations } = await harness.preview(args());
    assert.deepEqual([error, operations], [undefined, []]);
  });

  it("is left running by destroy", async () => {
    assert.equal((await harness.destroy()).error, undefined);
    assert.equal((await source.describe()).state, "running");
    assert.deepEqual(harness.held("machines"), [source.instanceId]);
    assert.equal(await harness.resourceCount(), 0);
  });

  it("is stopped for its snapshot where that is asked for, and started again", async () => {
    const before = await source.describe();
    const stopping = { source: { instanceId: source.instanceId, stopFirst: true }, until: Until.Inspect };
    const run = await harness.up(args({ ...stopping, launch: undefined, rehearsal: undefined }));
    assert.equal(run.error, undefined);
    const steps = named(run, "create").filter((name) => name.startsWith("sample-source-"));
    assert.deepEqual(steps.slice(0, 3), [
      "sample-source-stop",
      "sample-source-snapshot",
      "sample-source-start",
    ]);
    assert.equal(sourceReportIn(run).consistency, "stopped");
    const after = await source.describe();
    assert.equal(after.state, "running");
    assert.notEqual(after.publicIp, before.publicIp);
  });
});

/** A volume of data besides its root, as a web server has one. */
async function addVolume({ local: { cloud } }: Harness, { instanceId }: LiveSource): Promise<string> {
  const { volumeId } = await cloud.volumes.create({ availabilityZone: "us-east-1a", sizeGb: 1 });
  await cloud.background.settled();
  await cloud.attachments.attach(volumeId, instanceId, "/dev/sdf");
  await cloud.background.settled();
  return volumeId;
}

interface Others {
  hvm: { instanceId: string; volumeId: string };
  ended: string;
  instanceStore: string;
}

/** Instances that are none to migrate. */
async function launchOthers({ local: { cloud, images } }: Harness): Promise<Others> {
  const hvm = { imageId: HELPER_IMAGE_ID, instanceType: "t3.micro", tags: MAY_BE_MIGRATED };
  const { instanceId } = await cloud.instances.run(hvm);
  const { instanceId: ended } = await cloud.instances.run(hvm);
  const location = "old-images/web.manifest.xml";
  mkdirSync(join(cloud.directory, "s3", "old-images"), { recursive: true });
  execFileSync("cp", ["--sparse=always", images.sample, join(cloud.directory, "s3", location)]);
  await cloud.settings.change({ allowsForeignDisks: true });
  const { imageId } = await cloud.images.register({
    ...{ name: "bundled", architecture: "x86_64", kernelId: "aki-919dcaf8", rootDeviceName: "/dev/sda1" },
    ...{ imageLocation: location, blockDeviceMappings: [] },
  });
  await cloud.background.settled();
  const { instanceId: instanceStore } = await cloud.instances.run({
    ...{ imageId, instanceType: "m1.small" },
    tags: MAY_BE_MIGRATED,
  });
  await cloud.background.settled();
  await cloud.instances.terminate(ended);
  await cloud.background.settled();
  const [{ volumeId }] = await cloud.volumes.attachedTo(instanceId);
  return { hvm: { instanceId, volumeId }, ended, instanceStore };
}

async function endOthers({ local: { cloud } }: Harness, source: LiveSource): Promise<void> {
  for (const { instanceId } of await cloud.instances.list())
    if (instanceId !== source.instanceId) await cloud.instances.terminate(instanceId);
  await cloud.background.settled();
}

function assertNothingMade(harness: Harness, run: Run): void {
  const made = named(run, "create").filter((name) => LATER.includes(name));
  assert.deepEqual(made, []);
  assert.equal(harness.held("machines").length, 1);
}

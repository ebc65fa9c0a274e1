/** A fleet as nobody here wrote it: moto's server answers EC2, Auto Scaling and STS. */
import assert from "node:assert/strict";
import type { FoundImage, Place } from "../../discover/types";
import type { Moto } from "../../local/moto";
import { Command } from "./command";
import { ACCOUNT, FleetMaker, REGION, startFleet } from "./motoFleet";

const WEB = "ami-00000000000000001";
const BATCH = "ami-00000000000000002";
const STORE = "ami-00000000000000003";
const SHOP = "ami-00000000000000005";
const TODAY = "ami-00000000000000006";

describe("discover in front of moto", function () {
  this.timeout(240_000);
  let moto: Moto;
  let maker: FleetMaker;
  let command: Command;
  let second: string;
  let gone: string;
  let converted: string;

  before(async () => {
    moto = await startFleet();
    maker = new FleetMaker(moto.url);
    command = new Command(moto.url);
    second = await maker.copy("web-2013", WEB);
    gone = await maker.copy("gone", WEB);
    await maker.run(WEB, "web", 3);
    await maker.stop(...(await maker.run(BATCH, "=HYPERLINK(1)")));
    await maker.run(SHOP, "shop");
    await maker.run(gone, "orphan");
    await maker.run(TODAY, "of today");
    await maker.deregister(gone);
    await maker.share(second, "222222222222");
    const template = await maker.template("web", [WEB, second, TODAY]);
    await maker.configuration("batch", BATCH);
    await maker.group("old-group", { LaunchConfigurationName: "batch" }, 1);
    await maker.group("web-group", { LaunchTemplate: { LaunchTemplateId: template, Version: "2" } }, 0);
    converted = await maker.copy("web-hvm", TODAY, [
      { Key: "pv-to-hvm:role", Value: "image" },
      { Key: "pv-to-hvm:source", Value: await maker.rootOf(WEB) },
      { Key: "pv-to-hvm:stack", Value: "images/prod" },
      { Key: "pv-to-hvm:migration", Value: "web" },
    ]);
  });
  after(() => {
    maker.end();
    command.end();
    moto.end();
  });

  async function place(...words: string[]): Promise<Place> {
    const { fleet, status, lines } = await command.fleet(...words);
    assert.equal(status, 0, lines.join("\n"));
    assert.deepEqual(fleet.unasked, []);
    return fleet.places[0];
  }

  function imageIn({ images }: Place, id: string): FoundImage {
    const image = images.find(({ imageId }) => imageId === id);
    assert.ok(image, `${id} is not among ${images.map(({ imageId }) => imageId).join(", ")}`);
    return image;
  }

  const usersOf = (image: FoundImage) =>
    image.referrers.map(({ kind, name, id, detail }) => `${kind} ${name ?? id}: ${detail}`).sort();

  it("finds own images, and those of others that a machine was launched from, and no HVM one", async () => {
    const found = await place();
    assert.deepEqual([found.accountId, found.region], [ACCOUNT, REGION]);
    const ids = found.images.map(({ imageId }) => imageId);
    const sold = "ami-00000000000000004";
    assert.deepEqual(ids, [WEB, BATCH, STORE, sold, SHOP, second, gone].sort());
    assert.deepEqual([imageIn(found, SHOP).isOwn, imageIn(found, SHOP).ownerId], [false, "999999999999"]);
    assert.equal(imageIn(found, WEB).isOwn, true);
  });

  it("tells who refers to each: by templates the latest, the default and what a group names, and by configurations", async () => {
    const found = await place();
    assert.deepEqual(usersOf(imageIn(found, WEB)), [
      ...["instance web: running", "instance web: running", "instance web: running"],
      "launch template web: version 1 (default)",
    ]);
    assert.deepEqual(usersOf(imageIn(found, second)), [
      "Auto Scaling group web-group: launch template web version 2, 0 instances wanted",
      "launch template web: version 2",
    ]);
    const batch = usersOf(imageIn(found, BATCH));
    assert.ok(batch.includes("Auto Scaling group old-group: launch configuration batch, 1 instance wanted"));
    assert.ok(batch.includes("launch configuration batch: names the image"));
    assert.ok(batch.includes("instance =HYPERLINK(1): stopped"));
  });

  it("tells a machine whose image is gone, and what to do for it", async () => {
    const image = imageIn(await place(), gone);
    assert.deepEqual([image.state, image.inspection.verdict], ["gone", "not readable"]);
    assert.match(JSON.stringify(image.inspection), /source\.instanceId/);
  });

  it("tells root, size, sharing and an instance store apart", async () => {
    const found = await place();
    const { root, sharedWith } = imageIn(found, second);
    assert.deepEqual(sharedWith, ["222222222222"]);
    assert.deepEqual(root.kind === "ebs" && [root.snapshotId, root.sizeGb, root.tier], [
      await maker.rootOf(second),
      15,
      "standard",
    ]);
    const store = imageIn(found, STORE);
    assert.equal(store.root.kind, "instance-store");
    assert.match(JSON.stringify(store.inspection), /docs\/sources\.md/);
  });

  it("tells paravirtual machines alone, with the volume of their root and their group", async () => {
    const { instances } = await place();
    const names = instances
      .map(({ name = "", autoScalingGroup = "" }) => `${name}${autoScalingGroup}`)
      .sort();
    assert.deepEqual(names, ["=HYPERLINK(1)", "old-group", "orphan", "shop", "web", "web", "web"]);
    assert.ok(instances.every(({ rootVolumeId = "" }) => rootVolumeId.startsWith("vol-")));
  });

  it("follows a migration from converted to done, and tells what has changed", async () => {
    const before = imageIn(await place(), WEB);
    assert.deepEqual(
      [before.stage, before.conversions.map(({ imageId, stack, migration }) => [imageId, stack, migration])],
      ["converted", [[converted, "images/prod", "web"]]],
    );
    await maker.run(converted, "web, new");
    const { fleet } = await command.fleet();
    assert.equal(imageIn(fleet.places[0], WEB).stage, "in use");
    assert.deepEqual(
      fleet.changes?.map(({ id, what }) => [id, what]),
      [[WEB, "stage: converted → in use"]],
    );
    assert.deepEqual((await command.fleet()).fleet.changes, []);
  });

  it("prints a table, a line an image for a spreadsheet, and says how it ended", async () => {
    const table = await command.run();
    assert.match(table.out, /^image +name +arch +GiB +made +launched +used by +marks +stage +verdict$/m);
    assert.match(
      table.out,
      new RegExp(
        `^${WEB} +web-2012 +x86_64 +15 +[\\d-]{10} +- +3 instances \\(3 running\\), 1 launch template `,
        "m",
      ),
    );
    assert.match(table.out, /1 image \(not readable\): its root is on an instance store/);
    assert.match(
      table.last,
      /^OK: 7 paravirtual images \(5 in use, \d+ GiB\), 7 paravirtual instances \(6 running\)$/,
    );
    const csv = (await command.run("--csv")).out.trimEnd().split("\n");
    assert.equal(csv.length, 1 + 7);
    assert.match(csv[0], /^account,region,image,name,/);
  });

  it("asks every region, and tells one that there is not", async () => {
    const { fleet, status, last } = await command.fleet("--regions", "us-east-1,eu-nowhere-9");
    assert.deepEqual(
      fleet.places.map(({ region }) => region),
      ["us-east-1"],
    );
    assert.equal(status, 3);
    assert.match(
      last,
      /^REFUSED: one answer is missing, so this is a part of the fleet: 7 paravirtual images/,
    );
    assert.match(fleet.unasked[0].found, /knows no region of that name/);
  });

  it("tells a region that is not switched on, and asks the others", async () => {
    const { fleet, status } = await command.fleet("--regions", "us-east-1,eu-south-2");
    assert.deepEqual(
      fleet.places.map(({ region }) => region),
      ["us-east-1"],
    );
    assert.equal(status, 3);
    assert.match(fleet.unasked[0].found, /^it is not switched on in this account/);
    assert.match(fleet.unasked[0].advice, /aws account enable-region --region-name eu-south-2$/);
  });
});

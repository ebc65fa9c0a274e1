/** A fleet's images inspected where they are: in front of the local cloud, whose snapshots have real bytes. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { join } from "node:path";
import { GRUB_IMAGES } from "../../converter/boot/grubCore";
import type { FoundImage } from "../../discover/types";
import { filesystemWith, isRoot, removeFolders } from "../converter/disk/images";
import { GUESTS, type Guest } from "../converter/families/guests";
import { makeDisks } from "../converter/families/phonyGuests";
import { plainGuest } from "../converter/families/plainGuest";
import { newImage, pvRequest } from "../local/cloud/fixture";
import { OnLocalCloud } from "../snapshots/onLocalCloud";
import { Command } from "./command";

const GIB = 2 ** 30;

function diskOf(guest: Guest): string {
  const { source } = makeDisks(guest);
  fs.truncateSync(source, Math.ceil(fs.statSync(source).size / GIB) * GIB);
  return source;
}

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);

(hasTools ? describe : describe.skip)("discover --inspect", function () {
  this.timeout(600_000);
  let cloud: OnLocalCloud;
  let command: Command;
  const ids: Record<string, string> = {};

  before(async () => {
    cloud = await OnLocalCloud.open();
    command = new Command(cloud.api.url, cloud.program);
    const add = async (name: string, snapshotId: string) => {
      ids[name] = (await newImage(cloud.api.cloud, pvRequest(snapshotId, { name }))).imageId;
    };
    await add("good", await cloud.snapshotOf(diskOf(plainGuest("bare ext4"))));
    const old = GUESTS.find(({ folder }) => folder === "fedora-14") as Guest;
    await add("32 bits", await cloud.snapshotOf(diskOf(old)));
    for (const name of ["empty", "empty too"])
      await add(name, await cloud.snapshotOf(filesystemWith({ "etc/motd": "hello\n" })));
    const tiering = {
      tier: "archive",
      operation: "archival-completed",
      time: "2026-01-01T00:00:00Z",
    } as const;
    const archived = await cloud.snapshotOf(filesystemWith({ "etc/motd": "x\n" }));
    await add("archived", archived);
    const { snapshots } = cloud.api.cloud;
    await snapshots.register({ ...(await snapshots.describe(archived)), tiering });
  });
  after(async () => {
    command.end();
    await cloud.end();
    removeFolders();
  });

  async function run(...words: string[]) {
    const { fleet, ...ended } = await command.fleet(...words);
    assert.equal(ended.status, 0, `${ended.lines.join("\n")}\n${JSON.stringify(fleet.unasked)}`);
    const verdicts = Object.fromEntries(
      Object.entries(ids).map(([name, id]) => [name, imageIn(fleet.places[0].images, id).inspection.verdict]),
    );
    return { fleet, verdicts, ...ended };
  }

  function imageIn(images: FoundImage[], id: string): FoundImage {
    const image = images.find(({ imageId }) => imageId === id);
    assert.ok(image, `${id} was not found`);
    return image;
  }

  it("ends the reading where the budget is spent, and keeps what was read", async () => {
    const { fleet, verdicts } = await run("--inspect", "--at-once", "1", "--max-requests", "2");
    const { inspected } = fleet;
    assert.equal(Object.values(verdicts).filter((verdict) => verdict === "not inspected").length, 4);
    assert.equal((inspected?.blocks ?? 0) + (inspected?.lists ?? 0), 2);
    assert.deepEqual([inspected?.snapshots, inspected?.left], [0, 4]);
    assert.match(JSON.stringify(fleet.places), /"why":"the budget was spent"/);
  });

  it("has a verdict for each, tells one remedy for all that it is for, and what it took", async () => {
    const { fleet, verdicts, lines } = await run("--inspect");
    assert.deepEqual(verdicts, {
      good: "convertible",
      "32 bits": "convertible for Xen types alone",
      empty: "refused",
      "empty too": "refused",
      archived: "not readable",
    });
    const { inspected } = fleet;
    assert.deepEqual([inspected?.snapshots, inspected?.known, inspected?.left], [4, 0, 0]);
    assert.ok((inspected?.blocks ?? 0) > 0 && (inspected?.dollars ?? 0) < 0.01);
    assert.ok(
      lines.some((line) => /^4 of 4: ami-\w+ \(snap-\d+\): /.test(line)),
      lines.join("\n"),
    );
    const { stage, inspection } = imageIn(fleet.places[0].images, ids.good);
    assert.deepEqual([stage, "system" in inspection && inspection.system !== undefined], ["inspected", true]);
    const table = await run("--json");
    assert.equal(table.fleet.inspected, undefined);
  });

  it("reads nothing twice, and leaves no blocks behind", async () => {
    const { fleet, verdicts } = await run("--inspect");
    const { inspected } = fleet;
    assert.deepEqual([inspected?.blocks, inspected?.lists, inspected?.known], [0, 0, 4]);
    assert.equal(verdicts.good, "convertible");
    assert.deepEqual(fs.readdirSync(join(command.cache, "reading")), []);
  });

  it("groups the reasons by what is to be done", async () => {
    const { out } = await command.run();
    assert.match(out, /^ {2}2 images \(refused\): .+ \(ami-\w+, ami-\w+\)$/m);
    assert.match(out, /^ {2}1 image \(convertible for Xen types alone\): /m);
    assert.match(out, /^ {2}1 image \(not readable\): snapshot … is archived.* Restore it/m);
    assert.doesNotMatch(out, /^Not asked/m);
  });

  it("reads anew what another version of the converter has decided", async () => {
    const folder = join(command.cache, "inspections");
    for (const name of fs.readdirSync(folder)) {
      const file = join(folder, name);
      fs.writeFileSync(
        file,
        fs.readFileSync(file, "utf8").replace(/"converter":"[^"]+"/, '"converter":"0.0.9"'),
      );
    }
    assert.equal((await run()).verdicts.good, "not inspected");
  });
});

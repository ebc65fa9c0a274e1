/** A snapshot that is read block by block tells what the same bytes on a disk of this machine tell. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { GRUB_IMAGES } from "../../converter/boot/grubCore";
import type { Advice, StepReport } from "../../converter/types";
import { isRoot, removeFolders, scratchFolder, withMountedImage } from "../converter/disk/images";
import type { Guest } from "../converter/families/guests";
import { GUESTS } from "../converter/families/guests";
import { makeDisks } from "../converter/families/phonyGuests";
import { plainGuest } from "../converter/families/plainGuest";
import { run } from "../converter/families/program";
import { OnLocalCloud } from "./onLocalCloud";

const GIB = 2 ** 30;

/** EBS knows whole GiB alone. */
function asVolume(image: string): string {
  fs.truncateSync(image, Math.ceil(fs.statSync(image).size / GIB) * GIB);
  return image;
}

function diskOf(guest: Guest): string {
  return asVolume(makeDisks(guest).source);
}

/** Of a running machine: what was written last is in the journal alone. */
async function runningDisk(): Promise<string> {
  const image = diskOf(plainGuest("bare ext3"));
  const snapshot = path.join(scratchFolder(), "running.img");
  await withMountedImage(image, (folder) => {
    const handle = fs.openSync(path.join(folder, "etc/motd"), "w");
    fs.writeSync(handle, "written last\n");
    fs.fsyncSync(handle);
    fs.closeSync(handle);
    fs.copyFileSync(image, snapshot);
  });
  return snapshot;
}

const familyOf = (folder: string) => GUESTS.find((guest) => guest.folder === folder) as Guest;

const UNCHECKED = /^its filesystem was not gone through from end to end/;
const isUnchecked = ({ found }: Advice) => UNCHECKED.test(found);

/** A report without what differs from run to run, and by the name of the disk. */
function comparable(report: StepReport, name: string): unknown {
  const warnings = report.warnings.filter((warning) => !isUnchecked(warning));
  const told = { ...report, seconds: 0, warnings };
  return JSON.parse(JSON.stringify(told).replaceAll(name, "the source"));
}

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);

(hasTools ? describe : describe.skip)("inspect of a snapshot", function () {
  this.timeout(240_000);
  let cloud: OnLocalCloud;
  before(async () => (cloud = await OnLocalCloud.open()));
  after(async () => {
    await cloud.end();
    removeFolders();
  });

  const ROWS: [what: string, make: () => string | Promise<string>, unchecked: number][] = [
    ["a bare filesystem", () => diskOf(familyOf("ubuntu-12.04")), 1],
    ["LVM", () => diskOf(familyOf("centos-6-lvm")), 2],
    ["GPT", () => diskOf(familyOf("arch-2013")), 2],
    ["XFS", () => diskOf(familyOf("debian-6")), 1],
    ["a journal that waits", runningDisk, 1],
    ["a system with no kernel for HVM", () => diskOf(familyOf("sles-11")), 1],
  ];
  for (const [what, make, unchecked] of ROWS) {
    it(`tells of ${what} what a disk with the same bytes tells`, async () => {
      const image = await make();
      const snapshotId = await cloud.snapshotOf(image);
      const ofDisk = await run("inspect", image);
      const ofSnapshot = await cloud.report(snapshotId);
      assert.deepEqual(comparable(ofSnapshot.report, snapshotId), comparable(ofDisk.report, image));
      assert.equal(ofSnapshot.status, ofDisk.status);
      assert.equal(ofSnapshot.report.warnings.filter(isUnchecked).length, unchecked);
      assert.ok(!ofSnapshot.out.includes("/tmp/"), "it is told of by its own name");
    });
  }
});

import assert from "node:assert/strict";
import { readXenNotes } from "../../../converter/guest/kernel/kernel";
import { readGuest } from "../../../converter/guest/inspect";
import { GuestTree } from "../../../converter/guest/tree";
import { withFilesystem } from "../../../converter/disk/mount";
import { readSignature } from "../../../converter/disk/signature";
import { readSuperblock } from "../../../converter/disk/filesystem/filesystem";
import { run } from "../../../converter/run";
import type { GuestFacts } from "../../../converter/types";
import { bareGuest } from "../../converter/guest/phonyGuest";
import { imageNamedBy } from "../machines/launch";

describe("the sample image (needs root)", function () {
  this.timeout(60_000);
  let guest: GuestFacts;
  let entry: boolean;
  const image = () => imageNamedBy("PV_TO_HVM_SAMPLE_IMAGE");

  before(() =>
    withFilesystem({ path: image(), readOnly: true }, run, async (root) => {
      const tree = new GuestTree(root);
      guest = await readGuest(bareGuest(tree), run);
      const kernel = tree.readBytes(guest.kernels[0].path);
      entry = kernel !== undefined && (await readXenNotes(kernel, run)).bootsPv;
    }),
  );

  it("is a filesystem straight on the disk", async () => {
    assert.equal((await readSignature(image(), run)).type, "ext4");
  });

  it("has no feature that guests of those years did not have", async () => {
    const { features } = await readSuperblock(image(), run);
    assert.deepEqual(
      features.filter((name) => /64bit|metadata_csum|orphan_file|bigalloc/.test(name)),
      [],
    );
  });

  it("has one kernel, which Xen can start as PV and which boots as HVM too", () => {
    assert.equal(entry, true);
    assert.deepEqual(
      guest.kernels.map(({ bootsPv, bootsHvm }) => ({ bootsPv, bootsHvm })),
      [{ bootsPv: true, bootsHvm: true }],
    );
  });

  it("needs a new initramfs: NVMe and ENA are there as modules, and NVMe is not in it", () => {
    const [{ earlyDrivers, availableDrivers }] = guest.kernels;
    assert.ok(earlyDrivers.includes("xen-blkfront"));
    assert.equal(earlyDrivers.includes("nvme"), false);
    for (const driver of ["nvme", "ena", "xen-netfront", "ata_piix", "e1000"])
      assert.ok(availableDrivers.includes(driver), driver);
  });

  it("is of the old kind: sysvinit, eth0 by name, and the tool to make an initramfs", () => {
    assert.equal(guest.init, "sysvinit");
    assert.deepEqual(guest.networkByName, ["/etc/network/interfaces"]);
    assert.equal(guest.initramfsTool, "update-initramfs");
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { withFilesystem } from "../../../converter/disk/mount";
import { readGuest } from "../../../converter/guest/inspect";
import { GuestTree } from "../../../converter/guest/tree";
import { run } from "../../../converter/run";
import type { GuestFacts } from "../../../converter/types";
import { buildLiveSourceImage } from "../../../local/images";
import { REPOSITORY_FOLDER } from "../../../local/images/liveSourceFiles";
import { bareGuest } from "../../converter/guest/phonyGuest";

const CACHE = join(__dirname, "..", "..", "..", ".cache");

describe("the live source's image (needs root)", function () {
  this.timeout(15 * 60_000);
  let guest: GuestFacts;
  let packages: string[];
  let installed: string;

  before(async () => {
    const path = await buildLiveSourceImage({ cache: CACHE, log: (line) => console.log(`      ${line}`) });
    await withFilesystem({ path, readOnly: true }, run, async (root) => {
      const tree = new GuestTree(root);
      guest = await readGuest(bareGuest(tree), run);
      packages = tree.list(REPOSITORY_FOLDER);
      installed = tree.read("/var/lib/dpkg/status") ?? "";
    });
  });

  it("has a second kernel besides the one that it boots, and NVMe in the initramfs of neither", () => {
    const [booted, second] = guest.kernels;
    assert.match(second.path, /-rt-amd64$/);
    assert.equal(booted.path.replace(/-amd64$/, "-rt-amd64"), second.path);
    for (const { earlyDrivers, availableDrivers } of guest.kernels)
      assert.deepEqual(
        [earlyDrivers.includes("nvme"), availableDrivers.includes("nvme"), availableDrivers.includes("ena")],
        [false, true, true],
      );
  });

  it("can install GRUB from the repository inside it, which holds nothing that it has already", () => {
    const names = packages.filter((name) => name.endsWith(".deb")).map((name) => name.split("_")[0]);
    assert.ok(names.includes("grub-pc-bin") && names.includes("grub-common"), names.join());
    const there = names.filter((name) => installed.includes(`Package: ${name}\n`));
    assert.deepEqual(there, []);
    assert.ok(packages.includes("Packages") && packages.includes("Release"));
  });
});

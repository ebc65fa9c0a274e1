import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { devicesOfVolume, findVolume, isVolumeId } from "../../../converter/disk/volume";
import { removeFolders, scratchFolder } from "./images";

const VOLUME = "vol-0123456789abcdef0";
const LINK = "nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0";

/** Folders like /dev/disk/by-id (name → device) and /sys/block (device → serial). */
function machineWith(links: Record<string, string>, serials: Record<string, string>) {
  const root = scratchFolder();
  const folders = {
    byId: path.join(root, "by-id"),
    sysBlock: path.join(root, "block"),
    dev: path.join(root, "dev"),
  };
  Object.values(folders).forEach((folder) => fs.mkdirSync(folder));
  for (const [name, device] of Object.entries(links)) {
    fs.writeFileSync(path.join(folders.dev, device), "");
    fs.symlinkSync(path.join(folders.dev, device), path.join(folders.byId, name));
  }
  for (const [device, serial] of Object.entries(serials)) {
    fs.mkdirSync(path.join(folders.sysBlock, device, "device"), { recursive: true });
    fs.writeFileSync(path.join(folders.sysBlock, device, "device/serial"), `${serial}   \n`);
  }
  return folders;
}

const silent = () => undefined;
const SERIAL = "vol0123456789abcdef0";

describe("the device of a volume", () => {
  after(removeFolders);

  const FOUND: [string, Record<string, string>, Record<string, string>][] = [
    ["by udev's link", { [LINK]: "nvme1n1", [`${LINK}-part1`]: "nvme1n1p1" }, {}],
    ["by the kernel's serial, where there is no udev", {}, { nvme0n1: "vol0ffff", nvme1n1: SERIAL }],
    ["by both, which are one", { [LINK]: "nvme1n1" }, { nvme1n1: SERIAL }],
  ];
  for (const [how, links, serials] of FOUND) {
    it(`is found ${how}`, async () => {
      const folders = machineWith(links, serials);
      assert.equal(
        await findVolume(VOLUME, silent, { folders, waitSeconds: 0 }),
        path.join(folders.dev, "nvme1n1"),
      );
    });
  }

  it("is refused where two disks bear the serial", async () => {
    const folders = machineWith({ [LINK]: "nvme1n1" }, { nvme2n1: SERIAL });
    assert.equal(devicesOfVolume(VOLUME, folders).length, 2);
    await assert.rejects(
      findVolume(VOLUME, silent, { folders }),
      /nvme1n1 and .*nvme2n1 both bear its serial/,
    );
  });

  it("is refused where none does, naming the volumes that are there, and no partition", async () => {
    const other = "nvme-Amazon_Elastic_Block_Store_vol0ffffffffffffffff";
    const folders = machineWith(
      { [other]: "nvme0n1", [`${other}-part1`]: "nvme0n1p1" },
      { nvme0n1: "vol0ffffffffffffffff" },
    );
    await assert.rejects(findVolume(VOLUME, silent, { folders, waitSeconds: 0 }), (error: Error) => {
      assert.match(error.message, /exactly one disk with the serial vol0123456789abcdef0 is needed/);
      assert.match(error.message, /nvme0n1 \(vol0ffffffffffffffff\)/);
      assert.doesNotMatch(error.message, /part1/);
      return true;
    });
  });

  it("is waited for", async () => {
    const folders = machineWith({}, {});
    const lines: string[] = [];
    setTimeout(() => {
      fs.mkdirSync(path.join(folders.sysBlock, "nvme3n1/device"), { recursive: true });
      fs.writeFileSync(path.join(folders.sysBlock, "nvme3n1/device/serial"), SERIAL);
    }, 200);
    assert.equal(
      await findVolume(VOLUME, (line) => lines.push(line), { folders, waitSeconds: 10 }),
      path.join(folders.dev, "nvme3n1"),
    );
    assert.deepEqual(lines, [`waiting for the device of ${VOLUME}`]);
  });

  for (const [name, expected] of [
    [VOLUME, true],
    ["vol-1a2b3c4d", true],
    ["/dev/nvme1n1", false],
    ["vol-", false],
    ["vol-0123456789abcdef0.img", false],
  ] as const) {
    it(`is looked for by "${name}": ${expected}`, () => assert.equal(isVolumeId(name), expected));
  }
});

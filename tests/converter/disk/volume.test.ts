import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Disk, confirmDisk, identityOf, whyLost } from "../../../converter/disk/disk";
import {
  type DeviceFolders,
  deviceNumber,
  devicesOfVolume,
  findVolume,
  isVolumeId,
} from "../../../converter/disk/volume";
import { removeFolders, scratchFolder } from "./images";

const VOLUME = "vol-0123456789abcdef0";
const LINK = "nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0";

/** Folders like /dev/disk/by-id (name → device) and /sys/block (device → serial). */
function machineWith(links: Record<string, string>, serials: Record<string, string>) {
  const root = scratchFolder();
  const folders = {
    byId: path.join(root, "by-id"),
    sysBlock: path.join(root, "block"),
    sysDev: path.join(root, "numbers"),
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

describe("a disk that was found", () => {
  after(removeFolders);

  const at = (path: string): Disk => {
    const stat = fs.statSync(path);
    return { path, kind: "file", sizeBytes: 0, identity: identityOf(stat), volumeId: VOLUME };
  };

  it("is still the same while its volume is seen there", () => {
    const folders = machineWith({ [LINK]: "nvme1n1" }, { nvme1n1: SERIAL });
    assert.equal(whyLost(at(path.join(folders.dev, "nvme1n1")), folders), undefined);
  });

  type Change = (device: string, folders: DeviceFolders) => void;
  const serialFile = (folders: DeviceFolders) => path.join(folders.sysBlock, "nvme1n1/device/serial");
  const LOST: [what: string, change: Change, said: RegExp][] = [
    [
      "was detached",
      (device, { byId }) => [device, path.join(byId, LINK)].forEach((file) => fs.rmSync(file)),
      /^vol-0123456789abcdef0: is not here any more \(it was .*nvme1n1\)\. Attach the volume .*--refresh/,
    ],
    [
      "gave its name to another volume",
      (_, folders) => fs.writeFileSync(serialFile(folders), "vol0ffff"),
      /^vol-0123456789abcdef0: is not here any more/,
    ],
    [
      "came back under another name, and its own went to another",
      (_, folders) => {
        fs.writeFileSync(serialFile(folders), "vol0ffff");
        const now = path.join(folders.dev, "nvme2n1");
        fs.writeFileSync(now, "");
        fs.rmSync(path.join(folders.byId, LINK));
        fs.symlinkSync(now, path.join(folders.byId, LINK));
      },
      /nvme1n1 is another disk by now, so nothing more was written there \(the volume is seen as .*nvme2n1\)/,
    ],
    [
      "is another device under its name",
      (device) => {
        fs.writeFileSync(`${device}.new`, "");
        fs.renameSync(`${device}.new`, device);
      },
      /nvme1n1 is another disk by now, so nothing more was written there\. Run the same command again/,
    ],
  ];
  for (const [what, change, said] of LOST) {
    it(`is written no more once it ${what}`, () => {
      const folders = machineWith({ [LINK]: "nvme1n1" }, {});
      const device = path.join(folders.dev, "nvme1n1");
      fs.mkdirSync(path.dirname(serialFile(folders)), { recursive: true });
      const disk = at(device);
      change(device, folders);
      assert.throws(
        () => confirmDisk(disk, folders),
        (error: Error) => said.test(error.message),
      );
    });
  }
});

describe("the number of a device", () => {
  const NUMBERS: [rdev: number, text: string][] = [
    [0x10305, "259:5"],
    [0x700, "7:0"],
    [0x10012c, "1:300"],
  ];
  for (const [rdev, text] of NUMBERS)
    it(`${text} is unpacked as the kernel packs it`, () => assert.equal(deviceNumber(rdev), text));
});

describe("the device of a volume", () => {
  after(removeFolders);

  const FOUND: [string, Record<string, string>, Record<string, string>][] = [
    ["by udev's link", { [LINK]: "nvme1n1", [`${LINK}-part1`]: "nvme1n1p1" }, {}],
    ["by the kernel's serial, where there is no udev", {}, { nvme0n1: "vol0ffff", nvme1n1: SERIAL }],
    ["by both, which are one", { [LINK]: "nvme1n1" }, { nvme1n1: SERIAL }],
    [
      "by the kernel's serial, where udev's link still points to where it was",
      { [LINK]: "nvme2n1" },
      { nvme1n1: SERIAL, nvme2n1: "vol0ffff" },
    ],
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

  it("is told how to get back where it was detached or deleted", async () => {
    const folders = machineWith({ [LINK]: "nvme1n1" }, { nvme1n1: "vol0ffff" });
    await assert.rejects(
      findVolume(VOLUME, silent, { folders, waitSeconds: 0 }),
      /pulumi up --refresh does where it was detached by hand, and a volume that was deleted needs a new revision/,
    );
  });

  it("is waited for by a clock that nobody sets", async () => {
    const folders = machineWith({}, {});
    const times = [0, 59_999, 60_000];
    const now = () => times.shift() ?? assert.fail("it went on waiting");
    await assert.rejects(findVolume(VOLUME, silent, { folders, now }), /is needed/);
    assert.deepEqual(times, []);
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

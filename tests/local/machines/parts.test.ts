import assert from "node:assert/strict";
import { seedFiles } from "../../../local/machines/cloudInitSeed";
import { blockNode, diskDevice, freeSlot, HIGHEST_SLOT } from "../../../local/machines/disks";
import { filesystemId, loopsOn } from "../../../local/machines/innerLoops";
import { linkName, nextNode } from "../../../local/machines/loopVolumes";
import { toolboxCommand, toolboxImage } from "../../../local/machines/toolbox";

describe("a container's volumes", () => {
  const cases: [taken: string[], next: string][] = [
    [[], "nvme1n1"],
    [["nvme1n1", "nvme2n1"], "nvme3n1"],
    [["nvme2n1"], "nvme1n1"],
  ];
  for (const [taken, next] of cases) {
    it(`are named ${next} where ${taken.join(" and ") || "nothing"} is taken`, () =>
      assert.equal(nextNode(taken.map((node) => ({ node }))), next));
  }

  it("are linked as EC2's udev rules link them, the id without its dash", () => {
    assert.equal(linkName("vol-0123456789abcdef0"), "nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0");
  });
});

describe("loop devices that a container leaves behind", () => {
  const list = "/dev/loop0     254:0\n/dev/loop10      7:1\n/dev/loop3      0:43 \n";
  it("are those whose file lies on a filesystem of its own", () => {
    assert.deepEqual(loopsOn(list, ["7:1", "0:43"]), ["/dev/loop10", "/dev/loop3"]);
    assert.deepEqual(loopsOn(list, ["7:10"]), []);
    assert.deepEqual(loopsOn("", ["7:1"]), []);
  });

  const devices: [device: number, id: string][] = [
    [0x701, "7:1"],
    [0xfe00, "254:0"],
    [0x2b, "0:43"],
    [0x10210305, "259:66053"],
  ];
  for (const [device, id] of devices) {
    it(`are told by filesystem ${id}`, () => assert.equal(filesystemId(device), id));
  }
});

describe("a volume in a virtual machine", () => {
  const volume = { volumeId: "vol-0123456789abcdef0", file: "/v.raw", deviceName: "/dev/sdf" };
  it("has its id without the dash as serial, on either kind of bus", () => {
    for (const boot of ["boot-record", "pv-grub"] as const)
      assert.equal(diskDevice(volume, boot, 5).serial, "vol0123456789abcdef0");
  });
  it("is in the highest slot that is free, so that a later one comes before it at the next boot", () => {
    assert.equal(freeSlot([0, 1, 2, 3]), HIGHEST_SLOT);
    assert.equal(freeSlot([0, 0x1f, 0x1d]), 0x1e);
    assert.equal(diskDevice(volume, "boot-record", 0x1e).addr, "1e");
    assert.equal("addr" in diskDevice(volume, "pv-grub", 0x1e), false, "PV's disks are named by their order");
  });
  it("is refused where there is no slot left", () => {
    const all = Array.from({ length: HIGHEST_SLOT + 1 }, (_, slot) => slot);
    assert.throws(() => freeSlot(all), /No PCI slot is free/);
  });
  it("is the bytes of its file", () =>
    assert.deepEqual(blockNode(volume).file, { driver: "file", filename: "/v.raw" }));
  it("has a node name within QEMU's 31 characters", () =>
    assert.ok(String(blockNode(volume)["node-name"]).length <= 31));
});

describe("the seed of a container's cloud-init", () => {
  const metadata = { "meta-data/public-keys/0/openssh-key": "ssh-rsa AAAA\n" };
  it("carries the instance's id and key, and the user data as it is", () => {
    const files = seedFiles({ instanceId: "i-1", metadata, userData: "#cloud-config\nruncmd: []\n" });
    assert.deepEqual(JSON.parse(files["meta-data"]), {
      "instance-id": "i-1",
      "local-hostname": "i-1",
      "public-keys": ["ssh-rsa AAAA"],
    });
    assert.equal(files["user-data"], "#cloud-config\nruncmd: []\n");
  });
  it("names no key where the launch named none", () => {
    assert.equal(
      "public-keys" in JSON.parse(seedFiles({ instanceId: "i-1", metadata: {} })["meta-data"]),
      false,
    );
  });
});

describe("the toolbox", () => {
  it("is named by the environment, and says so where it is not", () => {
    assert.throws(() => toolboxImage({}), /PV_TO_HVM_TOOLBOX: not set.*npm run cloud/);
    assert.throws(() => toolboxImage({ PV_TO_HVM_TOOLBOX: "/none.img" }), /\/none\.img is not there/);
    assert.equal(toolboxImage({ PV_TO_HVM_TOOLBOX: __filename }), __filename);
  });
  it("hands a command on word by word, after what it must be able to reach", () => {
    const command = toolboxCommand("/i.img", "/machine", ["qemu", "a b"], ["/v.raw"]);
    assert.deepEqual(command.slice(-7), ["/i.img", "/machine", "2", "/machine", "/v.raw", "qemu", "a b"]);
  });
});

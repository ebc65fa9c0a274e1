import assert from "node:assert/strict";
import type { MachineSpec } from "../../../local/machines/machine";
import { macAddress, qemuArguments } from "../../../local/machines/qemuArguments";

const SPEC: MachineSpec = {
  instanceId: "i-0123456789abcdef0",
  directory: "/cloud/it's, here",
  address: "198.18.1.5",
  instanceType: "t3.micro",
  vcpus: 2,
  memoryMb: 1024,
  boot: "boot-record",
  rootVolume: { volumeId: "vol-0000000000000000a", file: "/cloud/a,b.raw", deviceName: "/dev/sda1" },
  metadata: {},
  firewall: { ingress: [], egress: [] },
};
const HTTP_OUT = { protocol: "tcp" as const, fromPort: 80, toPort: 80, cidrs: ["0.0.0.0/0"] };
const DATA = { volumeId: "vol-0000000000000000b", file: "/cloud/b.raw", deviceName: "/dev/sdf" };

/** The values given to an option, JSON read where it is JSON. */
function values(args: string[], option: string): unknown[] {
  return args.flatMap((arg, index) => {
    if (arg !== option) return [];
    const value = args[index + 1];
    return [value.startsWith("{") ? JSON.parse(value) : value];
  });
}

const hvm = qemuArguments(SPEC, [DATA], { accelerator: "tcg" });
const loaded = { kernelFile: "/m/kernel", initrdFile: "/m/initrd", commandLine: "root=/dev/vda ro" };
const pv = qemuArguments({ ...SPEC, boot: "pv-grub" }, [DATA], { accelerator: "kvm", loaded });

describe("QEMU's command line", () => {
  it("gives an HVM machine its volumes as NVMe with their ids as serials, and starts from the root volume alone", () => {
    assert.deepEqual(values(hvm, "-device").slice(1, 3), [
      {
        driver: "nvme",
        id: "disk-vol-0000000000000000a",
        drive: "vol0000000000000000a",
        serial: "vol0000000000000000a",
        addr: "1f",
        bootindex: 0,
      },
      {
        driver: "nvme",
        id: "disk-vol-0000000000000000b",
        drive: "vol0000000000000000b",
        serial: "vol0000000000000000b",
        addr: "1e",
      },
    ]);
    assert.equal(hvm.includes("-kernel"), false);
  });

  it("loads a PV machine's kernel from outside, and gives it virtio disks", () => {
    assert.deepEqual(pv.slice(-6), [
      "-kernel",
      "/m/kernel",
      "-initrd",
      "/m/initrd",
      "-append",
      "root=/dev/vda ro",
    ]);
    const drivers = values(pv, "-device").map((device) => (device as { driver?: string }).driver);
    assert.deepEqual(drivers.slice(1, 3), ["virtio-blk-pci", "virtio-blk-pci"]);
  });

  it("loads a kernel without an initramfs, too", () => {
    const args = qemuArguments({ ...SPEC, boot: "pv-grub" }, [], {
      accelerator: "tcg",
      loaded: { kernelFile: "/k", commandLine: "ro" },
    });
    assert.deepEqual(args.slice(-4), ["-kernel", "/k", "-append", "ro"]);
  });

  it("names files so that commas and quotes in them mean nothing", () => {
    const [root] = values(hvm, "-blockdev") as { file: { filename: string } }[];
    assert.equal(root.file.filename, "/cloud/a,b.raw");
    const [{ guestfwd }] = values(hvm, "-netdev") as { guestfwd: { str: string }[] }[];
    assert.match(guestfwd[0].str, /'\/cloud\/it'\\''s, here\/metadata-responder'/);
  });

  it("lets ssh in on the machine's own address", () => {
    const [user] = values(hvm, "-netdev") as { hostfwd: unknown }[];
    assert.deepEqual(user.hostfwd, [{ str: "tcp:198.18.1.5:22-:22" }]);
  });

  for (const [what, egress, restrict] of [
    ["nothing of the guest out where its groups let nothing out", [], true],
    ["connections out, for the rules to judge, where they let some out", [HTTP_OUT], false],
  ] as const) {
    it(`lets ${what}`, () => {
      const spec = { ...SPEC, firewall: { ingress: [], egress: [...egress] } };
      const [user] = values(qemuArguments(spec, [], { accelerator: "tcg" }), "-netdev") as object[];
      assert.equal((user as { restrict: boolean }).restrict, restrict);
    });
  }

  it("shows what the BIOS says on the serial line", () =>
    assert.ok(values(hvm, "-machine").includes("pc,graphics=off")));

  it("is an EC2 instance by its UUID", () => {
    assert.ok(
      values(hvm, "-smbios").some((value) =>
        /manufacturer=Amazon EC2.*uuid=ec2[0-9a-f]{5}-/.test(String(value)),
      ),
    );
  });

  for (const [args, accelerator] of [
    [hvm, "tcg,thread=multi,tb-size=256"],
    [pv, "kvm"],
  ] as const) {
    it(`accelerates by ${accelerator}`, () => assert.deepEqual(values([...args], "-accel"), [accelerator]));
  }
});

describe("a machine's MAC address", () => {
  it("is the one that the metadata names", () => {
    assert.equal(
      macAddress({ instanceId: "i-1", metadata: { "meta-data/mac": "02:00:00:00:00:01\n" } }),
      "02:00:00:00:00:01",
    );
  });
  it("is else made of the instance's id, locally administered, and stays the same", () => {
    const address = macAddress({ instanceId: "i-1", metadata: {} });
    assert.match(address, /^02(:[0-9a-f]{2}){5}$/);
    assert.equal(macAddress({ instanceId: "i-1", metadata: {} }), address);
    assert.notEqual(macAddress({ instanceId: "i-2", metadata: {} }), address);
  });
});

import assert from "node:assert/strict";
import * as net from "node:net";
import * as path from "node:path";
import { chooseAccelerator, trialBootSector } from "../../../converter/boot/accelerator";
import { hasDhcpRequest } from "../../../converter/boot/dhcp";
import { chooseHardware } from "../../../converter/boot/hardware";
import { type RehearsalMachine, qemuCommand } from "../../../converter/boot/qemu";
import { QmpClient, diskCounters } from "../../../converter/boot/qmp";
import type { Runner } from "../../../converter/run";
import { removeFolders, scratchFolder } from "../disk/images";

describe("the hardware of a rehearsal", () => {
  const CASES: [string[], string[], string, string][] = [
    [["xen-blkfront", "nvme", "ata_piix"], ["e1000", "virtio_net"], "nvme", "e1000"],
    [["ata_piix", "virtio_blk"], ["virtio_net"], "ide", "virtio-net"],
    [["xen_blkfront", "virtio-blk"], ["xen-netfront"], "virtio", "none"],
    [["ahci"], [], "sata", "none"],
  ];
  for (const [early, available, diskBus, networkCard] of CASES) {
    it(`is ${diskBus} and ${networkCard} for ${early.join(", ")}`, () => {
      const kernel = { version: "3.2", earlyDrivers: early, availableDrivers: [...early, ...available] };
      assert.deepEqual(chooseHardware(kernel), { diskBus, networkCard });
    });
  }
  it("is not to be had for a guest that knows Xen's disks alone", () => {
    const kernel = { version: "3.2", earlyDrivers: ["xen-blkfront"], availableDrivers: [] };
    assert.throws(
      () => chooseHardware(kernel),
      /no early driver for a disk of QEMU's .*it has: xen-blkfront\./,
    );
  });
});

describe("QEMU's command line", () => {
  const MACHINE: RehearsalMachine = {
    disk: "/dev/nvme1n1",
    serial: "vol0123",
    hardware: { diskBus: "nvme", networkCard: "e1000" },
    accelerator: "tcg",
    memoryMb: 1024,
    folder: "/var/tmp/x",
  };
  const line = (change: Partial<RehearsalMachine>) => qemuCommand({ ...MACHINE, ...change }).join(" ");

  it("boots on a throw-away overlay, and cannot reach the helper's network", () => {
    assert.match(line({}), /file=\/dev\/nvme1n1,format=raw,snapshot=on/);
    assert.match(line({}), /-netdev user,id=net0,restrict=on/);
    assert.match(
      line({}),
      /^setpriv --pdeathsig KILL qemu-system-x86_64 -accel tcg,thread=multi,tb-size=256 -cpu max -M pc -m 1024/,
    );
  });
  it("writes a comma in a name twice", () =>
    assert.match(line({ disk: "/tmp/a,b.img" }), /file=\/tmp\/a,,b\.img,/));
  for (const [diskBus, device] of [
    ["nvme", "nvme,drive=disk0,serial=vol0123,bootindex=0"],
    ["ide", "ide-hd,drive=disk0,bootindex=0"],
    ["virtio", "virtio-blk-pci,drive=disk0,bootindex=0"],
    ["sata", "ide-hd,bus=sata0.0,drive=disk0,bootindex=0"],
  ] as const) {
    it(`has its disk on ${diskBus}`, () => {
      assert.ok(qemuCommand({ ...MACHINE, hardware: { diskBus, networkCard: "none" } }).includes(device));
    });
  }
  it("has no network where the guest knows no card", () => {
    const text = line({ hardware: { diskBus: "nvme", networkCard: "none" } });
    assert.match(text, /-nic none/);
    assert.doesNotMatch(text, /netdev/);
  });
});

describe("the accelerator", () => {
  const never: Runner = () => assert.fail("nothing was to be run");

  it("is TCG where that was asked for, without a trial", async () =>
    assert.equal(await chooseAccelerator("tcg", never), "tcg"));

  it("is TCG where KVM's boot sector says nothing, and KVM by name is then refused", async () => {
    const silent: Runner = async (command) => ({
      command,
      exitCode: -1,
      signal: "SIGKILL",
      timedOut: true,
      durationMs: 3000,
      stdout: "",
      stderr: "",
    });
    assert.equal(await chooseAccelerator("auto", silent), "tcg");
    await assert.rejects(chooseAccelerator("kvm", silent), /KVM: a boot sector did not run within 3 s/);
  });

  it("is tried with a boot sector that a BIOS takes", () => {
    const sector = trialBootSector();
    assert.equal(sector.length, 512);
    assert.equal(sector.readUInt16LE(510), 0xaa55);
  });
});

/** A pcap file with one Ethernet frame. */
function pcapOf({ protocol = 17, from = 68, to = 67, type = 0x0800 }): Buffer {
  const frame = Buffer.alloc(14 + 20 + 8);
  frame.writeUInt16BE(type, 12);
  frame[14] = 0x45;
  frame[23] = protocol;
  frame.writeUInt16BE(from, 34);
  frame.writeUInt16BE(to, 36);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(frame.length, 8);
  return Buffer.concat([Buffer.alloc(24), header, frame]);
}

describe("the DHCP request", () => {
  const CASES: [string, Buffer, boolean][] = [
    ["a request", pcapOf({}), true],
    ["an answer", pcapOf({ from: 67, to: 68 }), false],
    ["TCP to the same ports", pcapOf({ protocol: 6 }), false],
    ["an ARP packet", pcapOf({ type: 0x0806 }), false],
    ["a packet that is not whole yet", pcapOf({}).subarray(0, -1), false],
    [
      "a request behind another packet",
      Buffer.concat([pcapOf({ protocol: 6 }), pcapOf({}).subarray(24)]),
      true,
    ],
    ["a file of which nothing is written", Buffer.alloc(0), false],
  ];
  for (const [what, pcap, expected] of CASES) {
    it(`is ${expected ? "seen" : "not seen"} in ${what}`, () => assert.equal(hasDhcpRequest(pcap), expected));
  }
});

/** A QEMU that answers each command as told, in pieces. */
function fakeQemu(answers: Record<string, unknown>): Promise<{ path: string; server: net.Server }> {
  const socket = path.join(scratchFolder(), "qmp");
  const server = net.createServer((connection) => {
    connection.write('{"QMP": {"version": {}}}\n');
    connection.on("error", () => undefined);
    connection.on("data", (data) => {
      for (const line of data.toString().trim().split("\n")) {
        const { execute } = JSON.parse(line) as { execute: string };
        const answer = JSON.stringify(
          answers[execute] ?? { error: { class: "CommandNotFound", desc: `no ${execute}` } },
        );
        connection.write(`{"event": "RESUME", "data": {}}\n${answer.slice(0, 5)}`);
        connection.write(`${answer.slice(5)}\n`);
      }
    });
  });
  return new Promise((resolve) => server.listen(socket, () => resolve({ path: socket, server })));
}

describe("QMP", () => {
  after(removeFolders);
  const ANSWERS = {
    qmp_capabilities: { return: {} },
    "query-blockstats": {
      return: [
        { device: "cd", stats: { rd_bytes: 1, wr_bytes: 1 } },
        { device: "disk0", stats: { rd_bytes: 7, wr_bytes: 9 } },
      ],
    },
  };

  it("gives each command its own answer, and events to whoever listens", async () => {
    const { path: socket, server } = await fakeQemu(ANSWERS);
    const client = await QmpClient.connect(socket);
    const events: string[] = [];
    client.onEvent = ({ name }) => events.push(name);
    assert.deepEqual(await diskCounters(client, "disk0"), { readBytes: 7, writtenBytes: 9 });
    await assert.rejects(diskCounters(client, "disk1"), /has no drive disk1/);
    await assert.rejects(client.execute("fly"), /QEMU: fly: no fly/);
    assert.ok(events.includes("RESUME"));
    client.close();
    server.close();
  });

  it("fails every command that waits when QEMU ends", async () => {
    const { path: socket, server } = await fakeQemu(ANSWERS);
    const client = await QmpClient.connect(socket);
    const waiting = client.execute("query-blockstats");
    client.close();
    await assert.rejects(waiting, /QEMU has ended/);
    await assert.rejects(client.execute("quit"), /QEMU has ended/);
    server.close();
  });

  it("says where nobody answers", async () => {
    await assert.rejects(
      QmpClient.connect(path.join(scratchFolder(), "none"), 0),
      /nobody answers at .*none/,
    );
  });
});

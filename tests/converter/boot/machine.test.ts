import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { chooseAccelerator } from "../../../converter/boot/accelerator";
import { findDhcpRequest } from "../../../converter/boot/dhcp";
import { firmwareFault } from "../../../converter/boot/firmware";
import { busFor, chooseHardware } from "../../../converter/boot/hardware";
import { refuseCrampedOverlay } from "../../../converter/boot/overlaySpace";
import { runningBy } from "../../../converter/boot/processors";
import { type RehearsalMachine, qemuCommand } from "../../../converter/boot/qemu";
import { QmpClient, diskCounters } from "../../../converter/boot/qmp";
import { runTrial, trialBootSector } from "../../../converter/boot/trial";
import { runsInTcg } from "../../../converter/boot/virtualization";
import { RefusedError } from "../../../converter/errors";
import { type Runner, run } from "../../../converter/run";
import { removeFolders, scratchFolder } from "../disk/images";

describe("the hardware of a rehearsal", () => {
  const CASES: [string[], string[], string, string][] = [
    [["xen-blkfront", "nvme", "ata_piix"], ["e1000", "virtio_net"], "nvme", "e1000"],
    [["ata_piix", "virtio_blk"], ["virtio_net"], "ide", "virtio-net"],
    [["xen_blkfront", "virtio-blk"], ["xen-netfront"], "virtio", "none"],
    [["ahci"], ["8139cp"], "sata", "rtl8139"],
    [["piix", "ahci"], ["e1000e"], "ide", "e1000e"],
    [["ahci"], ["ena"], "sata", "none"],
  ];
  for (const [early, available, diskBus, networkCard] of CASES) {
    it(`is ${diskBus} and ${networkCard} for ${early.join(", ")}`, () => {
      const kernel = { version: "3.2", earlyDrivers: early, availableDrivers: [...early, ...available] };
      assert.deepEqual(chooseHardware(kernel), { diskBus, networkCard });
    });
  }
  const XEN_ONLY = { version: "3.2", earlyDrivers: ["xen-blkfront"], availableDrivers: ["e1000"] };

  it("is not to be had for a guest that knows Xen's disks alone: a refusal that names the way round", () => {
    assert.equal(busFor(XEN_ONLY), undefined);
    assert.throws(
      () => chooseHardware(XEN_ONLY),
      (error) =>
        error instanceof RefusedError &&
        /cannot be rehearsed: .*it has: xen-blkfront\..*--no-rehearsal/.test(error.message),
    );
  });

  it("is the bus that the user names, whatever the drivers", () =>
    assert.deepEqual(chooseHardware(XEN_ONLY, "sata"), { diskBus: "sata", networkCard: "e1000" }));
});

describe("QEMU's command line", () => {
  const MACHINE: RehearsalMachine = {
    disk: "/dev/nvme1n1",
    serial: "vol0123",
    hardware: { diskBus: "nvme", networkCard: "e1000" },
    accelerator: "tcg",
    memoryMb: 1024,
    sandboxArguments: [],
    folder: "/var/tmp/x",
  };
  const line = (change: Partial<RehearsalMachine>) => qemuCommand({ ...MACHINE, ...change }).join(" ");

  it("boots on a throw-away overlay, and cannot reach the helper's network", () => {
    assert.match(line({}), /file=\/dev\/nvme1n1,format=raw,snapshot=on/);
    assert.match(line({}), /-netdev user,id=net0,restrict=on/);
    assert.match(
      line({}),
      /^setpriv --pdeathsig KILL bwrap --unshare-pid --unshare-net .* -- qemu-system-x86_64 -accel tcg,thread=multi,tb-size=256 -cpu max -M pc,vmport=off -m 1024/,
    );
  });
  it("is no EC2 to cloud-init, which would wait for its metadata service", () =>
    assert.doesNotMatch(line({}), /smbios|Amazon/));
  it("has the card that the guest can drive", () =>
    assert.match(
      line({ hardware: { diskBus: "ide", networkCard: "rtl8139" } }),
      /-device rtl8139,netdev=net0/,
    ));
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

/** A runner whose programs end as told, by the program's name. */
function runnerOf(answers: Record<string, Partial<Awaited<ReturnType<Runner>>>>): Runner {
  return async (command) => {
    const name = command[0] === "setpriv" ? command[3] : command[0];
    const answer = answers[name] ?? assert.fail(`${name} was not to be run`);
    const ended = { exitCode: 0, signal: null, timedOut: false, durationMs: 1, stdout: "", stderr: "" };
    return { command, ...ended, ...answer };
  };
}

describe("the accelerator", () => {
  const SILENT = { exitCode: -1, signal: "SIGKILL", timedOut: true, durationMs: 5000 } as const;
  const onMetal = { "qemu-system-x86_64": SILENT, which: {}, "systemd-detect-virt": { stdout: "kvm\n" } };
  const emulated = { ...onMetal, "systemd-detect-virt": { stdout: "qemu\n" } };

  it("is TCG where that was asked for, without a trial", async () => {
    const runner = runnerOf({ which: {}, "systemd-detect-virt": { stdout: "none\n", exitCode: 1 } });
    assert.equal(await chooseAccelerator("tcg", runner), "tcg");
  });

  it("is TCG where KVM's boot sector says nothing, and KVM by name is then refused", async () => {
    assert.equal(await chooseAccelerator("auto", runnerOf(onMetal)), "tcg");
    await assert.rejects(
      chooseAccelerator("kvm", runnerOf(onMetal)),
      /KVM: a boot sector did not run to its end within 5 s/,
    );
  });

  it("is TCG where the host carries out KVM's guests so slowly that a word is all that comes", async () => {
    const speaks: Runner = (command, options) => {
      const serial = command.find((word) => word.startsWith("file:"));
      if (serial) fs.writeFileSync(serial.replace("file:", ""), "PV");
      return runnerOf(onMetal)(command, options);
    };
    assert.equal(await chooseAccelerator("auto", speaks), "tcg");
  });

  it("is tried by a boot sector that real QEMU runs to its end, and that has not ended where it is cut off", async () => {
    assert.equal((await runTrial("tcg", 60, run)).ended, true);
    assert.equal((await runTrial("tcg", 0.05, run)).ended, false);
  });

  for (const choice of ["auto", "tcg"] as const) {
    it(`is never TCG within TCG (${choice}): a refusal that names the way round`, async () => {
      await assert.rejects(
        chooseAccelerator(choice, runnerOf(emulated)),
        (error) => error instanceof RefusedError && /itself emulated.*rehearsal\.skip/.test(error.message),
      );
    });
  }

  it("knows an emulated machine by its processor's name, without asking anybody", async () => {
    const file = path.join(scratchFolder(), "cpuinfo");
    fs.writeFileSync(file, "processor\t: 0\nmodel name\t: QEMU TCG CPU version 2.5+\n");
    assert.equal(await runsInTcg(runnerOf({}), file), true);
    fs.writeFileSync(file, "processor\t: 0\nmodel name\t: AMD EPYC\n");
    assert.equal(await runsInTcg(runnerOf({ which: { exitCode: 1 } }), file), false);
  });

  it("is tried with a boot sector that a BIOS takes", () => {
    const sector = trialBootSector();
    assert.equal(sector.length, 512);
    assert.equal(sector.readUInt16LE(510), 0xaa55);
  });
});

describe("what the processors run", () => {
  const CPU = (registers: string) => `\r\nCPU#0\r\n${registers}\r\n`;
  for (const [what, text, expected] of [
    ["GRUB", CPU("EIP=00008225 CPL=0 II=0\r\nCR0=00000011 CR2=00000000"), undefined],
    ["a kernel", CPU("RIP=ffffffff81000000 CPL=0\r\nCR0=80050033 CR2=0"), "kernel"],
    ["a 32-bit kernel", CPU("EIP=c0100000 CPL=0\r\nCR0=8005003b CR2=0"), "kernel"],
    [
      "programs on the second processor",
      `${CPU("CPL=0\r\nCR0=80050033")}CPU#1\r\nCPL=3\r\nCR0=80050033`,
      "programs",
    ],
    ["nothing that can be read", "", undefined],
  ] as const) {
    it(`is ${expected ?? "nothing of a guest's"} for ${what}`, () => assert.equal(runningBy(text), expected));
  }
});

describe("the firmware's words", () => {
  it("tell of a disk that cannot boot", () => {
    const words = "Booting from Hard Disk...\nBoot failed: not a bootable disk\n\nNo bootable device.\n";
    assert.match(
      firmwareFault(words) ?? "",
      /first sector has no boot code \("Boot failed: not a bootable disk"/,
    );
  });
  it("tell of no disk at all", () => assert.match(firmwareFault("No bootable device.\n") ?? "", /no disk/));
  it("tell of nothing while it boots", () =>
    assert.equal(firmwareFault("Booting from 0000:7c00\n"), undefined));
});

describe("the free space for the overlay", () => {
  it("is there for a byte, and not for more than any disk has", async () => {
    const folder = scratchFolder();
    assert.deepEqual(await refuseCrampedOverlay(folder, 1), []);
    const [refusal] = await refuseCrampedOverlay(folder, Number.MAX_SAFE_INTEGER);
    assert.equal(refusal.subject, `folder ${folder} of this machine`);
    assert.match(refusal.found, /free, 8192 TiB are needed for the throw-away overlay of a rehearsal/);
  });
});

/** A pcap file with one Ethernet frame: a BOOTP message, with the DHCP options given. */
function pcapOf({ protocol = 17, from = 68, to = 67, type = 0x0800, options = [53, 1, 1, 255] }): Buffer {
  const frame = Buffer.alloc(14 + 20 + 8 + 240 + options.length);
  frame.writeUInt16BE(type, 12);
  frame[14] = 0x45;
  frame[23] = protocol;
  frame.writeUInt16BE(from, 34);
  frame.writeUInt16BE(to, 36);
  Buffer.from([0x52, 0x54, 0, 0x12, 0x34, 0x56]).copy(frame, 42 + 28);
  Buffer.from(options).copy(frame, 42 + 240);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(frame.length, 8);
  return Buffer.concat([Buffer.alloc(24), header, frame]);
}

describe("the DHCP request", () => {
  const DISCOVER = "DHCP DISCOVER from 52:54:00:12:34:56";
  const CASES: [string, Buffer, string | undefined][] = [
    ["a discovery", pcapOf({}), DISCOVER],
    [
      "a request behind padding",
      pcapOf({ options: [0, 12, 1, 65, 53, 1, 3, 255] }),
      "DHCP REQUEST from 52:54:00:12:34:56",
    ],
    ["a BOOTP request", pcapOf({ options: [255, 0, 0, 0] }), "BOOTP request from 52:54:00:12:34:56"],
    ["an answer", pcapOf({ from: 67, to: 68 }), undefined],
    ["TCP to the same ports", pcapOf({ protocol: 6 }), undefined],
    ["an ARP packet", pcapOf({ type: 0x0806 }), undefined],
    ["a packet that is not whole yet", pcapOf({}).subarray(0, -1), undefined],
    [
      "a request behind another packet",
      Buffer.concat([pcapOf({ protocol: 6 }), pcapOf({}).subarray(24)]),
      DISCOVER,
    ],
    ["a file of which nothing is written", Buffer.alloc(0), undefined],
  ];
  for (const [what, pcap, expected] of CASES) {
    it(`is ${expected ? "seen" : "not seen"} in ${what}`, () =>
      assert.equal(findDhcpRequest(pcap), expected));
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

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { NOT_STARTED } from "../../../converter/boot/bootProgress";
import { qemuCommand } from "../../../converter/boot/qemu";
import { QEMU_USER, sandboxFor } from "../../../converter/boot/qemuSandbox";
import { type RehearsalRequest, rehearse, progressLogger } from "../../../converter/boot/rehearsal";
import { runsInTcg } from "../../../converter/boot/virtualization";
import { isInstalled, run, type Runner } from "../../../converter/run";
import type { Rehearsal } from "../../../converter/types";
import { removeFolders, scratchFolder } from "../disk/images";
import { GRUB, KERNEL } from "./watching";

/** `xor ax, ax; mov ds, ax; mov es, ax; cld; mov si, TEXT; mov dx, COM1`, then `lodsb; test al, al; jz; out dx, al; jmp`. */
const SAY = [0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, 0xfc, 0xbe, 0x60, 0x7c, 0xba, 0xf8, 0x03].concat([
  ...[0xac, 0x84, 0xc0, 0x74, 0x03, 0xee, 0xeb, 0xf8],
]);
/** The BIOS's write of one sector, the second of the first disk. */
const WRITE = [0xb8, 0x01, 0x03, 0xbb, 0x00, 0x7c, 0xb9, 0x02, 0x00, 0xba, 0x80, 0x00, 0xcd, 0x13];
/** The keyboard controller's reset line. */
const RESET = [0xb0, 0xfe, 0xe6, 0x64];
const HALT = [0xf4, 0xeb, 0xfd];
const TEXT_AT = 0x60;

/** A guest of 512 bytes: says its lines on the serial port, and does what is asked for. */
function smallGuest(lines: string[], work: number[]): string {
  const disk = path.join(scratchFolder(), "disk");
  const sector = Buffer.alloc(512);
  Buffer.from([...SAY, ...work, ...HALT]).copy(sector);
  sector.write(lines.join("\r\n"), TEXT_AT, "latin1");
  sector.writeUInt16LE(0xaa55, 510);
  fs.writeFileSync(disk, Buffer.concat([sector, Buffer.alloc(2 ** 20 - 512)]));
  return disk;
}

function boot(
  disk: string,
  change: Partial<RehearsalRequest> = {},
  log: string[] = [],
  runner = run,
): Promise<Rehearsal> {
  const request: RehearsalRequest = {
    ...{ disk, serial: "vol0", hardware: { diskBus: "ide", networkCard: "none" }, expected: {} },
    ...{ timeoutSeconds: 60, memoryMb: 64, accelerator: "tcg" },
    ...change,
  };
  return rehearse(request, runner, (line) => log.push(line));
}

/** The QEMU that has this disk, by what the kernel says of it; `undefined` where none runs. */
function lookAt(disk: string) {
  for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [program, ...words] = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (!program.startsWith("qemu-system") || !words.some((word) => word.includes(disk))) continue;
      const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
      const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1] ?? "";
      const names = ["mnt", "pid", "net", "ipc", "uts"];
      return {
        users: field("Uid").split(/\s+/),
        filter: field("Seccomp"),
        capabilities: field("CapEff"),
        newPrivileges: field("NoNewPrivs"),
        namespaces: Object.fromEntries(
          names.map((name) => [name, fs.readlinkSync(`/proc/${pid}/ns/${name}`)]),
        ),
        root: fs.readdirSync(`/proc/${pid}/root`),
      };
    } catch {
      // It has ended since.
    }
  }
  return undefined;
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(holds());
}

const leftBehind = () => fs.readdirSync("/var/tmp").filter((name) => name.startsWith("pv-to-hvm-boot-"));

describe("what a rehearsal tells on the way", () => {
  it("breaks a silence with what is new on the console, and says no line twice", () => {
    const log: string[] = [];
    const tell = progressLogger((line) => log.push(line));
    const booting = { ...NOT_STARTED, rungs: { kernel: { second: 8, evidence: "Linux version 2.6.18" } } };
    tell(NOT_STARTED, 1, "");
    tell(NOT_STARTED, 6.4, "");
    tell(booting, 8, "Linux version 2.6.18");
    tell(booting, 13, "CPU0: AMD");
    tell(booting, 14.2, " Mounting root ");
    tell(booting, 20.3, "Mounting root");
    tell(booting, 26.5, "EXT3-fs: mounted");
    assert.deepEqual(log, [
      "rehearsal: 6 s, no step seen yet; nothing new on its console",
      "rehearsal: kernel after 8 s: Linux version 2.6.18",
      "rehearsal: 14 s, kernel was the last step seen; its console: Mounting root",
      "rehearsal: 20 s, kernel was the last step seen; nothing new on its console",
      "rehearsal: 27 s, kernel was the last step seen; its console: EXT3-fs: mounted",
    ]);
  });
});

describe("a rehearsal in QEMU", function () {
  this.timeout(120_000);
  before(async function () {
    if (!(await isInstalled("qemu-system-x86_64")) || (await runsInTcg(run))) this.skip();
  });
  after(removeFolders);

  it("sees a guest that writes its disk and shows a login prompt, and leaves the disk as it was", async () => {
    const disk = smallGuest([GRUB, KERNEL, "small login: "], WRITE);
    const [before, others] = [fs.readFileSync(disk), leftBehind()];
    const log: string[] = [];
    const rehearsal = await boot(disk, {}, log);
    assert.ok(rehearsal.booted, rehearsal.why);
    const reached = rehearsal.rungs.filter(({ second }) => second !== undefined).map(({ name }) => name);
    assert.deepEqual(reached, ["grub", "kernel", "init", "root-read", "root-written", "login"]);
    assert.deepEqual(rehearsal.consoleTail.at(-1), "small login:");
    assert.ok(fs.readFileSync(disk).equals(before));
    assert.deepEqual(leftBehind(), others);
    assert.match(log[0], /network card \S+\); (slow machine \([\d.]+ x\): )?the boot may take up to 60 s/);
  });

  it("ends soon after a panic, with its meaning", async () => {
    const panic = "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)";
    const { booted, why } = await boot(smallGuest([GRUB, KERNEL, `${panic}\r\n`], []));
    assert.equal(booted, false);
    assert.match(why ?? "", /cannot reach its root filesystem/);
  });

  it("keeps the whole console where that is asked for, and says where it cannot", async () => {
    const [disk, kept] = [smallGuest([GRUB, KERNEL], RESET), path.join(scratchFolder(), "console")];
    await boot(disk, { consoleFile: kept });
    assert.equal(fs.readFileSync(kept, "latin1"), `${GRUB}\r\n${KERNEL}`);
    const log: string[] = [];
    const { why } = await boot(disk, { consoleFile: `${kept}/none` }, log);
    assert.equal(why, "the guest reset itself");
    assert.match(log.at(-1) ?? "", /console\/none: the console could not be kept/);
  });

  it("tells a guest that resets itself", async () => {
    const { booted, why } = await boot(smallGuest([GRUB, KERNEL], RESET));
    assert.equal(booted, false);
    assert.equal(why, "the guest reset itself");
  });

  it("tells a disk without boot code by the firmware's own words", async () => {
    const disk = path.join(scratchFolder(), "disk");
    fs.writeFileSync(disk, Buffer.alloc(2 ** 20));
    const { booted, why } = await boot(disk);
    assert.equal(booted, false);
    assert.match(why ?? "", /no boot code \("Boot failed: not a bootable disk", said by SeaBIOS\)/);
  });

  it("runs QEMU as nobody, under a filter, in namespaces of its own, where it has one disk and no file of this machine", async () => {
    const disk = smallGuest([GRUB], []);
    const log: string[] = [];
    let seen: ReturnType<typeof lookAt> | undefined;
    const look = setInterval(() => (seen = lookAt(disk) ?? seen), 50);
    try {
      await boot(disk, { timeoutSeconds: 4 }, log);
    } finally {
      clearInterval(look);
    }
    assert.deepEqual(
      seen?.users,
      Array.from({ length: 4 }, () => String(QEMU_USER)),
    );
    assert.equal(seen.filter, "2");
    assert.match(seen.capabilities, /^0+$/);
    assert.equal(seen.newPrivileges, "1");
    for (const name of ["mnt", "pid", "net", "ipc", "uts"])
      assert.notEqual(seen.namespaces[name], fs.readlinkSync(`/proc/self/ns/${name}`), name);
    assert.ok(
      !seen.root.some((name) => ["root", "home", "boot", "work"].includes(name)),
      seen.root.join(" "),
    );
    assert.deepEqual(
      log.filter((line) => line.startsWith("note:")),
      [],
    );
  });

  it("takes QEMU along, however this program ends, though it is another user's by then", async () => {
    const disk = smallGuest([GRUB], []);
    const { arguments: sandboxArguments } = await sandboxFor(run);
    const machine = {
      disk,
      serial: "vol0",
      accelerator: "tcg",
      memoryMb: 64,
      sandboxArguments,
      folder: scratchFolder(),
    } as const;
    const command = qemuCommand({ ...machine, hardware: { diskBus: "ide", networkCard: "none" } });
    const env = { PATH: process.env.PATH, TMPDIR: machine.folder };
    const parent = spawn("sh", ["-c", '"$@" & wait', "sh", ...command], { stdio: "ignore", env });
    await until(() => lookAt(disk)?.users[0] === String(QEMU_USER));
    parent.kill("SIGKILL");
    await until(() => lookAt(disk) === undefined);
  });

  it("goes on with a QEMU that knows none of its sandbox arguments, and says so once", async () => {
    const old: Runner = (command, options) =>
      command.includes("help") ? run(["false"], options) : run(command, options);
    const log: string[] = [];
    const { why } = await boot(smallGuest([GRUB, KERNEL], RESET), {}, log, old);
    assert.equal(why, "the guest reset itself");
    assert.deepEqual(
      log.filter((line) => line.startsWith("note:")),
      [
        "note: this QEMU cannot have a filter of system calls (-sandbox) and a user of its own (-run-with user, -runas); bubblewrap holds it all the same",
      ],
    );
  });

  it("gives a guest that says no more the user's time, and not more", async () => {
    const { booted, why } = await boot(smallGuest([GRUB], []), { timeoutSeconds: 3 });
    assert.equal(booted, false);
    assert.equal(why, "it was not up after 3 s");
  });
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import zlib from "node:zlib";
import fc from "fast-check";
import { readCpio } from "../../../converter/guest/cpio";
import { driversAmong, moduleOfFile } from "../../../converter/guest/drivers";
import { initramfsModules, listInitramfs, rebuildInitramfs } from "../../../converter/guest/initramfs";
import { addModules, planInitramfsTools, takeMostModules } from "../../../converter/guest/initramfsTools";
import { run, type Runner } from "../../../converter/run";
import type { InitramfsPlan } from "../../../converter/types";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";
import { cpioArchive, initramfsWith } from "./phonyKernel";

const main = cpioArchive(["init", "lib/modules/6.1/kernel/drivers/nvme/host/nvme.ko.xz"]);
const microcode = Buffer.concat([cpioArchive(["kernel/x86/microcode/GenuineIntel.bin"]), Buffer.alloc(300)]);
const MAIN_FILES = ["init", "lib/modules/6.1/kernel/drivers/nvme/host/nvme.ko.xz"];

describe("reading an initramfs", () => {
  const FORMS: [form: string, command?: string[]][] = [
    ["gzip"],
    ["xz", ["xz", "-c", "--check=crc32"]],
    ["lzma", ["xz", "-c", "--format=lzma"]],
    ["bzip2", ["bzip2", "-c"]],
    ["lz4", ["lz4", "-l", "-c"]],
    ["zstd", ["zstd", "-qc"]],
    ["lzo", ["lzop", "-c"]],
  ];
  for (const [form, command] of FORMS) {
    it(`unpacks ${form} behind a microcode archive`, async function () {
      let packed: Buffer;
      try {
        packed = command
          ? execFileSync(command[0], command.slice(1), { input: main, stdio: ["pipe", "pipe", "ignore"] })
          : zlib.gzipSync(main);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        return this.skip();
      }
      const files = await listInitramfs(Buffer.concat([microcode, packed]), run);
      assert.deepEqual(files, ["kernel/x86/microcode/GenuineIntel.bin", ...MAIN_FILES]);
    });
  }

  it("reads one that is not packed", async () => {
    assert.deepEqual(await listInitramfs(Buffer.concat([microcode, main]), run), [
      "kernel/x86/microcode/GenuineIntel.bin",
      ...MAIN_FILES,
    ]);
  });

  it("says where it cannot go on", async () => {
    await assert.rejects(
      listInitramfs(Buffer.concat([cpioArchive(["a"]), Buffer.from("junk")]), run),
      /byte \d+ begins neither/,
    );
    await assert.rejects(listInitramfs(main.subarray(0, 300), run), /cut off|no cpio header/);
    await assert.rejects(
      listInitramfs(zlib.gzipSync(Buffer.from("not cpio")), run),
      /its gzip part holds no cpio archive/,
    );
  });

  it("reads the bytes of each member, whatever their lengths", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/)), fc.nat(7), (paths, shift) => {
        const { members, end } = readCpio(Buffer.concat([Buffer.alloc(shift), cpioArchive(paths)]), shift);
        assert.deepEqual(
          members.map(({ path, data }) => [path, data.toString()]),
          paths.map((path) => [path, path]),
        );
        assert.equal(end, shift + cpioArchive(paths).length);
      }),
    );
  });

  for (const [file, module] of [
    ["lib/modules/V/kernel/drivers/nvme/host/nvme.ko", "nvme"],
    ["kernel/drivers/block/xen-blkfront.ko.zst", "xen_blkfront"],
    ["ata_piix.ko.gz", "ata_piix"],
    ["lib/modules/V/kernel/drivers/nvmem/nvmem_core.ko.xz", "nvmem_core"],
    ["etc/modprobe.d/nvme.conf", undefined],
    ["nvme.ko.bak", undefined],
  ] as const) {
    it(`takes ${file} for ${module ?? "no module"}`, () => assert.equal(moduleOfFile(file), module));
  }

  it("does not take nvmem for nvme", async () => {
    assert.deepEqual(driversAmong(await initramfsModules(initramfsWith("nvmem_core", "nvme-core"), run)), []);
    assert.deepEqual(driversAmong(await initramfsModules(initramfsWith("nvme", "xen_blkfront"), run)), [
      "xen-blkfront",
      "nvme",
    ]);
  });
});

describe("the guest's initramfs configuration", () => {
  it("adds modules that are not named yet, dashes and underscores alike", () => {
    const { text } = addModules("# comment\nxen_blkfront\n", ["xen-blkfront", "nvme"]);
    assert.equal(text, "# comment\nxen_blkfront\nnvme\n");
    assert.deepEqual(addModules(text, ["nvme"]), { text, why: [] });
  });

  it("takes most modules in place of the helper's", () => {
    assert.equal(takeMostModules("# MODULES=dep\nMODULES=dep\n").text, "# MODULES=dep\nMODULES=most\n");
  });

  it("makes the list where there is none, with the modules that a driver needs beside it", () => {
    const [edit] = planInitramfsTools(["xen-blkfront"], () => undefined);
    assert.equal(edit.action, "create");
    assert.deepEqual(edit.diff.slice(-2), ["+xen-platform-pci", "+xen-blkfront"]);
  });

  it("stays as it is where no driver is wanted", () => {
    assert.deepEqual(
      planInitramfsTools([], () => "MODULES=dep\n"),
      [],
    );
  });
});

describe("rebuilding an initramfs", () => {
  after(removePhonyGuests);
  const V = "3.13.0-48-generic";
  const plan: InitramfsPlan = {
    kernel: V,
    path: `/boot/initrd.img-${V}`,
    action: "rebuild",
    tool: "update-initramfs",
    missing: ["nvme"],
  };
  const guestWith = (...modules: string[]) =>
    phonyGuest({
      [plan.path]: initramfsWith(...modules),
      [`/lib/modules/${V}/modules.dep`]: "",
      "/proc/x": "",
      "/dev/x": "",
      "/sys/x": "",
      "/tmp/x": "",
    });

  /** A runner that notes the guest's command and does `act` in its place. */
  const recording = (act: () => void, exitCode = 0, stderr = "") => {
    const commands: string[][] = [];
    const runner: Runner = async (command) => {
      commands.push(command);
      act();
      return { command, exitCode, signal: null, timedOut: false, durationMs: 1, stdout: "", stderr };
    };
    return { commands, runner };
  };

  it("runs update-initramfs for that kernel, in namespaces of its own, and reads the result", async () => {
    const tree = guestWith();
    const { commands, runner } = recording(() =>
      fs.writeFileSync(tree.hostPath(plan.path), initramfsWith("nvme")),
    );
    assert.deepEqual(await rebuildInitramfs(tree.root, [plan], runner), [V]);
    assert.equal(commands.length, 1);
    assert.deepEqual(commands[0].slice(0, 3), ["setpriv", "--pdeathsig", "KILL"]);
    assert.deepEqual(commands[0].slice(3, 8), ["unshare", "--mount", "--pid", "--net", "--fork"]);
    assert.deepEqual(commands[0].slice(-4), ["update-initramfs", "-u", "-k", V]);
  });

  it("leaves one alone that has every driver", async () => {
    const { commands, runner } = recording(() => undefined);
    assert.deepEqual(await rebuildInitramfs(guestWith("nvme").root, [plan], runner), []);
    assert.deepEqual(commands, []);
  });

  it("leaves one alone that the plan keeps", async () => {
    const { commands, runner } = recording(() => undefined);
    await rebuildInitramfs(guestWith().root, [{ ...plan, action: "keep" }], runner);
    assert.deepEqual(commands, []);
  });

  it("fails where the program says that it went well and the driver is not there", async () => {
    const { runner } = recording(() => undefined);
    await assert.rejects(
      rebuildInitramfs(guestWith("nvmem_core").root, [plan], runner),
      /rebuilt, and it still lacks nvme/,
    );
  });

  it("fails where the program fails, with what it said", async () => {
    const { runner } = recording(() => undefined, 1, "mkinitramfs: failed\n");
    await assert.rejects(
      rebuildInitramfs(guestWith().root, [plan], runner),
      /update-initramfs -u -k 3.13.0-48-generic ended with exit code 1:\nmkinitramfs: failed/,
    );
  });

  it("names vsyscall=emulate where a program of the guest crashes", async () => {
    const { runner } = recording(() => undefined, 139);
    await assert.rejects(rebuildInitramfs(guestWith().root, [plan], runner), /vsyscall=emulate/);
  });

  it("indexes the modules first where nobody has", async () => {
    const tree = guestWith();
    tree.remove(`/lib/modules/${V}/modules.dep`);
    const { commands, runner } = recording(() => undefined);
    await assert.rejects(rebuildInitramfs(tree.root, [plan], runner));
    assert.deepEqual(
      commands.map((command) => command.slice(-2)),
      [
        ["depmod", V],
        ["-k", V],
      ],
    );
  });

  it("refuses a program that it does not know", async () => {
    const { runner } = recording(() => undefined);
    await assert.rejects(
      rebuildInitramfs(guestWith().root, [{ ...plan, tool: "mkinitcpio" }], runner),
      /cannot be rebuilt by mkinitcpio/,
    );
  });
});

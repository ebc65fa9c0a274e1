import assert from "node:assert/strict";
import fs from "node:fs";
import { rebuildInitramfs } from "../../../../converter/guest/initramfs/initramfs";
import type { GuestTree } from "../../../../converter/guest/tree";
import type { Runner } from "../../../../converter/run";
import type { InitramfsPlan } from "../../../../converter/types";
import { phonyGuest, removePhonyGuests } from "../phonyGuest";
import { cpioArchive, initramfsWith } from "../phonyKernel";

const V = "3.13.0-48-generic";
const PATH = `/boot/initrd.img-${V}`;
const OUTPUT = `${PATH}.pv-to-hvm`;
const KEPT = `${PATH}.pv-to-hvm-old`;

/** By update-initramfs, which writes the image itself. */
const IN_PLACE: InitramfsPlan = {
  ...{ kernel: V, path: PATH, action: "rebuild", tool: "update-initramfs", missing: ["nvme"] },
  command: ["update-initramfs", "-u", "-t", "-k", V],
};
/** By dracut, which writes where it is told to. */
const BESIDE: InitramfsPlan = {
  ...{ kernel: V, path: PATH, action: "rebuild", tool: "dracut", missing: ["nvme"], output: OUTPUT },
  command: ["dracut", "-f", OUTPUT, V],
};

function guestWith(...modules: string[]): GuestTree {
  return phonyGuest({
    [PATH]: initramfsWith(...modules),
    [`/lib/modules/${V}/modules.dep`]: "",
    "/usr/sbin/dracut": "#!/bin/bash -p\n",
    ...{ "/proc/x": "", "/dev/x": "", "/sys/x": "", "/tmp/x": "" },
  });
}

/** What stands in for a program: it notes the guest's command, does `act` where it is not the probe, and ends. */
function recording(act: () => void, exitCode = 0, stderr = "") {
  const commands: string[][] = [];
  const runner: Runner = async (command) => {
    const inGuest = command.slice(command.lastIndexOf("--") + 1);
    commands.push(inGuest);
    const isProbe = inGuest.includes("date >/dev/null");
    if (!isProbe) act();
    return {
      ...{ command, signal: null, timedOut: false, durationMs: 1, stdout: "" },
      ...(isProbe ? { exitCode: 0, stderr: "" } : { exitCode, stderr }),
    };
  };
  return { commands, runner };
}

/** Writes a new image as the plan's program would: a new file in the old one's place, or the output. */
function writeImage(tree: GuestTree, plan: InitramfsPlan, image: Buffer) {
  const target = tree.hostPath(plan.output ?? plan.path);
  fs.writeFileSync(`${target}.new`, image);
  fs.renameSync(`${target}.new`, target);
}

const PROBES: Record<string, string[]> = {
  "update-initramfs": ["/bin/sh", "-c", "date >/dev/null"],
  dracut: ["/bin/bash", "-c", "date >/dev/null"],
};

for (const plan of [IN_PLACE, BESIDE]) {
  describe(`rebuilding an initramfs by ${plan.tool}`, () => {
    after(removePhonyGuests);

    it("tries the program's interpreter, runs it, and puts the new image in the old one's place", async () => {
      const tree = guestWith("ext4");
      const made = initramfsWith("nvme");
      const { commands, runner } = recording(() => writeImage(tree, plan, made));
      assert.deepEqual(await rebuildInitramfs(tree.root, [plan], runner), [V]);
      assert.deepEqual(commands, [PROBES[plan.tool ?? ""], plan.command]);
      assert.deepEqual(tree.readBytes(PATH), made);
      assert.deepEqual(tree.list("/boot"), [`initrd.img-${V}`]);
    });

    const FAILURES: [
      what: string,
      made: Buffer | undefined,
      exitCode: number,
      said: string,
      message: RegExp,
    ][] = [
      [
        "the program fails",
        undefined,
        1,
        "mkinitramfs: failed\n",
        /ended with exit code 1:\nmkinitramfs: failed\nRebuild/,
      ],
      [
        "the driver is not in the new image",
        initramfsWith("nvmem_core"),
        0,
        "",
        /rebuilt, and it still lacks nvme/,
      ],
      [
        "the new image cannot be read",
        Buffer.from("half"),
        0,
        "",
        /rebuilt by \S+, and it cannot be read: byte 0/,
      ],
      ["the program crashes", undefined, 139, "", /vsyscall=emulate/],
      ["the kernel knows no such program", undefined, 126, "chroot: Exec format error", /IA32_EMULATION/],
      ["/boot is full", undefined, 1, "gzip: No space left on device", /Make room/],
    ];
    for (const [what, made, exitCode, said, message] of FAILURES) {
      it(`keeps the old image where ${what}, and says so`, async () => {
        const tree = guestWith("ext4");
        const act = () => made && writeImage(tree, plan, made);
        const { runner } = recording(act, exitCode, said);
        await assert.rejects(rebuildInitramfs(tree.root, [plan], runner), message);
        assert.deepEqual(tree.readBytes(PATH), initramfsWith("ext4"));
        assert.deepEqual(tree.list("/boot"), [`initrd.img-${V}`]);
      });
    }

    it("does not let go of what the old image reached its root with", async () => {
      const tree = guestWith("ext4");
      const { runner } = recording(() => writeImage(tree, plan, initramfsWith("nvme", "dm-mod")));
      const needy = { ...plan, keep: ["ext4", "dm_mod", "lvm"] };
      await assert.rejects(rebuildInitramfs(tree.root, [needy], runner), /still lacks ext4, lvm\./);
    });

    it("counts what is built in", async () => {
      const tree = guestWith();
      tree.write(`/lib/modules/${V}/modules.builtin`, "kernel/fs/ext4/ext4.ko\n");
      const made = cpioArchive(["sbin/lvm", "nvme.ko"]);
      const { runner } = recording(() => writeImage(tree, plan, made));
      assert.deepEqual(await rebuildInitramfs(tree.root, [{ ...plan, keep: ["ext4", "lvm"] }], runner), [V]);
    });

    it("leaves one alone that has every driver, and clears up behind a run that was interrupted", async () => {
      const tree = guestWith("nvme");
      tree.write(OUTPUT, "half");
      tree.write(KEPT, "old");
      const { commands, runner } = recording(() => undefined);
      assert.deepEqual(await rebuildInitramfs(tree.root, [plan], runner), []);
      assert.deepEqual(commands, []);
      assert.ok(!tree.exists(KEPT) && (plan.output === undefined || !tree.exists(OUTPUT)));
    });

    it("leaves one alone that the plan keeps", async () => {
      const { commands, runner } = recording(() => undefined);
      await rebuildInitramfs(guestWith().root, [{ ...plan, action: "keep" }], runner);
      assert.deepEqual(commands, []);
    });

    it("makes an image anew that an interrupted run left half of", async () => {
      const tree = guestWith();
      fs.writeFileSync(tree.hostPath(PATH), "half");
      const { runner } = recording(() => writeImage(tree, plan, initramfsWith("nvme")));
      assert.deepEqual(await rebuildInitramfs(tree.root, [plan], runner), [V]);
    });
  });
}

describe("a program that puts links in the place of what it is to make", () => {
  after(removePhonyGuests);

  const ELSEWHERE: [string, InitramfsPlan, (tree: GuestTree, outside: GuestTree) => void][] = [
    [
      "the image's folder, where it is written in place",
      IN_PLACE,
      (tree, outside) => {
        fs.renameSync(`${tree.root}/boot`, `${tree.root}/moved`);
        fs.symlinkSync(`${outside.root}/boot`, `${tree.root}/boot`);
      },
    ],
    [
      "the image's folder, where it is written beside",
      BESIDE,
      (tree, outside) => {
        fs.renameSync(`${tree.root}/boot`, `${tree.root}/moved`);
        fs.symlinkSync(`${outside.root}/boot`, `${tree.root}/boot`);
      },
    ],
    [
      "what it has made",
      BESIDE,
      (tree, outside) => fs.symlinkSync(`${outside.root}${OUTPUT}`, `${tree.root}${OUTPUT}`),
    ],
  ];
  for (const [what, plan, act] of ELSEWHERE) {
    for (const exitCode of [0, 1]) {
      it(`makes this machine touch none of its own files: ${what}, and it ends with ${exitCode}`, async () => {
        const made = initramfsWith("nvme");
        const [tree, outside] = [
          guestWith("ext4"),
          phonyGuest({ [PATH]: "mine", [OUTPUT]: made, [KEPT]: "mine" }),
        ];
        fs.chmodSync(`${outside.root}${OUTPUT}`, 0o600);
        // In the guest there is such a file as well.
        fs.mkdirSync(`${tree.root}${outside.root}/boot`, { recursive: true });
        fs.writeFileSync(`${tree.root}${outside.root}${OUTPUT}`, made);
        const { runner } = recording(() => act(tree, outside), exitCode);
        await assert.rejects(
          rebuildInitramfs(tree.root, [plan], runner),
          /has put a link or something else in its place, or in that of its folder, so nothing there was touched/,
        );
        assert.deepEqual(outside.list("/boot"), [PATH, OUTPUT, KEPT].map((name) => name.slice(6)).sort());
        assert.equal(fs.statSync(`${outside.root}${OUTPUT}`).mode & 0o777, 0o600);
        assert.equal(outside.read(KEPT), "mine");
      });
    }
  }
});

describe("rebuilding an initramfs", () => {
  after(removePhonyGuests);

  it("runs the guest's programs in a sandbox, which ends with this program", async () => {
    const commands: string[][] = [];
    const runner: Runner = async (command) => {
      commands.push(command);
      return { command, exitCode: 1, signal: null, timedOut: false, durationMs: 1, stdout: "", stderr: "" };
    };
    await assert.rejects(
      rebuildInitramfs(guestWith().root, [BESIDE], runner),
      /programs run on this machine/,
    );
    assert.equal(commands.length, 1);
    assert.deepEqual(commands[0].slice(0, 3), ["setpriv", "--pdeathsig", "KILL"]);
    assert.ok(commands[0].includes("bwrap") && commands[0].includes("--die-with-parent"));
  });

  for (const action of ["rebuild", "keep"] as const) {
    it(`indexes the modules first where nobody has (${action})`, async () => {
      const tree = guestWith();
      tree.remove(`/lib/modules/${V}/modules.dep`);
      const { commands, runner } = recording(() => undefined);
      await rebuildInitramfs(tree.root, [{ ...BESIDE, action, depmod: true }], runner).catch(() => undefined);
      assert.deepEqual(commands[0], ["depmod", V]);
    });
  }

  it("refuses a plan without a command", async () => {
    const { runner } = recording(() => undefined);
    const plan = { ...BESIDE, command: undefined, tool: "mkinitcpio" as const };
    await assert.rejects(
      rebuildInitramfs(guestWith().root, [plan], runner),
      /cannot be rebuilt by mkinitcpio/,
    );
  });
});

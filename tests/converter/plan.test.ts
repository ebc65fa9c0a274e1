import assert from "node:assert/strict";
import { planConversion } from "../../converter/plan";
import type { Facts, GuestFacts, KernelFacts, Options, Plan } from "../../converter/types";

const UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";
const GIB = 1024 ** 3;
const ALL = ["xen-blkfront", "xen-netfront", "nvme", "ena", "ata_piix", "e1000"];
const OPTIONS: Options = { for: ["xen", "nitro"], layout: "mbr", grow: false };

const kernelWith = (changes: Partial<KernelFacts> = {}): KernelFacts => ({
  version: "3.13.0-48-generic",
  path: "/boot/vmlinuz-3.13.0-48-generic",
  initrd: "/boot/initrd.img-3.13.0-48-generic",
  initrdBytes: 20_000_000,
  bootsHvm: true,
  evidence: "a test",
  bootsPv: true,
  earlyDrivers: ["xen-blkfront", "nvme"],
  availableDrivers: ALL,
  ...changes,
});

function guestWith(kernels: KernelFacts[], changes: Partial<GuestFacts> = {}): GuestFacts {
  return {
    os: { id: "ubuntu", version: "14.04", name: "Ubuntu 14.04" },
    architecture: "x86_64",
    init: "upstart",
    bootFile: {
      path: "/boot/grub/menu.lst",
      resolvedPath: "/boot/grub/menu.lst",
      defaultEntry: 0,
      defaultWhy: "default is 0",
      entries: kernels.map(({ path, initrd, version }) => ({
        title: version,
        kernel: path,
        initrd,
        arguments: ["root=LABEL=root"],
      })),
    },
    kernels,
    files: [],
    networkByName: [],
    predictableNames: false,
    bootFreeBytes: GIB,
    initramfsTool: "update-initramfs",
    packageManager: "dpkg",
    ...changes,
  };
}

interface Input {
  kernels?: KernelFacts[];
  guest?: Partial<GuestFacts>;
  filesystem?: Partial<Facts["source"]["filesystem"]>;
  sizeBytes?: number;
  destination?: Facts["destination"];
  helper?: Facts["helper"];
  options?: Partial<Options>;
  files?: Record<string, string>;
}

function plan({
  kernels = [kernelWith()],
  guest = {},
  filesystem = {},
  sizeBytes = 8 * GIB,
  destination,
  helper,
  options = {},
  files = {},
}: Input = {}): Plan {
  const facts: Facts = {
    source: {
      path: "/dev/nvme1n1",
      sizeBytes,
      filesystem: {
        type: "ext4",
        uuid: UUID,
        label: "root",
        blockSizeBytes: 4096,
        blockCount: 2_000_000,
        freeBlocks: 1_500_000,
        features: [],
        needsRecovery: false,
        health: "clean",
        ...filesystem,
      },
    },
    guest: guestWith(kernels, guest),
    ...(destination && { destination }),
    ...(helper && { helper }),
  };
  return planConversion({ facts, read: (path) => files[path], options: { ...OPTIONS, ...options } });
}

describe("planning a conversion", () => {
  it("puts the filesystem behind one MiB of room", () => {
    assert.deepEqual(plan().destination, {
      layout: "mbr",
      partitionStartBytes: 1048576,
      minimumSizeBytes: 8 * GIB + 1048576,
    });
  });

  it("copies used blocks of a clean filesystem", () => {
    const { method, bytes } = plan().copy;
    assert.deepEqual({ method, bytes }, { method: "used-blocks", bytes: 500_000 * 4096 });
  });

  it("copies all blocks where the journal needs recovery, and says why", () => {
    const { method, bytes, why } = plan({ filesystem: { needsRecovery: true } }).copy;
    assert.deepEqual({ method, bytes }, { method: "all-blocks", bytes: 2_000_000 * 4096 });
    assert.match(why, /journal needs recovery/);
  });

  it("says what boots and why", () => {
    assert.deepEqual(plan().boot, {
      menuFile: "/boot/grub/menu.lst",
      filesystemUuid: UUID,
      kernel: "/boot/vmlinuz-3.13.0-48-generic",
      initrd: "/boot/initrd.img-3.13.0-48-generic",
      why: "entry 0 (3.13.0-48-generic): default is 0",
    });
  });

  it("has nothing against a guest with everything", () => {
    const { refusals, warnings, verdicts, initramfs } = plan({
      files: { "/etc/fstab": "LABEL=root / ext4 defaults 0 0\n" },
    });
    assert.deepEqual({ refusals, warnings }, { refusals: [], warnings: [] });
    assert.deepEqual(
      verdicts.map(({ family, boots }) => [family, boots]),
      [
        ["xen", true],
        ["nitro", true],
      ],
    );
    assert.deepEqual(
      initramfs.map(({ action, missing }) => [action, missing]),
      [["keep", []]],
    );
  });

  it("makes the same plan from the same facts", () => {
    assert.deepEqual(plan(), plan());
  });

  it("is plain JSON", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(plan())), plan());
  });
});

describe("what the plan refuses", () => {
  const pvOnly = kernelWith({
    version: "2.6.18-348.el5xen",
    path: "/boot/vmlinuz-2.6.18-348.el5xen",
    bootsHvm: false,
    evidence: "CONFIG_X86_64_XEN=y",
  });
  const xenOnly = ["xen-blkfront", "xen-netfront"];
  const lacking = kernelWith({ earlyDrivers: ["xen-blkfront"] });
  const CASES: { it: string; input: Input; says: RegExp[] }[] = [
    {
      it: "a rebuild by programs that the helper's kernel cannot run",
      input: { kernels: [lacking], guest: { glibc: "2.11.3" }, helper: { vsyscall: false } },
      says: [/helper: its kernel has no vsyscall page.*glibc 2\.11\.3.*vsyscall=emulate/],
    },
    // kernels
    {
      it: "a PV-only kernel, with the package that helps",
      input: { kernels: [pvOnly], guest: { os: { id: "centos", version: "5", name: "" } } },
      says: [/PV-only kernel.*CONFIG_X86_64_XEN.*Install the package `kernel`/],
    },
    {
      it: "a PV-only kernel, with the installed one that helps",
      input: { kernels: [pvOnly, kernelWith()] },
      says: [/3\.13\.0-48-generic is installed and boots as HVM: set `default 1`/],
    },
    {
      it: "a kernel without an initrd whose root has a device's name",
      input: {
        kernels: [kernelWith({ initrd: undefined })],
        guest: {
          bootFile: {
            ...guestWith([]).bootFile,
            entries: [
              { title: "Gentoo", kernel: "/boot/vmlinuz-3.13.0-48-generic", arguments: ["root=/dev/xvda"] },
            ],
          },
        },
      },
      says: [/root=\/dev\/xvda and no initrd/],
    },
    // drivers
    {
      it: "Nitro without nvme and ena, both at once",
      input: { kernels: [kernelWith({ earlyDrivers: xenOnly, availableDrivers: [...xenOnly, "ata_piix"] })] },
      says: [/no nvme driver.*--for xen/, /no ena driver.*no network/],
    },
    {
      it: "Xen without xen-blkfront",
      input: {
        kernels: [kernelWith({ earlyDrivers: ["nvme"], availableDrivers: ["nvme", "ena", "xen-netfront"] })],
      },
      says: [/no xen-blkfront driver.*--for nitro/],
    },
    {
      it: "Nitro for a 32-bit guest",
      input: { guest: { architecture: "i386" } },
      says: [/32-bit.*x86_64 images alone/],
    },
    {
      it: "a driver that nobody can bring early",
      input: {
        kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
        guest: { initramfsTool: undefined },
      },
      says: [/lacks nvme, and the guest has no program/],
    },
    {
      it: "a driver that only dracut could bring",
      input: {
        kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
        guest: { initramfsTool: "dracut" },
      },
      says: [/update-initramfs alone, not with the guest's dracut/],
    },
    {
      it: "a module for a kernel without an initrd",
      input: { kernels: [kernelWith({ initrd: undefined, earlyDrivers: ["xen-blkfront"] })] },
      says: [/nvme is a module, and the menu names no initrd/],
    },
    {
      it: "a /boot without room for a new initramfs",
      input: {
        kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
        guest: { bootFreeBytes: 40_000_000 },
      },
      says: [/\/boot: 40 MB free, 50 MB needed/],
    },
    // destination
    { it: "a GPT layout", input: { options: { layout: "gpt" } }, says: [/--layout gpt.*MBR/] },
    {
      it: "a destination that is too small",
      input: { destination: { path: "/dev/nvme2n1", sizeBytes: 8 * GIB, content: "blank" } },
      says: [/8589934592 bytes, 8590983168 needed.*Make it 9 GiB/],
    },
    { it: "a disk beyond an MBR's reach", input: { sizeBytes: 2048 * GIB }, says: [/ends at 2048\.0 GiB/] },
  ];
  for (const { it: title, input, says } of CASES) {
    it(title, () => {
      const found = plan(input).refusals.map(
        (advice) => `${advice.subject}: ${advice.found} ${advice.advice}`,
      );
      assert.equal(found.length, says.length, found.join("\n"));
      says.forEach((pattern, index) => assert.match(found[index], pattern));
    });
  }

  it("does not refuse what was not asked for", () => {
    const drivers = [...xenOnly, "ata_piix"];
    const kernels = [kernelWith({ earlyDrivers: drivers, availableDrivers: drivers })];
    const { refusals, verdicts } = plan({ kernels, options: { for: ["xen"] } });
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      verdicts.map(({ family }) => family),
      ["xen"],
    );
  });
});

describe("the initramfs in the plan", () => {
  it("is rebuilt with the family's driver and with the rehearsal's, which go into the guest's configuration", () => {
    const { initramfs, edits, verdicts } = plan({
      kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
      files: { "/etc/initramfs-tools/modules": "" },
    });
    assert.deepEqual(initramfs, [
      {
        kernel: "3.13.0-48-generic",
        path: "/boot/initrd.img-3.13.0-48-generic",
        action: "rebuild",
        tool: "update-initramfs",
        missing: ["nvme"],
      },
    ]);
    const added = edits
      .find(({ path }) => path === "/etc/initramfs-tools/modules")
      ?.diff.filter((line) => /^\+\w/.test(line));
    assert.deepEqual(added, [
      "+xen-netfront",
      "+nvme",
      "+ena",
      "+sd_mod",
      "+ata_generic",
      "+ata_piix",
      "+e1000",
    ]);
    assert.match(verdicts[1].why, /nvme comes with the rebuilt initramfs/);
  });

  it("is rebuilt for the rehearsal alone where no disk of QEMU's would be there", () => {
    const [{ action, missing }] = plan({
      kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
      options: { for: ["xen"] },
    }).initramfs;
    assert.deepEqual({ action, missing }, { action: "rebuild", missing: ["nvme"] });
  });

  it("stays where only the rehearsal lacks something and nothing can rebuild it: a warning", () => {
    const { initramfs, refusals, warnings } = plan({
      kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
      guest: { initramfsTool: "dracut" },
      options: { for: ["xen"] },
    });
    assert.deepEqual([initramfs[0].action, refusals], ["keep", []]);
    assert.ok(warnings.some(({ found }) => /QEMU has no disk for it/.test(found)));
  });

  it("is judged for every kernel of the menu that boots as HVM", () => {
    const old = kernelWith({
      version: "3.2.0",
      path: "/boot/vmlinuz-3.2.0",
      initrd: "/boot/initrd.img-3.2.0",
      earlyDrivers: [],
    });
    const notInMenu = kernelWith({ version: "4.4", path: "/boot/vmlinuz-4.4" });
    const kernels = [kernelWith(), old];
    const { initramfs, warnings } = plan({ kernels, guest: { kernels: [...kernels, notInMenu] } });
    assert.deepEqual(
      initramfs.map(({ kernel, action }) => [kernel, action]),
      [
        ["3.13.0-48-generic", "keep"],
        ["3.2.0", "rebuild"],
      ],
    );
    assert.ok(warnings.some(({ found }) => /kernel 4\.4 is installed and has no entry/.test(found)));
  });

  it("warns of another kernel that cannot boot everywhere, and does not refuse", () => {
    const old = kernelWith({
      version: "2.6.32",
      path: "/boot/vmlinuz-2.6.32",
      earlyDrivers: ["xen-blkfront"],
      availableDrivers: ["xen-blkfront", "xen-netfront"],
    });
    const { refusals, warnings } = plan({ kernels: [kernelWith(), old] });
    assert.deepEqual(refusals, []);
    assert.ok(
      warnings.some(({ subject, found }) => subject === "kernel 2.6.32" && /no nvme driver/.test(found)),
    );
  });
});

describe("the files in the plan", () => {
  const MENU = "default 0\ntitle x\nroot (hd0)\nkernel /boot/vmlinuz-3.13.0-48-generic root=/dev/sda1 ro\n";

  it("are edited with a diff and with reasons", () => {
    const [edit] = plan({ files: { "/boot/grub/menu.lst": MENU } }).edits;
    assert.deepEqual([edit.path, edit.action, edit.why.length], ["/boot/grub/menu.lst", "edit", 3]);
    assert.ok(edit.diff.includes("-root (hd0)") && edit.diff.includes("+root (hd0,0)"));
  });

  it("ask for old interface names only where udev would give others", () => {
    for (const [predictableNames, networkByName, expected] of [
      [true, ["/etc/network/interfaces"], true],
      [false, ["/etc/network/interfaces"], false],
      [true, [], false],
    ] as const) {
      const { edits } = plan({
        guest: { predictableNames, networkByName: [...networkByName] },
        files: { "/boot/grub/menu.lst": MENU },
      });
      assert.equal(
        edits[0].diff.some((line) => line.includes("net.ifnames=0")),
        expected,
      );
    }
  });

  const WARNINGS: { it: string; input: Input; says: RegExp }[] = [
    { it: "a missing fstab", input: {}, says: /\/etc\/fstab: it cannot be read/ },
    {
      it: "/usr on another disk",
      input: { files: { "/etc/fstab": "/dev/xvdf /usr ext4 defaults 0 0\n" } },
      says: /\/usr is on \/dev\/xvdf/,
    },
    {
      it: "a menu under ucf",
      input: { files: { "/var/lib/ucf/hashfile": "abc  /boot/grub/menu.lst\n" } },
      says: /ucf looks after it/,
    },
  ];
  for (const { it: title, input, says } of WARNINGS) {
    it(`warn of ${title}`, () => {
      const texts = plan(input).warnings.map((advice) => `${advice.subject}: ${advice.found}`);
      assert.equal(texts.filter((text) => says.test(text)).length, 1, texts.join("\n"));
    });
  }
});

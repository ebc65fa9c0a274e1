import assert from "node:assert/strict";
import { GuestDevices } from "../../../converter/guest/devices";
import { fingerprintOf, type Context } from "../../../converter/steps/context";
import { reconcile } from "../../../converter/steps/configure";
import { merge } from "../../../converter/steps/convert";
import { type ConvertedGuest, checkGuest } from "../../../converter/steps/guestChecks";
import { type ConversionStep, decide, SEQUENCE, withFinished } from "../../../converter/steps/progress";
import { describeTruncation } from "../../../converter/steps/sourceChecks";
import type {
  DiskFacts,
  DiskRecord,
  FileEdit,
  FilesystemFacts,
  GuestFacts,
  Plan,
  StepReport,
} from "../../../converter/types";

const PLAN: Plan = {
  format: 1,
  options: { for: ["xen", "nitro"], layout: "mbr", grow: false },
  refusals: [],
  warnings: [],
  destination: { layout: "mbr", minimumSizeBytes: 2 ** 30, partitions: [] },
  copy: { bytes: 0, parts: [] },
  boot: {
    ...{ menuFile: "/boot/grub/menu.lst", device: "(hd0,0)", filesystemUuid: "u-1" },
    ...{ kernel: "/boot/vmlinuz-1", why: "default" },
  },
  edits: [],
  initramfs: [],
  verdicts: [],
};

function filesystem(uuid: string): FilesystemFacts {
  return {
    ...{ type: "ext4", uuid, label: "root", blockSizeBytes: 4096, blockCount: 2, freeBlocks: 1 },
    ...{ features: [], needsRecovery: false, health: "clean" },
  };
}

function recordWith(...steps: ConversionStep[]): DiskRecord {
  const empty: DiskRecord = { format: 1, fingerprint: "f", plan: PLAN, finished: [] };
  return steps.reduce((record, step) => withFinished(record, step, new Date(0), 1), empty);
}

describe("what a step may do", () => {
  const CASES: [ConversionStep, DiskRecord | undefined, string, string | RegExp][] = [
    ["partition", undefined, "f", "run"],
    ["copy", undefined, "f", /no record of a conversion. Run partition first/],
    ["verify", undefined, "f", /Run partition, copy, configure, install-grub first/],
    ["partition", recordWith(), "f", "run"],
    ["copy", recordWith(), "f", /^partition not finished on this disk. Run partition first/],
    ["copy", recordWith("partition"), "f", "run"],
    ["copy", recordWith("partition"), "other", /record of another conversion/],
    ["copy", recordWith("partition", "copy"), "f", "done"],
    ["install-grub", recordWith("partition", "copy"), "f", /^configure not finished/],
    ["verify", recordWith("partition"), "f", /^copy, configure, install-grub not finished.*Run copy first/],
    ["verify", recordWith(...SEQUENCE), "f", "done"],
  ];
  for (const [step, record, fingerprint, expected] of CASES) {
    const finished = record
      ? record.finished.map((entry) => entry.step).join(", ") || "nothing finished"
      : "no record";
    it(`${step} after ${finished}${fingerprint === "f" ? "" : " of another conversion"}: ${expected}`, () => {
      const decision = decide(step, record, fingerprint);
      if (typeof expected === "string") assert.equal(decision.kind, expected);
      else
        assert.match(
          decision.kind === "stop" ? `${decision.found} ${decision.advice}` : decision.kind,
          expected,
        );
    });
  }
});

describe("the fingerprint of a conversion", () => {
  const disk = {
    path: "/dev/nvme1n1",
    kind: "device",
    sizeBytes: 8,
    identity: "device 1",
    volumeId: "vol-00000001",
  } as const;
  const context = {
    source: disk,
    destination: { ...disk, path: "/dev/nvme2n1", volumeId: "vol-00000002" },
    options: { for: ["xen", "nitro"], layout: "mbr", grow: false },
  } as unknown as Context;
  const source = (uuid: string): Pick<DiskFacts, "table" | "parts"> => ({
    table: "none",
    parts: [
      {
        number: 0,
        startBytes: 0,
        sizeBytes: 8,
        content: { kind: "filesystem", filesystem: filesystem(uuid) },
      },
    ],
  });
  const base = fingerprintOf(context, source("uuid"));

  const SAME: [string, Context][] = [
    ["the devices' names", { ...context, source: { ...disk, path: "/dev/nvme9n1" } }],
    ["the order of the families", { ...context, options: { ...context.options, for: ["nitro", "xen"] } }],
  ];
  for (const [what, changed] of SAME)
    it(`stays with a change of ${what}`, () => assert.equal(fingerprintOf(changed, source("uuid")), base));

  const OTHER: [string, Context, string][] = [
    ["the filesystem", context, "other"],
    ["the source's volume", { ...context, source: { ...disk, volumeId: "vol-00000009" } }, "uuid"],
    ["the destination's size", { ...context, destination: { ...disk, sizeBytes: 9 } }, "uuid"],
    ["the families", { ...context, options: { ...context.options, for: ["xen"] } }, "uuid"],
    ["growing", { ...context, options: { ...context.options, grow: true } }, "uuid"],
  ];
  for (const [what, changed, uuid] of OTHER)
    it(`changes with ${what}`, () => assert.notEqual(fingerprintOf(changed, source(uuid)), base));
});

describe("the plan made again from the copy", () => {
  const edit = (path: string, line: string): FileEdit => ({
    path,
    action: "edit",
    why: ["w"],
    diff: [`+${line}`],
  });
  const recorded = { ...PLAN, edits: [edit("/etc/fstab", "a"), edit("/etc/inittab", "b")] };

  it("is the recorded one where both say the same", () =>
    assert.equal(reconcile(recorded, { ...recorded }, false), recorded));
  it("is the recorded one where an interrupted run has done a part", () => {
    assert.equal(reconcile(recorded, { ...PLAN, edits: [edit("/etc/inittab", "b")] }, false), recorded);
  });
  it("stops the conversion where a clean source asks for something else", () => {
    assert.throws(
      () => reconcile(recorded, { ...PLAN, edits: [edit("/etc/fstab", "other")] }, false),
      /\/etc\/fstab would be changed otherwise/,
    );
  });
  it("counts where a replayed journal changed the files", () => {
    const again = { ...PLAN, edits: [edit("/etc/fstab", "other")] };
    assert.equal(reconcile(recorded, again, true), again);
  });
  it("stops the conversion where it refuses", () => {
    const refusals = [{ subject: "/boot", found: "1 MB free.", advice: "Make room." }];
    assert.throws(
      () => reconcile(recorded, { ...recorded, refusals }, true),
      /cannot be converted:\n\/boot: 1 MB free. Make room./,
    );
  });
});

describe("the checks of a converted guest", () => {
  const entry = {
    title: "t",
    kernel: "/boot/vmlinuz-1",
    initrd: "/boot/initrd-1",
    arguments: ["root=UUID=u-1", "ro", "console=tty1", "console=ttyS0"],
  };
  const good: ConvertedGuest = {
    guest: {
      bootFile: { path: "", resolvedPath: "", defaultEntry: 0, entries: [entry] },
    } as unknown as GuestFacts,
    remaining: {
      ...PLAN,
      verdicts: [{ family: "xen", boots: true, why: "yes" }],
      initramfs: [{ kernel: "1", path: "/boot/initrd-1", action: "keep", missing: [] }],
    },
    devices: new GuestDevices(
      {
        tableId: "0x1a2b3c4d",
        parts: [
          {
            number: 1,
            startBytes: 0,
            sizeBytes: 8,
            content: { kind: "filesystem", filesystem: filesystem("u-1") },
          },
        ],
      },
      [{ point: "/", part: 1, filesystem: filesystem("u-1") }],
    ),
    root: { part: 1 },
    menu: "default 0\nroot (hd0,0)\n",
    fstab: "# /dev/x / y\nLABEL=root\t/\text4\tdefaults\t0 1\n",
    exists: () => true,
  };
  const withArguments = (...args: string[]): ConvertedGuest => ({
    ...good,
    guest: {
      bootFile: { ...good.guest.bootFile, entries: [{ ...entry, arguments: args }] },
    } as unknown as GuestFacts,
  });
  const failing = (converted: ConvertedGuest) =>
    checkGuest(converted)
      .filter((check) => !check.ok)
      .map((check) => check.name);

  it("are all well with a guest that was converted", () => assert.deepEqual(failing(good), []));
  it("take the partition's own UUID for root=, for a kernel without an initramfs", () =>
    assert.deepEqual(failing(withArguments("root=PARTUUID=1a2b3c4d-01", "console=ttyS0")), []));

  const CASES: [string, ConvertedGuest, string][] = [
    ["a comment that still says (hd0)", { ...good, menu: "# groot=(hd0)\n" }, "the boot menu names (hd0,0)"],
    [
      "a kernel that is not there",
      { ...good, exists: (path) => path !== "/boot/vmlinuz-1" },
      "the default entry's kernel is there",
    ],
    [
      "an initrd that is not there",
      { ...good, exists: (path) => path !== "/boot/initrd-1" },
      "the default entry's initrd is there",
    ],
    [
      "a device's name for root=",
      withArguments("root=/dev/xvda1", "console=ttyS0"),
      "root= of the kernel is this filesystem",
    ],
    [
      "another filesystem for root=",
      withArguments("root=UUID=u-2", "console=ttyS0"),
      "root= of the kernel is this filesystem",
    ],
    [
      "Xen's console",
      withArguments("root=LABEL=root", "console=hvc0", "console=ttyS0"),
      "the last console is ttyS0, and none is Xen's",
    ],
    [
      "an argument that only Xen PV bears",
      withArguments("root=LABEL=root", "earlyprintk=xen", "console=ttyS0"),
      "the kernel's arguments are ones that HVM bears",
    ],
    [
      "the serial console not last",
      withArguments("root=LABEL=root", "console=ttyS0", "console=tty1"),
      "the last console is ttyS0, and none is Xen's",
    ],
    [
      "a device's name in fstab",
      { ...good, fstab: "/dev/sda1 / ext3 defaults 0 1\n" },
      "/ in /etc/fstab is this filesystem",
    ],
    [
      "an edit left over",
      {
        ...good,
        remaining: {
          ...good.remaining,
          edits: [{ path: "/etc/inittab", action: "edit", why: [], diff: [] }],
        },
      },
      "a second inspection finds nothing left to change",
    ],
    [
      "a driver missing",
      {
        ...good,
        remaining: {
          ...good.remaining,
          initramfs: [{ kernel: "1", path: "/boot/initrd-1", action: "rebuild", missing: ["nvme"] }],
        },
      },
      "/boot/initrd-1 has its drivers",
    ],
    [
      "a family that does not boot",
      {
        ...good,
        remaining: { ...good.remaining, verdicts: [{ family: "nitro", boots: false, why: "no ena" }] },
      },
      "boots on nitro types",
    ],
  ];
  for (const [what, converted, name] of CASES)
    it(`find ${what}`, () => assert.deepEqual(failing(converted), [name]));
});

describe("a filesystem that is larger than its place", () => {
  it("has lost its end", () => {
    assert.match(
      describeTruncation(4096000, 4095999)?.found ?? "",
      /truncated: its filesystem has 4096000 bytes, there are 4095999/,
    );
    assert.equal(describeTruncation(4096000, 4096000), undefined);
  });
});

describe("the report of all steps", () => {
  const report = (step: StepReport["step"], outcome: StepReport["outcome"]): StepReport => ({
    format: 1,
    step,
    outcome,
    summary: step,
    seconds: 1,
    fingerprint: "f",
    warnings: [],
  });
  it("is CHANGED where one step changed something", () => {
    const { outcome, summary, step } = merge([
      report("partition", "NOCHANGE"),
      report("copy", "CHANGED"),
      report("verify", "NOCHANGE"),
    ]);
    assert.deepEqual([outcome, summary, step], ["CHANGED", "converted (copy); verify", "verify"]);
  });
  it("is NOCHANGE where all were finished", () => {
    assert.equal(merge([report("copy", "NOCHANGE"), report("verify", "NOCHANGE")]).outcome, "NOCHANGE");
  });
});

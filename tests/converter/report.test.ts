import assert from "node:assert/strict";
import { formatReport } from "../../converter/report";
import type { Facts, Plan, StepReport } from "../../converter/types";

const UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";
const KERNEL = "/boot/vmlinuz-3.13.0-48-generic";

const FACTS: Facts = {
  source: {
    path: "/dev/nvme1n1",
    volumeId: "vol-0aaaaaaaaaaaaaaaa",
    sizeBytes: 2 ** 30,
    filesystem: {
      ...{ type: "ext4", uuid: UUID, label: "root", blockSizeBytes: 4096, blockCount: 262144 },
      ...{ freeBlocks: 131072, features: [], needsRecovery: false, health: "preenable" },
    },
  },
  destination: { path: "/tmp/new.img", sizeBytes: 2 ** 31, content: "blank" },
  guest: {
    os: { id: "ubuntu", version: "14.04", name: "Ubuntu 14.04.6 LTS" },
    ...{ architecture: "x86_64", init: "upstart", files: [], networkByName: [], predictableNames: false },
    bootFile: {
      ...{ path: "/boot/grub/menu.lst", resolvedPath: "/boot/grub/menu.lst", defaultEntry: 0 },
      entries: [{ title: "Ubuntu", kernel: KERNEL, arguments: [] }],
    },
    kernels: [
      {
        ...{ version: "3.13.0-48-generic", path: KERNEL, bootsHvm: true, bootsPv: true },
        ...{ evidence: "pv_ops", earlyDrivers: [], availableDrivers: [] },
      },
    ],
    bootFreeBytes: 2 ** 30,
  },
};

const PLAN: Plan = {
  format: 1,
  options: { for: ["xen", "nitro"], layout: "mbr", grow: false },
  refusals: [],
  warnings: [],
  destination: { layout: "mbr", partitionStartBytes: 2 ** 20, minimumSizeBytes: 2 ** 30 + 2 ** 20 },
  copy: { method: "used-blocks", bytes: 2 ** 29, why: "cleanly unmounted" },
  boot: {
    ...{ menuFile: "/boot/grub/menu.lst", filesystemUuid: UUID, kernel: KERNEL },
    why: "entry 0 (Ubuntu): default is 0",
  },
  edits: [
    {
      ...{ path: "/etc/fstab", action: "edit", why: ["/ by UUID: device names differ"] },
      diff: [
        "--- a/etc/fstab",
        "+++ b/etc/fstab",
        "@@ -1,1 +1,1 @@",
        "-/dev/xvda1 / ext4",
        `+UUID=${UUID} / ext4`,
      ],
    },
    { path: "/etc/blkid.tab", action: "remove", why: ["it names the devices of the source"], diff: [] },
  ],
  initramfs: [
    { kernel: "3.13.0-48-generic", path: "/boot/initrd.img-3.13", action: "rebuild", missing: ["nvme"] },
    { kernel: "3.13.0-44-generic", path: "/boot/initrd.img-3.12", action: "keep", missing: [] },
  ],
  verdicts: [
    { family: "xen", boots: true, why: "xen-blkfront is there early." },
    { family: "nitro", boots: false, why: "no ena driver." },
  ],
};

const INSPECTED: StepReport = {
  ...{ format: 1, step: "inspect", outcome: "NOCHANGE", seconds: 1, fingerprint: "f", warnings: [] },
  summary: "can be converted for xen: 2 files to change",
  facts: FACTS,
  plan: PLAN,
};

describe("the report for a person", () => {
  it("of an inspection is this page", () => {
    assert.equal(
      formatReport(INSPECTED),
      `pv-to-hvm inspect: can be converted for xen: 2 files to change

Found
  source       vol-0aaaaaaaaaaaaaaaa (/dev/nvme1n1), 1 GiB: ext4 "root", 512 MiB used, with small faults, mended on the copy
  destination  /tmp/new.img, 2 GiB: blank
  guest        Ubuntu 14.04.6 LTS (x86_64, upstart)
  boot file    /boot/grub/menu.lst, entry 0 boots: Ubuntu
  kernel       3.13.0-48-generic: boots as HVM (pv_ops)

Plan
  partition    MBR, partition 1 from 1 MiB; at least 1025 MiB needed
  copy         512 MiB (used-blocks): cleanly unmounted
  boot         ${KERNEL}
               entry 0 (Ubuntu): default is 0
  initramfs    /boot/initrd.img-3.13: to be rebuilt, for nvme
  initramfs    /boot/initrd.img-3.12: stays as it is

To be changed
  /etc/fstab (edit)
  - / by UUID: device names differ
    @@ -1,1 +1,1 @@
    -/dev/xvda1 / ext4
    +UUID=${UUID} / ext4

  /etc/blkid.tab (remove)
  - it names the devices of the source

Verdict
  xen          boots: xen-blkfront is there early.
  nitro        does not boot: no ena driver.
`,
    );
  });

  it("of all steps says that things were done, and by which command", () => {
    const text = formatReport(
      { ...INSPECTED, step: "verify", outcome: "CHANGED", summary: "converted", edits: PLAN.edits },
      "convert",
    );
    assert.match(text, /^pv-to-hvm convert: converted\n/);
    assert.match(text, /initrd\.img-3\.13: rebuilt, for nvme\n/);
    assert.match(text, /\nChanged\n {2}\/etc\/fstab \(edit\)/);
    assert.doesNotMatch(text, /to be/i);
  });

  it("has each reason of a refusal once, with what to do below it", () => {
    const refusals = [
      { subject: "destination", found: "has 1 GiB.", advice: "Make it 2 GiB." },
      { subject: "kernel 3", found: "has no ena driver.", advice: "Leave nitro out." },
    ];
    const summary = "2 reasons, nothing was written\ndestination: has 1 GiB. Make it 2 GiB.";
    const text = formatReport({ ...INSPECTED, summary, outcome: "REFUSED", plan: { ...PLAN, refusals } });
    assert.match(text, /^pv-to-hvm inspect: 2 reasons, nothing was written\n\nFound/);
    assert.match(
      text,
      /\nRefused, because\n {2}destination: has 1 GiB\.\n {4}Make it 2 GiB\.\n {2}kernel 3: has no ena driver\.\n {4}Leave nitro out\.\n$/,
    );
  });

  it("shows how far a boot came, and the console of one that failed", () => {
    const text = formatReport({
      ...{ format: 1, step: "rehearse", outcome: "FAILED", seconds: 600, fingerprint: "", warnings: [] },
      summary: "did not boot",
      rehearsal: {
        ...{ booted: false, accelerator: "tcg", diskBus: "nvme", networkCard: "e1000" },
        rungs: [{ name: "grub", second: 2, evidence: "GRUB: booting" }, { name: "kernel" }],
        consoleTail: ["Kernel panic"],
      },
    });
    assert.match(text, /did not boot \(tcg, disk nvme, network card e1000\)/);
    assert.match(text, /grub {9}2 s: GRUB: booting\n {2}kernel {7}not seen\n/);
    assert.match(text, /last lines of the console:\n {4}Kernel panic\n$/);
  });
});

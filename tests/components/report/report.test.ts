import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { StepName } from "../../../converter/types";
import {
  conversionPlan,
  conversionReport,
  parseStepReport,
  provenVolume,
} from "../../../components/report/report";
import { parseLiveReport } from "../../../components/report/liveReport";
import { IDS } from "../ec2";
import { liveReport } from "./liveReports";
import { FILESYSTEM_UUID, inspectedByEarlierVersion, inspectedLacking, report } from "./reports";

const STEPS: StepName[] = ["inspect", "partition", "copy", "configure", "install-grub", "verify", "rehearse"];

describe("a step's record", () => {
  it("is read from what the step printed", () => {
    assert.deepEqual(parseStepReport("copy", JSON.stringify(report("copy"))), report("copy"));
  });

  it("is read with its secrets masked, whoever has printed them", () => {
    const diff = ["@@ -1 +1 @@", "-password --md5 $1$Jx8sBz$Ek2S9fLrWd1lYaPq0Tn41", "+timeout 5"];
    const made = report("configure", { edits: [{ path: "/m", action: "edit", why: [], diff }] });
    const shown = ["@@ -1 +1 @@", "-password --md5 ********", "+timeout 5"];
    assert.deepEqual(parseStepReport("configure", JSON.stringify(made)).edits?.[0].diff, shown);
    const live = liveReport("prepare", { files: [{ path: "/m", reasons: [], diff }] });
    assert.deepEqual(parseLiveReport("prepare", JSON.stringify(live)).files[0].diff, shown);
  });

  const NOT_A_RECORD: [title: string, stdout: string][] = [
    ["nothing", ""],
    ["no JSON", "command not found"],
    ["another step's record", JSON.stringify(report("inspect"))],
    ["a record of another format", JSON.stringify({ ...report("copy"), format: 2 })],
  ];
  for (const [title, stdout] of NOT_A_RECORD) {
    it(`is not ${title}: set a new revision`, () => {
      assert.throws(
        () => parseStepReport("copy", stdout),
        (error: Error) => {
          assert.match(error.message, /^copy: the converter's record .* set a new revision\.$/);
          return pulumi.RunError.isInstance(error);
        },
      );
    });
  }
});

describe("the snapshot's volume", () => {
  it("is the one that the rehearsal saw booting", () => {
    assert.equal(provenVolume(report("rehearse"), IDS.destination), IDS.destination);
  });

  const { rehearsal } = report("rehearse");
  const UNPROVEN: [title: string, change: Parameters<typeof report>[1], message: RegExp][] = [
    [
      "another volume booted",
      { destination: { path: "/dev/x", volumeId: "vol-9", sizeBytes: 1 } },
      /booted vol-9, vol-0+6 was to be proved/,
    ],
    ["no volume is named", { destination: undefined }, /booted a disk without a volume id/],
    [
      "it did not boot",
      { rehearsal: { ...rehearsal!, booted: false } },
      /vol-0+6 did not boot \(rehearse done\)/,
    ],
    ["nothing was rehearsed", { rehearsal: undefined }, /did not boot/],
  ];
  for (const [title, change, message] of UNPROVEN) {
    it(`is none when ${title}`, () => {
      assert.throws(() => provenVolume(report("rehearse", change), IDS.destination), message);
    });
  }
});

describe("what a person is told", () => {
  it("is the plan before anything is written", () => {
    const plan = conversionPlan([report("inspect")]);
    assert.equal(plan.filesystemUuid, FILESYSTEM_UUID);
    assert.deepEqual(plan.rebuiltInitramfs, ["6.1.0: nvme"]);
    assert.deepEqual(plan.edits[0].diff, ["-root (hd0)", "+root (hd0,0)"]);
  });

  it("is where everything lies and where it goes, a line a partition", () => {
    assert.deepEqual(conversionPlan([report("inspect")]).layout, {
      source: {
        table: "mbr 0x1a2b3c4d",
        bytes: 8 * 1024 ** 3,
        parts: [
          "1: 100 MiB, ext3, /boot",
          "2: 7.5 GiB, volume group vg",
          'vg/root: 6 GiB, ext4 "old root", /',
          "vg/swap: 1.5 GiB, swap",
          "3: 256 MiB, nothing that is known",
        ],
      },
      destination: {
        table: "gpt",
        bytes: 9 * 1024 ** 3,
        parts: [
          "1: 100 MiB, ext3 filesystem of /boot",
          "2: 8.5 GiB, LVM group vg",
          "3: 256 MiB, partition 3",
          "14: 748 KiB, BIOS boot partition",
          "15: 64 MiB, EFI system partition, empty",
        ],
      },
      copyBytes: 3 * 1024 ** 3,
      copies: [
        "ext3 filesystem of /boot: 40 MiB, the blocks in use",
        "LVM group vg: 2.5 GiB, the blocks in use once its journal is replayed",
        "partition 3: 256 MiB, every block",
      ],
    });
  });

  const CONTENTS: [content: unknown, line: string][] = [
    [{ kind: "filesystem", filesystem: { type: "xfs", label: "" } }, "bare disk: 8 GiB, xfs, /"],
    [{ kind: "swap", label: "s" }, 'bare disk: 8 GiB, swap "s", /'],
    [{ kind: "extended" }, "bare disk: 8 GiB, extended, /"],
    [{ kind: "other", type: "vfat", label: "EFI" }, 'bare disk: 8 GiB, vfat "EFI", /'],
  ];
  for (const [content, line] of CONTENTS) {
    it(`names what is on a disk: ${line}`, () => {
      const made = report("inspect");
      const parts = [{ number: 0, sizeBytes: 8 * 1024 ** 3, content }];
      Object.assign(made.facts!, {
        source: { table: "none", parts },
        mounts: [{ point: "/", part: 0, filesystem: {} }],
      });
      assert.deepEqual(conversionPlan([made]).layout?.source.parts, [line]);
    });
  }

  it("names what a family's verdict lacks for its fast network card", () => {
    const lacks = conversionPlan([inspectedLacking("nitro")]).verdicts.map(({ lacks: lacking }) => lacking);
    assert.deepEqual(lacks, [undefined, "ena: 2.6.32-431.el6"]);
    assert.deepEqual(Object.keys(conversionPlan([report("inspect")]).verdicts[0]), [
      "family",
      "boots",
      "why",
    ]);
  });

  it("is what it was for a conversion that an earlier version inspected", () => {
    const plan = conversionPlan([inspectedByEarlierVersion()]);
    assert.equal(plan.layout, undefined);
    assert.equal(plan.filesystemUuid, FILESYSTEM_UUID);
    assert.ok(plan.verdicts.every((verdict) => !("lacks" in verdict)));
    assert.equal(conversionReport([inspectedByEarlierVersion()]).system, "Debian 12");
  });

  it("shows planned edits after the inspection alone, and no rehearsal", () => {
    const made = conversionReport([report("inspect")]);
    assert.equal(made.edits.length, 1);
    assert.deepEqual(made.rehearsal, []);
    assert.deepEqual(made.checks, []);
  });

  it("shows what was written, each warning once, and the rungs of the rehearsal", () => {
    const made = conversionReport(STEPS.map((step) => report(step)));
    assert.equal(made.system, "Debian 12");
    assert.equal(made.warnings.length, 1);
    assert.deepEqual(made.checks, ["ok boot code: GRUB"]);
    assert.deepEqual(made.rehearsal, ["with kvm, disk as nvme, network virtio-net", "login: after 9 s"]);
    assert.deepEqual(
      made.steps.map(({ step }) => step),
      STEPS,
    );
  });

  it("shows an empty list of edits where nothing had to be edited", () => {
    const made = conversionReport([report("inspect"), report("configure", { edits: [] })]);
    assert.deepEqual(made.edits, []);
  });
});

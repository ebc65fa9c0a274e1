import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { StepName } from "../../converter/types";
import { conversionPlan, conversionReport, parseStepReport, provenVolume } from "../../components/report";
import { IDS } from "./ec2";
import { FILESYSTEM_UUID, report } from "./reports";

const STEPS: StepName[] = ["inspect", "partition", "copy", "configure", "install-grub", "verify", "rehearse"];

describe("a step's record", () => {
  it("is read from what the step printed", () => {
    assert.deepEqual(parseStepReport("copy", JSON.stringify(report("copy"))), report("copy"));
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

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs, TimeoutsArgs } from "../../../components";
import {
  dialErrorLimit,
  helperTimeout,
  imageTimeout,
  launchSeconds,
  launchTimeout,
  snapshotTimeout,
  stepSeconds,
  stepTimeout,
  waitOf,
} from "../../../components/steps/timeouts";
import { ARGS, child, LAUNCHING, register, type Registered } from "../mockEngine";

const HOUR = 3600;
const asking = (timeouts: TimeoutsArgs): PvToHvmMigrationArgs => ({ ...ARGS, timeouts });
const sized = (sizeGb: pulumi.Input<number>): PvToHvmMigrationArgs => ({ ...ARGS, destination: { sizeGb } });
const seconds = (limit: string | undefined) => Number(/^(\d+)s$/.exec(limit ?? "")?.[1]);

/** From the smallest volume to the largest. */
const SIZES = [1, 8, 100, 1024, 16 * 1024, 64 * 1024];

describe("how long each wait may take", () => {
  for (const sizeGb of SIZES) {
    // The worst that is told of EBS: 5 MB/s from a snapshot, read and then written; a snapshot has 17 MB/s.
    const loadsFor = (sizeGb * 1024 ** 3) / 5e6;
    const storesFor = (sizeGb * 1024 ** 3) / 18e6;

    it(`lets every step read a disk of ${sizeGb} GiB to its end`, () => {
      for (const step of ["inspect", "copy", "configure", "install-grub", "verify"] as const) {
        assert.ok(stepSeconds(step, ARGS, sizeGb) > loadsFor + HOUR / 2, step);
      }
    });

    for (const [what, args] of [
      ["named", sized(sizeGb)],
      ["unknown to the program", ARGS],
      ["an output", sized(pulumi.output(sizeGb))],
    ] as [string, PvToHvmMigrationArgs][]) {
      it(`lets EC2 store a disk of ${sizeGb} GiB, its size ${what}`, () => {
        for (const { create } of [snapshotTimeout(args), imageTimeout(args)]) {
          assert.ok(seconds(create) > storesFor + 12 * HOUR, create);
        }
      });
    }

    it(`lets a guest of ${sizeGb} GiB read the 1.6 % that checking its filesystem takes`, () => {
      assert.ok(launchSeconds(ARGS, sizeGb) > 0.016 * loadsFor + HOUR / 4);
    });

    it(`never ends the engine's wait for a step on ${sizeGb} GiB before the step's own limit`, () => {
      const args = sized(sizeGb);
      for (const step of ["inspect", "partition", "copy", "rehearse"] as const) {
        assert.ok(seconds(stepTimeout(step, args)?.create) > stepSeconds(step, args, sizeGb), step);
      }
    });
  }

  it("sets the engine no limit for a step whose own is not known while the graph is built", () => {
    assert.equal(stepTimeout("copy", ARGS), undefined);
    assert.ok(stepTimeout("copy", asking({ stepSeconds: 5 })));
  });

  type Limit = (args: PvToHvmMigrationArgs) => number;
  const ASKED: [argument: keyof TimeoutsArgs, what: string, limit: Limit][] = [
    ["helperSeconds", "the helper's start", (args) => seconds(helperTimeout(args).create)],
    ["helperSeconds", "a volume", (args) => seconds(waitOf("source", args)?.create)],
    ["stepSeconds", "copying", (args) => stepSeconds("copy", args, 8)],
    ["stepSeconds", "partitioning", (args) => stepSeconds("partition", args, 8)],
    ["snapshotSeconds", "the snapshot", (args) => seconds(snapshotTimeout(args).create)],
    ["imageSeconds", "the image", (args) => seconds(imageTimeout(args).create)],
    ["launchSeconds", "the launched instance's start", (args) => seconds(launchTimeout(args).create)],
    ["launchSeconds", "its answer", (args) => launchSeconds(args, 8)],
  ];
  for (const [argument, what, limit] of ASKED) {
    it(`is what ${argument} says, for ${what}`, () => {
      assert.equal(limit(asking({ [argument]: 77 })), 77);
      assert.notEqual(limit(ARGS), 77);
    });
  }

  it("leaves a rehearsal its own limit", () => {
    const args = { ...asking({ stepSeconds: 5 }), rehearsal: { timeoutSeconds: 900 } };
    assert.equal(stepSeconds("rehearse", args, 8), 1200);
  });

  it("gives the end of a resource 20 minutes, however long its making may take: then EC2 says what holds it", () => {
    for (const limit of [helperTimeout, snapshotTimeout, imageTimeout, launchTimeout]) {
      for (const args of [ARGS, sized(65536), asking({ helperSeconds: 5, snapshotSeconds: 999_999 })]) {
        assert.equal(limit(args).delete, "1200s", limit.name);
      }
    }
  });

  it("dials for as long as a silent machine may take: 15 seconds each, and 5 until the next", () => {
    assert.deepEqual([dialErrorLimit(1), dialErrorLimit(1800), dialErrorLimit(1801)], [1, 90, 91]);
  });
});

describe("the limits that the engine is told", () => {
  let registered: Registered[];
  const timeouts: TimeoutsArgs = {
    ...{ helperSeconds: 2001, stepSeconds: 2002, snapshotSeconds: 2003 },
    ...{ imageSeconds: 2004, launchSeconds: 2005 },
  };
  before(async () => ({ registered } = await register({ ...LAUNCHING, timeouts })));

  const LIMITS: [role: string, create: string][] = [
    ["source", "2001s"],
    ["destination", "2001s"],
    ["helper", "2001s"],
    ["source-attachment", "2001s"],
    ["destination-attachment", "2001s"],
    ["workbench", "2001s"],
    ["converter", "2601s"], // and ten minutes, as for all that has a limit within
    ["copy", "6604s"], // twice the helper's, the step's, and ten minutes
    ["snapshot", "2003s"],
    ["image", "2004s"],
    ["instance", "2005s"],
    ["boot-proof", "2605s"],
  ];
  for (const [role, create] of LIMITS) {
    it(`gives ${role} ${create}`, () => assert.equal(child(registered, role).createTimeout, create));
  }

  it("bounds the step on the helper itself, and how often it is dialled", () => {
    const { create, connection } = child(registered, "copy").inputs;
    assert.match(create as string, /^timeout -k 30 2002 node /);
    assert.equal((connection as { value: { dialErrorLimit: number } }).value.dialErrorLimit, 101);
  });

  it("lets the first step wait for cloud-init as long as for the helper", () => {
    assert.match(child(registered, "inspect").inputs.stdin as string, /^timeout 2001 cloud-init status/m);
    assert.equal(child(registered, "copy").inputs.stdin, undefined);
  });
});

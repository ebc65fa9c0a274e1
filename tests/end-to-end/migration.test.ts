/**
 * The main job, with the real engine: a PV image migrated, the result booted. The tests tell one story in order: each
 * goes on from where the one before left the stack.
 */
import { strict as assert } from "node:assert";
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { PvToHvmMigrationArgs } from "../../components";
import type { StepReport } from "../../converter/types";
import { stopAtFailure } from "../running/inOrder";
import { Harness, named, sha256, type Run } from "./harness";

const MINUTES = 60_000;
const SUBNET = "subnet-00000000000000001";
const CHILDREN_UNTIL_INSPECT = [
  "sample-client-key",
  "sample-host-key",
  "sample-access",
  "sample-source",
  "sample-destination",
  "sample-helper",
  "sample-source-attachment",
  "sample-destination-attachment",
  "sample-converter",
  "sample-inspect",
];
/** The helper was stopped after the inspection. */
const STARTED_AGAIN = ["sample-helper-start", "sample-helper-stop"];
const CHILDREN_AFTER_INSPECT = [
  "sample-partition",
  "sample-copy",
  "sample-configure",
  "sample-install-grub",
  "sample-verify",
  "sample-rehearse",
  "sample-workbench",
  "sample-snapshot",
  "sample-image",
  "sample-instance",
  "sample-boot-proof",
];

describe("a migration, from a PV image to a machine that has booted", function () {
  this.timeout(15 * MINUTES);
  stopAtFailure(this);
  let harness: Harness;
  let published: Run;
  const hashes = new Map<string, string>();

  before("an empty cloud", async function () {
    this.timeout(60 * MINUTES);
    harness = await Harness.open("test");
  });
  after("leave nothing running", async () => {
    await harness?.destroy();
  });

  function args(changes: Partial<PvToHvmMigrationArgs> = {}): PvToHvmMigrationArgs {
    return {
      source: { imageId: "ami-00000000000000001" },
      helper: { subnetId: SUBNET, allowedCidrs: ["198.18.0.0/15"] },
      launch: {
        instanceType: "t3.micro",
        subnetId: SUBNET,
        keyName: "local",
        connection: { user: "root", privateKey: harness.key() },
      },
      ...changes,
    };
  }

  it("previews the whole graph, and makes nothing", async () => {
    const { operations, error } = await harness.preview(args());
    assert.equal(error, undefined);
    const expected = [...CHILDREN_UNTIL_INSPECT, ...CHILDREN_AFTER_INSPECT, "pv-to-hvm-test", "sample"];
    assert.deepEqual(operations.map((line) => line.replace(/^create /, "")).sort(), expected.sort());
    assert.deepEqual(harness.held("volumes"), []);
  });

  it("tells everything that is wrong at once, before anything is made", async () => {
    const wrong = await harness.up(
      args({
        source: { imageId: "ami-00000000000000002" },
        helper: { subnetId: SUBNET, allowedCidrs: ["198.18.0.0/15"], instanceType: "t4g.small" },
      }),
    );
    assert.match(wrong.error ?? "", /source\.imageId: .*hvm/i);
    assert.match(wrong.error ?? "", /helper\.instanceType: .*arm64/);
    assert.doesNotMatch(wrong.error ?? "", /^\s+at .*\.ts:\d+/m, "a stack trace helps nobody here");
    assert.deepEqual(harness.held("volumes"), []);
  });

  it("shows plan and diffs with until: inspect, and has written nothing", async () => {
    const run = await harness.up(args({ until: "inspect" }));
    assert.equal(run.error, undefined);
    assert.deepEqual(harness.held("snapshots"), ["snap-00000000000000001", "snap-00000000000000002"]);
    const plan = run.outputs.plan.value as { edits: { path: string; diff: string[] }[] };
    const paths = plan.edits.map(({ path }) => path);
    for (const path of ["/boot/grub/menu.lst", "/etc/fstab", "/etc/inittab"])
      assert.ok(paths.includes(path), path);
    assert.ok(plan.edits.every(({ diff }) => diff.length > 0));
    const blank = harness.held("volumes").filter((id) => allZero(harness.file("volumes", `${id}.raw`)));
    assert.equal(blank.length, 1, "one volume is the destination, and it is still blank");
    for (const file of sources(harness)) hashes.set(file, sha256(file));
    assert.equal(hashes.size, 2, "the source volume and the snapshot it came from");
  });

  it("has made a host key on the helper, which the further steps know it by, after a stop and a start as well", async () => {
    const { helper } = JSON.parse(String(await harness.printed("sample-inspect"))) as StepReport;
    assert.match(helper?.hostKey ?? "", /^ecdsa-sha2-nistp256 AAAA\S+$/);
    assert.ok(
      !readFileSync(harness.file("state", "instances", `${helper?.instanceId}.json`), "utf8").includes(
        "ecdsa",
      ),
    );
  });

  it("goes on to publish without repeating a step", async () => {
    published = await harness.up(args());
    assert.equal(published.error, undefined);
    assert.deepEqual(named(published, "create").sort(), [...CHILDREN_AFTER_INSPECT, ...STARTED_AGAIN].sort());
    assert.match(String(published.outputs.imageId.value), /^ami-[0-9a-f]{17}$/);
  });

  it("has proven that the launched machine is HVM and runs from the converted disk", () => {
    const proof = published.outputs.bootProof.value as Record<string, string>;
    const plan = published.outputs.plan.value as { filesystemUuid: string };
    console.log(proof);
    assert.equal(proof.virtualization, "hvm");
    assert.equal(proof.rootUuid, plan.filesystemUuid);
    assert.match(proof.rootDevice, /^\/dev\/nvme\dn1p1$/);
    assert.ok(proof.addresses.length > 0);
  });

  it("left every byte of the source volume and its snapshot as it was", () => {
    for (const [file, hash] of hashes) {
      console.log(`      ${hash}  ${basename(file)}`);
      assert.equal(sha256(file), hash, file);
    }
  });

  it("makes no change the second time, and calls nobody: the helper is stopped", async () => {
    const again = await harness.up(args());
    assert.equal(again.error, undefined);
    assert.deepEqual(again.operations, []);
  });

  it("marks the reports as secrets where that is asked for, takes it back, and makes no other change", async () => {
    for (const secretReports of [true, undefined]) {
      const { error, operations, outputs } = await harness.up(args({ secretReports }));
      // The component's own record of its arguments, behind which no resource stands.
      assert.deepEqual([error, operations], [undefined, ["update sample"]]);
      assert.deepEqual([outputs.report.secret, outputs.plan.secret], [!!secretReports, !!secretReports]);
      assert.equal(outputs.imageId.secret, false);
      // Encrypted in the state, and so no text there.
      assert.equal(typeof (await harness.printed("sample-inspect")), "object");
    }
  });

  it("makes no change after a refresh", async () => {
    const refreshed = await harness.refresh(args());
    assert.equal(refreshed.error, undefined);
    const again = await harness.preview(args());
    assert.deepEqual(again.operations, []);
  });

  // What changes nothing, what changes in place, what converts anew: by preview, since a preview tells all of it.
  const base = { subnetId: SUBNET, allowedCidrs: ["198.18.0.0/15"] };
  for (const [what, changes] of [
    ["another helper type", { helper: { ...base, instanceType: "c8i.large" } }],
    ["another helper image", { helper: { ...base, imageId: "ami-00000000000000002" } }],
    ["another rehearsal time", { rehearsal: { timeoutSeconds: 1234 } }],
  ] as [string, Partial<PvToHvmMigrationArgs>][]) {
    it(`leaves a finished conversion alone: ${what}`, async () => {
      const { operations, error } = await harness.preview(args(changes));
      assert.equal(error, undefined);
      // The component's own record of its arguments, behind which no resource stands.
      assert.deepEqual(operations, ["update sample"]);
    });
  }

  it("changes a tag and a description in place", async () => {
    const run = await harness.preview(args({ tags: { team: "web" }, image: { description: "the new one" } }));
    assert.equal(run.error, undefined);
    assert.deepEqual([...new Set(run.operations.map((line) => line.split(" ")[0]))], ["update"]);
    assert.ok(named(run, "update").includes("sample-image"));
  });

  for (const [what, changes, reason] of [
    ["a larger destination", { destination: { sizeGb: 4 } }, "destination.sizeGb=4"],
    ["other families", { guest: { families: ["nitro"] } }, "guest.families"],
    ["a revision", { revision: 2 }, "revision=2"],
  ] as [string, Partial<PvToHvmMigrationArgs>, string][]) {
    it(`converts anew, image and all, for ${what}`, async () => {
      const run = await harness.preview(args(changes));
      assert.equal(run.error, undefined);
      const replaced = named(run, "replace");
      for (const name of ["helper", "source", "destination", "copy", "rehearse", "snapshot"]) {
        assert.ok(replaced.includes(`sample-${name}`), `${name} is replaced: ${replaced.join(" ")}`);
      }
      assert.ok(replaced.includes("sample-image"), "the image is replaced");
      assert.ok(!replaced.includes("sample-instance"), "the running machine is left alone");
      assert.ok(run.text.includes(reason), `the preview shows ${reason}`);
    });
  }

  it("removes the workbench when asked to: snapshot, image and instance stay, and stay the same", async () => {
    const removed = await harness.up(args({ workbench: "removed" }));
    assert.equal(removed.error, undefined);
    const deleted = named(removed, "delete");
    for (const name of ["helper", "source", "destination", "access", "rehearse", "workbench"]) {
      assert.ok(deleted.includes(`sample-${name}`), `${name} is deleted: ${deleted.join(" ")}`);
    }
    for (const name of ["snapshot", "image", "instance", "boot-proof"]) {
      assert.deepEqual(
        removed.operations.filter((line) => line.endsWith(` sample-${name}`)),
        [],
      );
    }
    const again = await harness.up(args({ workbench: "removed" }));
    assert.equal(again.error, undefined);
    assert.deepEqual(again.operations, []);
    assert.match(String(again.outputs.imageId.value), /^ami-/);
  });

  it("destroys everything it made: no machine, no volume, no port", async () => {
    const run = await harness.destroy();
    assert.equal(run.error, undefined);
    assert.deepEqual(harness.held("volumes"), []);
    assert.deepEqual(harness.held("machines"), []);
    assert.deepEqual(harness.held("snapshots"), ["snap-00000000000000001", "snap-00000000000000002"]);
    assert.equal(await harness.resourceCount(), 0);
  });
});

/** The sample's snapshot, and the volume made from it: the only one of its size. */
function sources(harness: Harness): string[] {
  const snapshot = harness.file("snapshots", "snap-00000000000000001.raw");
  const volumes = harness.held("volumes").map((id) => harness.file("volumes", `${id}.raw`));
  return [snapshot, ...volumes.filter((file) => statSync(file).size === statSync(snapshot).size)];
}

function allZero(file: string): boolean {
  const descriptor = openSync(file, "r");
  const buffer = Buffer.alloc(1024 * 1024);
  const zeros = Buffer.alloc(buffer.length);
  try {
    for (let at = 0, read = 1; read > 0; at += read) {
      read = readSync(descriptor, buffer, 0, buffer.length, at);
      if (!buffer.subarray(0, read).equals(zeros.subarray(0, read))) return false;
    }
    return true;
  } finally {
    closeSync(descriptor);
  }
}

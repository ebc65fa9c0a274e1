/** Disks that fail: the source's, the destination's, and the helper's own, which is full. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { serialOf } from "../../converter/disk/volume";
import { SAMPLE_SNAPSHOT_ID } from "../../local/cloud/seed";
import { type FaultyDisk, withFaultyDisk } from "../converter/faultyDisk";
import type { HelperMachine } from "./helperMachine";
import type { Scenario } from "./scenario";
import { sample } from "./sample";
import type { Ended } from "./update";
import type { Environment } from "./environment";

export const DISK_SCENARIOS: Scenario[] = [
  { name: "the source fails one read", inQuickPart: false, run: oneBadRead },
  { name: "the source has a place that cannot be read", inQuickPart: false, run: unreadable },
  { name: "the destination has a place that cannot be written", inQuickPart: false, run: unwritable },
  { name: "the helper's own disk is full", inQuickPart: false, run: full },
];

/** A program of the sample that no inspection opens: what lies there is met by the copy first. */
const FILE = "/usr/bin/bash";
const BLOCK_BYTES = 4096;
/** Where the destination's first partition begins. */
const SHIFT_BYTES = 1024 * 1024;

/** A network's hiccup: the copy reads the place again, and nobody has to do anything. */
async function oneBadRead(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  // Of a request that fails in part the kernel gives what it has, and the rest is asked for again: that takes some failures.
  const readErrors = { offset: placeOf(environment), times: 8 };
  // Of a helper at rest nothing could be put back.
  const went = await whileFaulty(environment, "sample-source", { readErrors }, () =>
    environment.goOn(sample({ workbench: "running" })),
  );
  environment.saw(went, /byte \d+: .*trying again/);
}

async function unreadable(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  const offset = placeOf(environment);
  const failed = await whileFaulty(environment, "sample-source", { readErrors: { offset } }, () =>
    environment.up(sample()),
  );
  assert.match(environment.saw(failed, /FAILED: .*source/), new RegExp(`byte ${offset}\\b`));
  assertNothingPublished(environment);
  await environment.goOn(sample());
}

async function unwritable(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  const offset = placeOf(environment) + SHIFT_BYTES;
  const failed = await whileFaulty(environment, "sample-destination", { writeErrors: { offset } }, () =>
    environment.up(sample()),
  );
  environment.saw(failed, /FAILED: .*destination.*byte \d+/);
  assertNothingPublished(environment);
  await environment.goOn(sample());
}

function assertNothingPublished(environment: Environment): void {
  assert.equal(environment.state.named("sample-verify"), undefined);
  assert.equal(environment.state.named("sample-snapshot"), undefined);
}

/** Where the middle of the file lies on the source. Bytes. */
function placeOf(environment: Environment): number {
  const snapshot = environment.file("snapshots", `${SAMPLE_SNAPSHOT_ID}.raw`);
  const list = execFileSync("debugfs", ["-c", "-R", `blocks ${FILE}`, snapshot], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const blocks = list.trim().split(/\s+/).map(Number);
  return blocks[Math.floor(blocks.length / 2)] * BLOCK_BYTES;
}

/** Puts a faulty disk with the same bytes behind a volume's name in the helper, while `work` runs. */
async function whileFaulty(
  environment: Environment,
  name: string,
  faults: Omit<FaultyDisk, "file">,
  work: () => Promise<Ended>,
): Promise<Ended> {
  const volumeId = environment.state.named(name)?.id ?? "";
  const helper = await environment.helper();
  const link = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${serialOf(volumeId)}`;
  const node = helper.run("readlink", "-f", link).trim();
  const [, minor] = helper.run("stat", "-c", "%t:%T", node).trim().split(":");
  const own = `/dev/loop${parseInt(minor, 16)}`;
  try {
    const file = environment.file("volumes", `${volumeId}.raw`);
    return await withFaultyDisk({ file, ...faults }, (device) => {
      show(helper, node, device);
      return work();
    });
  } finally {
    show(helper, node, own);
  }
}

/** What the page cache knows of a disk is not what was written behind its back. */
function show(helper: HelperMachine, node: string, device: string): void {
  execFileSync("blockdev", ["--flushbufs", device]);
  const minor = statSync(device).rdev & 0xff;
  helper.run("rm", node);
  helper.run("mknod", "-m", "660", node, "b", "7", String(minor));
}

/** A step that found too little free space is run again after some was freed. */
async function full(environment: Environment): Promise<void> {
  await environment.prepared(sample({ until: "inspect" }));
  const helper = await environment.helper();
  helper.run("sh", "-c", FILL);
  const failed = await environment.up(sample());
  environment.saw(failed, /^ *folder for temporary files \S+: has 0 bytes free, .* needed/);
  assertNothingPublished(environment);
  helper.run("rm", "/filler", "/filler-2");
  await environment.goOn(sample());
}

/** What is allocated in one go costs nothing; what dd adds are the last few blocks. */
const FILL = `
free=$(stat -f -c '%f' /) size=$(stat -f -c '%S' /)
fallocate -l $(((free - free / 100) * size)) /filler
dd if=/dev/zero of=/filler-2 bs=64K 2> /dev/null || true
`;

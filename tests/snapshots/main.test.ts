/** What `inspect snap-…` says where it cannot read, and how it ends. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rights } from "../../local/commands/cloudRights";
import type { StepReport } from "../../converter/types";
import { filesystemWith, isRoot, removeFolders, scratchFolder } from "../converter/disk/images";
import { run } from "../converter/program";
import { hvmRequest, newImage } from "../local/cloud/fixture";
import { OnLocalCloud } from "./onLocalCloud";

const NOTHING = "snap-0123456789abcdef0";

(isRoot ? describe : describe.skip)("the command inspect, of what is on EC2,", function () {
  this.timeout(120_000);
  let cloud: OnLocalCloud;
  let image: string;
  before(async () => {
    cloud = await OnLocalCloud.open();
    image = filesystemWith({ "etc/motd": "hello\n" });
  });
  after(async () => {
    await cloud.end();
    removeFolders();
  });

  const USAGE: [words: string[], message: string][] = [
    [
      ["snap-12"],
      "snap-12: is no id of EC2's: behind snap- or ami- are 8 or 17 of 0-9 and a-f. Copy it once more.",
    ],
    [
      [NOTHING, "new.img"],
      `inspect: ${NOTHING} is on EC2, and goes without a second name, got new.img. Leave it out.`,
    ],
    [[NOTHING, "--region", "Oregon"], '--region: "Oregon" is no region\'s name. Name one like us-east-1.'],
    [[NOTHING, "--layout", "apm"], "--layout: must be mbr or gpt, got apm."],
    [
      [NOTHING, "--regions", "all"],
      "Unknown option '--regions'. `pv-to-hvm inspect --help` and `pv-to-hvm --help` tell what there is.",
    ],
    [[NOTHING, "--cache", ""], "--cache: an empty name. Name a folder."],
  ];
  for (const [words, message] of USAGE) {
    it(`is refused with status 2: ${words.join(" ")}`, async () => {
      const { status, lines, out } = await cloud.inspect(...words);
      assert.deepEqual([status, lines, out], [2, [`pv-to-hvm inspect: ${message}`], ""]);
    });
  }

  const STATES: [what: string, change: object, message: RegExp][] = [
    [
      "is still being made",
      { state: "pending" },
      /is still being made \(.*\)\. Wait for it: aws ec2 wait snapshot-completed --snapshot-ids snap-/,
    ],
    [
      "was not made",
      { state: "error", stateMessage: "no key" },
      /was not made: no key\. Take another snapshot/,
    ],
    [
      "is archived",
      { tiering: { tier: "archive", operation: "archival-completed", time: "2026-01-01T00:00:00Z" } },
      /is in the archive tier, where it cannot be read\. Restore it .*aws ec2 restore-snapshot-tier --snapshot-id snap-/,
    ],
  ];
  for (const [what, change, message] of STATES) {
    it(`refuses a snapshot that ${what}, with what to do`, async () => {
      const { status, last } = await cloud.inspect(await cloud.snapshotOf(image, change));
      assert.match(last, message);
      assert.match(last, /^REFUSED: snap-/);
      assert.equal(status, 3);
    });
  }

  it("refuses what is not there, and what is in another region, and tells it as JSON as well", async () => {
    const { status, report, last } = await cloud.report(NOTHING);
    assert.equal(status, 3);
    assert.equal(last, `REFUSED: ${report.summary}`);
    assert.match(
      report.summary,
      /^snap-0123456789abcdef0: is not in us-east-1, or it is not shared with this account\./,
    );
    const elsewhere = await cloud.inspect(await cloud.snapshotOf(image), "--region", "eu-central-1");
    assert.match(elsewhere.last, /is not in eu-central-1/);
    assert.match(
      (await cloud.inspect("ami-0123456789abcdef0")).last,
      /^REFUSED: ami-0123456789abcdef0: is not in/,
    );
  });

  it("reads an image's root, and refuses what the converter refuses, in its words and by the snapshot's name", async () => {
    const snapshotId = await cloud.snapshotOf(image);
    const { imageId } = await newImage(cloud.api.cloud, hvmRequest(snapshotId));
    const { status, last, lines } = await cloud.inspect(imageId, "--summary");
    assert.ok(lines.includes(`the root of ${imageId} is ${snapshotId}`));
    assert.match(last, /^REFUSED: /);
    assert.equal(status, 3);
    assert.ok(!lines.join("\n").includes("pv-to-hvm-root"), lines.join("\n"));
    assert.match(
      lines.at(-2) ?? "",
      /^read \d+ blocks \(\S+ \w+\) from EBS in \d+ requests, about \$0\.0\d+, and \d+ from the cache in /,
    );
  });

  it("tells who may not read, what may be done about it, and who may not use the key", async () => {
    const snapshotId = await cloud.snapshotOf(image);
    const allow = async (...Action: string[]) => {
      const file = join(scratchFolder(), "policy.json");
      const Statement = [{ Effect: "Allow", Action, Resource: "*" }];
      writeFileSync(file, JSON.stringify({ Version: "2012-10-17", Statement }));
      await rights(cloud.api.cloud, ["local", file]);
    };
    try {
      await allow("sts:GetCallerIdentity");
      const blind = await cloud.inspect(snapshotId);
      assert.match(
        blind.last,
        /^REFUSED: snap-\d+: AWS does not let the caller read it \(UnauthorizedOperation: .*policies\/inspect-snapshot\.json/,
      );
      await allow("ec2:DescribeSnapshots", "ebs:ListSnapshotBlocks", "ebs:GetSnapshotBlock");
      const kmsKeyId = "arn:aws:kms:us-east-1:000000000000:key/1";
      const encrypted = await cloud.snapshotOf(image, { encrypted: true, kmsKeyId });
      const { status, last } = await cloud.inspect(encrypted);
      assert.match(
        last,
        /^REFUSED: snap-\d+: AWS does not let the caller read it .*It is encrypted: let the caller use its key arn:aws:kms:us-east-1:000000000000:key\/1 \(kms:Decrypt/,
      );
      assert.equal(status, 3);
    } finally {
      await cloud.api.cloud.callers.forget("local");
    }
  });

  it("tries throttled requests again, and says when that has no end", async () => {
    const snapshotId = await cloud.snapshotOf(image);
    const throttle = (times: number) =>
      cloud.api.cloud.faults.add({ action: "GetSnapshotBlock", code: "RequestThrottledException", times });
    await throttle(2);
    assert.match((await cloud.inspect(snapshotId)).last, /^REFUSED: (?!.*AWS)/);
    process.env.AWS_MAX_ATTEMPTS = "2";
    await throttle(1000);
    try {
      const { status, last } = await cloud.inspect(await cloud.snapshotOf(image));
      assert.match(
        last,
        /^FAILED: snap-\d+: AWS takes no more requests at this time \(RequestThrottledException: /,
      );
      assert.equal(status, 4);
    } finally {
      delete process.env.AWS_MAX_ATTEMPTS;
      await cloud.api.cloud.faults.clear();
    }
  });

  it("fails with a sentence where EC2 is not there, or the cache cannot be", async () => {
    const snapshotId = await cloud.snapshotOf(image);
    const file = join(scratchFolder(), "file");
    writeFileSync(file, "");
    const nowhere = await cloud.inspect(snapshotId, "--cache", file);
    assert.match(nowhere.last, /^FAILED: --cache: .*file cannot be used/);
    assert.equal(nowhere.status, 4);
    process.env.AWS_ENDPOINT_URL_EC2 = "http://127.0.0.1:1";
    process.env.AWS_MAX_ATTEMPTS = "1";
    const unreached = await cloud.inspect(snapshotId).finally(() => {
      process.env.AWS_ENDPOINT_URL_EC2 = cloud.api.url;
      delete process.env.AWS_MAX_ATTEMPTS;
    });
    assert.match(unreached.last, /^FAILED: EC2 of us-east-1 cannot be reached/);
    assert.equal(unreached.status, 4);
  });

  it("leaves no report of a snapshot that is gone, and says so", async () => {
    const snapshotId = await cloud.snapshotOf(image);
    await cloud.api.cloud.faults.add({
      action: "ListSnapshotBlocks",
      code: "ResourceNotFoundException",
      message: "gone",
    });
    const { status, out, last } = await cloud.report(snapshotId);
    assert.equal(status, 3);
    assert.match(last, /^REFUSED: snap-\d+: is not in us-east-1, or it is not shared/);
    assert.equal((JSON.parse(out) as StepReport).outcome, "REFUSED");
  });
});

describe("every other command", () => {
  it("refuses what is on EC2, and says what reads it, and what converts it", async () => {
    const { status, last } = await run("convert", NOTHING, "/nowhere/new.img");
    assert.equal(status, 2);
    assert.match(last, /does not exist/);
    for (const words of [
      ["convert", NOTHING, __filename],
      ["rehearse", NOTHING],
      ["inspect", NOTHING],
    ]) {
      const { status, lines } = await run(...words);
      assert.equal(status, 2);
      assert.match(
        lines[0],
        /^pv-to-hvm: snap-0123456789abcdef0: is on EC2, and no disk of this machine's\. `npx --no pv-to-hvm inspect` with it alone reads it there\. To convert it/,
      );
    }
  });
});

/**
 * The sweep with the real engine: the state file restored from before a replacement, so that a whole generation is
 * nobody's. Told in order; each test goes on from where the one before left the cloud.
 */
import { strict as assert } from "node:assert";
import { copyFileSync } from "node:fs";
import type { PvToHvmMigrationArgs } from "../../components";
import { type Ec2Server, serveEc2 } from "../../local/ec2Api/server";
import { readBackend } from "../../sweep/backend";
import { openEc2 } from "../../sweep/ec2";
import type { Fate } from "../../sweep/judge";
import { sweep, type SweepOptions, type SweepResult } from "../../sweep/sweep";
import { giveRoles } from "../policies/roles";
import { stopAtFailure } from "../running/inOrder";
import { Harness } from "./harness";

const MINUTES = 60_000;
const NAME = "sweep";

describe("a sweep of what the real engine left behind", function () {
  this.timeout(10 * MINUTES);
  stopAtFailure(this);
  let harness: Harness;
  let api: Ec2Server;
  let lost: string[];

  before("an empty cloud", async function () {
    this.timeout(60 * MINUTES);
    harness = await Harness.open(NAME);
    await giveRoles(harness.local.cloud, ["sweep"]);
    api = await serveEc2(harness.local.cloud);
  });
  after("leave nothing running", async () => {
    await harness?.destroy();
    await api?.close();
  });

  const args = (revision: number): PvToHvmMigrationArgs => ({
    source: { imageId: "ami-00000000000000001" },
    helper: { subnetId: "subnet-00000000000000001", allowedCidrs: ["198.18.0.0/15"] },
    until: "inspect",
    revision,
  });
  const stateFile = () =>
    harness.file("pulumi-home", "state", ".pulumi", "stacks", "pv-to-hvm", `${NAME}.json`);

  async function up(revision: number): Promise<void> {
    assert.equal((await harness.up(args(revision))).error, undefined);
  }

  function swept(options: Partial<SweepOptions> = {}): Promise<SweepResult> {
    const credentials = { accessKeyId: "sweep", secretAccessKey: "local" };
    const env = { ...process.env, ...harness.local.env };
    return sweep({
      ec2: openEc2({ region: "us-east-1", endpoint: api.url, credentials }),
      backend: () => readBackend({ env, cwd: harness.local.directory }),
      olderThanSeconds: 0,
      ...options,
    });
  }

  const having = ({ verdicts }: SweepResult, fate: Fate) =>
    verdicts.filter((verdict) => verdict.fate === fate).map(({ item }) => item.role);
  const WORKBENCH = ["helper", "destination", "helper-root", "source", "access"].sort();

  it("finds everything held after an update", async () => {
    await up(1);
    copyFileSync(stateFile(), `${stateFile()}.before`);
    const result = await swept();
    assert.deepEqual(having(result, "held").sort(), WORKBENCH);
    assert.equal(result.exitStatus, 0);
  });

  it("leaves all to a stack whose state speaks of what is not there", async () => {
    await up(2);
    copyFileSync(`${stateFile()}.before`, stateFile());
    const result = await swept({ remove: true });
    assert.deepEqual(having(result, "keep").sort(), WORKBENCH);
    assert.match(result.verdicts[0].reason, /holds nothing that is here.*--gone pv-to-hvm\/sweep/);
    assert.deepEqual(result.removals, []);
    lost = result.verdicts.map(({ item }) => item.id);
  });

  it("tells the lost generation from the one of the next update", async () => {
    assert.equal((await harness.refresh(args(2))).error, undefined);
    await up(2);
    const result = await swept();
    assert.deepEqual(having(result, "held").sort(), WORKBENCH);
    assert.deepEqual(having(result, "remove").sort(), WORKBENCH);
    assert.equal(result.exitStatus, 1);
  });

  it("leaves what is young", async () => {
    const result = await swept({ remove: true, olderThanSeconds: 3600 });
    assert.deepEqual(having(result, "wait").sort(), WORKBENCH);
    assert.equal(result.exitStatus, 0);
  });

  it("removes the lost generation and nothing else", async () => {
    const result = await swept({ remove: true });
    assert.deepEqual(
      result.removals.filter(({ error }) => error),
      [],
    );
    assert.deepEqual(result.removals.map(({ item }) => item.id).sort(), lost.sort());
    assert.equal(result.exitStatus, 0);
    const again = await swept({ remove: true });
    assert.deepEqual(having(again, "held").sort(), WORKBENCH);
    assert.equal(again.verdicts.length, WORKBENCH.length);
    assert.deepEqual((await harness.preview(args(2))).operations, []);
  });

  it("has nothing to do after a destroy", async () => {
    assert.equal((await harness.destroy()).error, undefined);
    const result = await swept({ remove: true, gone: [`pv-to-hvm/${NAME}`] });
    assert.deepEqual(result.verdicts, []);
    assert.equal(result.exitStatus, 0);
  });
});

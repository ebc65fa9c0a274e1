/**
 * Once with the other kind of helper: a virtual machine, which boots through its own boot record, is set up by real
 * cloud-init out of EC2's metadata and the component's user data, and has its volumes plugged in while it runs. The tests
 * tell one story in order. Nothing is rehearsed: a machine that is emulated cannot emulate another.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import type { PvToHvmMigrationArgs } from "../../components";
import type { InstanceRecord } from "../../local/cloud/instanceRecord";
import type { Rule } from "../../local/cloud/securityGroups";
import { HELPERS_VARIABLE } from "../../local/machines/helperKind";
import { hostEndOf } from "../../local/machines/network";
import { endProcess } from "../../local/machines/process";
import { stopAtFailure } from "../running/inOrder";
import { Harness, named, sha256, type Run } from "./harness";
import { HelperShell } from "./helperShell";

const MINUTES = 60_000;
const NAME = "virtual-machine";
const STACK_FOLDER = join(__dirname, "..", "..", ".cache", `${NAME}-stack`);
const SOURCE = "snap-00000000000000001";

describe("a migration whose helper is a virtual machine", function () {
  this.timeout(30 * MINUTES);
  stopAtFailure(this);
  let harness: Harness;
  let shell: HelperShell;
  let sourceHash: string;
  const kindBefore = process.env[HELPERS_VARIABLE];

  before("an empty cloud", async function () {
    this.timeout(60 * MINUTES);
    process.env[HELPERS_VARIABLE] = "virtual-machine";
    harness = await Harness.open(NAME);
    sourceHash = sha256(harness.file("snapshots", `${SOURCE}.raw`));
  });
  after("leave nothing running", async () => {
    await harness?.destroy();
    shell?.forget();
    if (kindBefore === undefined) delete process.env[HELPERS_VARIABLE];
    else process.env[HELPERS_VARIABLE] = kindBefore;
  });

  const args = (changes: Partial<PvToHvmMigrationArgs> = {}): PvToHvmMigrationArgs => ({
    source: { imageId: "ami-00000000000000001" },
    helper: { subnetId: "subnet-00000000000000001", allowedCidrs: ["198.18.0.0/15"] },
    rehearsal: { skip: true },
    ...changes,
  });
  const up = async (changes: Partial<PvToHvmMigrationArgs> = {}): Promise<Run> => {
    const run = await harness.up(args(changes));
    assert.ok(run.error === undefined, run.text.slice(-4000));
    return run;
  };
  const helper = async (): Promise<InstanceRecord> => {
    const found = (await harness.local.cloud.instances.list()).filter(({ state }) => state !== "terminated");
    assert.equal(found.length, 1);
    return found[0];
  };

  /** Adds a rule to the helper's security group while `work` goes on. */
  const withEgress = async (rule: Rule, work: () => Promise<void>): Promise<void> => {
    const { securityGroups } = harness.local.cloud;
    const { groupId, egress } = await securityGroups.describe((await helper()).securityGroupIds[0]);
    await securityGroups.modify(groupId, { egress: [...egress, rule] });
    await work().finally(() => securityGroups.modify(groupId, { egress }));
  };

  it("inspects the source on a machine of its own kernel", async () => {
    await up({ until: "inspect", workbench: "running" });
    assert.equal((await helper()).machine, "virtual-machine");
    shell = HelperShell.open(harness.local, STACK_FOLDER, await helper());
    assert.match(await shell.run("systemd-detect-virt --vm"), /^(?:kvm|qemu|amazon)$/);
  });

  it("was set up by cloud-init, which found EC2's metadata service and the component's user data", async () => {
    const status = await shell.run("cloud-init status --long");
    assert.match(status, /^extended_status: done$/m);
    assert.match(status, /^detail: DataSourceEc2Local$/m);
    assert.match(status, /^errors: \[\]$/m);
  });

  it("was started once more, for the vsyscall page that programs of old guests need", async () => {
    const { instanceId } = await helper();
    const console = readFileSync(harness.file("machines", instanceId, "console.log"), "latin1");
    assert.equal(console.match(/Linux version \d/g)?.length, 2);
    assert.match(await shell.run("cat /proc/self/maps"), /\[vsyscall\]/);
  });

  it("finds its volumes by their ids, whatever their names are", async () => {
    console.log((await shell.run("lsblk --output NAME,SIZE,SERIAL,MOUNTPOINTS")).replace(/^/gm, "      "));
    const serials = harness.held("volumes").map((id) => id.replace("-", ""));
    assert.equal(serials.length, 3);
    for (const serial of serials) {
      const disk = `$(readlink -f /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${serial})`;
      assert.equal(await shell.run(`lsblk --nodeps --noheadings --output SERIAL ${disk}`), serial);
    }
  });

  it("takes one more volume while it runs, and lets go of it", async () => {
    const { attachments, background, volumes } = harness.local.cloud;
    const { instanceId, availabilityZone } = await helper();
    const { volumeId } = await volumes.create({ availabilityZone, sizeGb: 1 });
    await background.settled();
    const link = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`;
    await attachments.attach(volumeId, instanceId, "/dev/sdp");
    await background.settled();
    await shell.run(`until [ -e ${link} ]; do sleep 0.2; done; mke2fs -q ${link}`);
    await attachments.detach(volumeId, instanceId);
    await background.settled();
    assert.equal((await volumes.describe(volumeId)).state, "available");
    assert.equal(await shell.run(`udevadm settle; test -e ${link} || echo gone`), "gone");
    await volumes.delete(volumeId);
    await background.settled();
  });

  it("asks a metadata service of its own, never that of a cloud which this host may run in", async () => {
    assert.equal(await shell.run(ASK_FOR_ID), (await helper()).instanceId);
    assert.match(await shell.run(reach("169.254.169.254", 8080)), /unreachable|refused|timed out/i);
  });

  it("reaches what its security group lets out at the time, and nothing else", async () => {
    const host = hostEndOf((await helper()).privateIp);
    const servers = await Promise.all([80, 8080].map((port) => serve(host, port)));
    try {
      assert.match(await shell.run(reach(host, 80)), /the host at port 80/);
      assert.match(await shell.run(reach(host, 8080)), /timed out/i);
      await withEgress({ ...HTTP, fromPort: 8080, toPort: 8080 }, async () =>
        assert.match(await shell.run(reach(host, 8080)), /the host at port 8080/),
      );
      assert.match(await shell.run(reach(host, 8080)), /timed out/i);
    } finally {
      servers.forEach((server) => server.close());
    }
  });

  it("goes on from the inspection to the image after its clock has jumped a day ahead", async () => {
    await shell.run("date --set '+1 day'");
    const run = await up();
    assert.ok(!named(run, "create").includes("sample-inspect"), run.operations.join("\n"));
    assert.match(String(run.outputs.imageId.value), /^ami-[0-9a-f]{17}$/);
    assert.equal((await helper()).state, "stopped");
    assert.equal(sha256(harness.file("snapshots", `${SOURCE}.raw`)), sourceHash);
  });

  it("makes no change the second time", async () => {
    assert.deepEqual((await up()).operations, []);
  });

  it("starts again at another address, which its metadata names, and is found stopped when it dies", async () => {
    const { instances, background } = harness.local.cloud;
    const { instanceId, privateIp } = await helper();
    await instances.start(instanceId);
    await background.settled();
    const started = await instances.describe(instanceId);
    assert.equal(started.state, "running");
    assert.notEqual(started.privateIp, privateIp);
    const machine = harness.file("machines", instanceId);
    const told = readFileSync(join(machine, "metadata", "latest", "meta-data", "local-ipv4"), "utf8");
    assert.equal(told, started.privateIp);
    await endProcess(machine);
    await instances.describe(instanceId);
    await background.settled();
    assert.equal((await instances.describe(instanceId)).state, "stopped");
  });

  it("is destroyed without a trace", async () => {
    const run = await harness.destroy();
    assert.equal(run.error, undefined);
    assert.deepEqual(harness.held("machines"), []);
    assert.deepEqual(harness.held("volumes"), []);
    assert.equal(await harness.resourceCount(), 0);
  });
});

const HTTP: Rule = { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] };

/** As any client of version 2 asks. */
const ASK_FOR_ID = `python3 -c '
from urllib.request import Request, urlopen
ask = lambda **more: urlopen(Request(**more), timeout=20).read().decode()
root = "http://169.254.169.254/latest/"
token = ask(url=root + "api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"})
print(ask(url=root + "meta-data/instance-id", headers={"X-aws-ec2-metadata-token": token}))'`;

/** What a server says, or why it was not reached. */
const reach = (host: string, port: number) =>
  `socat -T 5 - TCP:${host}:${port},connect-timeout=5 < /dev/null 2>&1 || true`;

function serve(host: string, port: number): Promise<Server> {
  // Whoever has heard enough may reset the connection.
  const server = createServer((socket) =>
    socket.on("error", () => undefined).end(`the host at port ${port}`),
  );
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => resolve(server));
  });
}

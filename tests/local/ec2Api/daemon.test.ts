/** The server of a folder as everybody gets it: a process of its own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CreateVolumeCommand, EC2Client } from "@aws-sdk/client-ec2";
import { Cloud } from "../../../local/cloud/cloud";
import { empty } from "../../../local/cloud/empty";
import { ec2Daemon, endEc2Daemon, readDaemonRecord } from "../../../local/ec2Api/daemon";
import { listen } from "../../../local/ec2Api/server";
import { startTimeOf } from "../../../local/machines/process";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

describe("the server in front of a cloud's folder", function () {
  this.timeout(60_000);
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "ec2-daemon-"))));
  afterEach(async () => {
    await endEc2Daemon(directory);
    rmSync(directory, { recursive: true, force: true });
  });

  const isThere = () => {
    const { pid = 0, startTime = "" } = readDaemonRecord(directory) ?? {};
    return startTimeOf(pid) === startTime;
  };
  async function untilGone(): Promise<void> {
    const end = Date.now() + 20_000;
    while (isThere() && Date.now() < end) await sleep(50);
    assert.equal(isThere(), false);
  }
  const volumeAt = (url: string) => {
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const client = new EC2Client({ region: "us-east-1", endpoint: url, credentials });
    return client.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1 }));
  };

  it("is one, whoever asks and however many at once, and ends when nobody holds it", async () => {
    const daemons = await Promise.all([ec2Daemon(directory), ec2Daemon(directory), ec2Daemon(directory)]);
    assert.deepEqual(new Set(daemons.map(({ url }) => url)).size, 1);
    const { VolumeId = "" } = await volumeAt(daemons[0].url);
    daemons[0].release();
    daemons[1].release();
    await sleep(4000);
    assert.equal(isThere(), true);
    daemons[2].release();
    await untilGone();
    // What was under way has been done.
    assert.equal((await new Cloud(directory).volumes.describe(VolumeId)).state, "available");
    assert.deepEqual((await new Cloud(directory).volumes.list()).length, 1);
  });

  it("ends after a holder that was killed, and comes back at the same address", async () => {
    const file = join(directory, "..", `${process.pid}-hold.cjs`);
    const program = join(__dirname, "..", "..", "..", "local", "ec2Api", "daemon.ts");
    const compile = join(__dirname, "..", "..", "compile.cjs");
    writeFileSync(
      file,
      `require(${JSON.stringify(compile)});
      require(${JSON.stringify(program)}).ec2Daemon(${JSON.stringify(directory)}).then(({ url }) => {
        console.log(url);
        process.kill(process.pid, "SIGKILL");
      });`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [file]).catch((error) => error);
    rmSync(file);
    await untilGone();
    const daemon = await ec2Daemon(directory);
    assert.equal(`${daemon.url}\n`, stdout);
    daemon.release();
  });

  it("takes another port where a stranger has its own by now, and is not taken for that one", async () => {
    const first = await ec2Daemon(directory);
    await endEc2Daemon(directory);
    const stranger = createServer((_request, response) => response.end("hello"));
    await listen(stranger, Number(new URL(first.url).port));
    const second = await ec2Daemon(directory);
    assert.notEqual(second.url, first.url);
    assert.ok((await volumeAt(second.url)).VolumeId);
    second.release();
    stranger.close();
    stranger.closeAllConnections();
  });

  it("stays where it was asked to, and ends when the cloud is emptied", async () => {
    (await ec2Daemon(directory, { stays: true })).release();
    await sleep(5000);
    assert.equal(isThere(), true);
    const { pid = 0 } = readDaemonRecord(directory) ?? {};
    await empty(new Cloud(directory));
    assert.equal(startTimeOf(pid), undefined);
    assert.equal(existsSync(directory), false);
  });

  it("ends by itself where its folder has gone", async () => {
    await ec2Daemon(directory);
    const { pid = 0, startTime } = readDaemonRecord(directory) ?? {};
    rmSync(directory, { recursive: true });
    const end = Date.now() + 20_000;
    while (startTimeOf(pid) === startTime && Date.now() < end) await sleep(50);
    assert.equal(startTimeOf(pid), undefined);
  });

  it("says what it said where it does not start", async () => {
    const port = Number(new URL((await ec2Daemon(directory)).url).port);
    const other = mkdtempSync(join(tmpdir(), "ec2-daemon-"));
    await assert.rejects(ec2Daemon(other, { port }), {
      message: /did not start: it ended with exit status 1\. It said: .*EADDRINUSE.*ec2-api\.log/s,
    });
    rmSync(other, { recursive: true });
  });
});

/** A fleet's inspection that is ended in the middle keeps the verdicts that it had, and the next one goes on. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { filesystemWith, isRoot, removeFolders, scratchFolder } from "../converter/disk/images";
import { bundleCommand } from "../converter/program";
import { newImage, pvRequest } from "../local/cloud/fixture";
import { OnLocalCloud } from "../snapshots/onLocalCloud";
import { Command } from "./command";

(isRoot ? describe : describe.skip)("discover --inspect that is ended by Ctrl-C", function () {
  this.timeout(240_000);
  let cloud: OnLocalCloud;
  let command: Command;
  let program: string;

  before(async () => {
    cloud = await OnLocalCloud.open();
    const bundled = bundleCommand(scratchFolder());
    program = bundled.command;
    command = new Command(cloud.api.url, bundled.converter);
    for (const name of ["one", "two", "three"]) {
      const snapshotId = await cloud.snapshotOf(filesystemWith({ "etc/motd": "hello\n" }));
      await newImage(cloud.api.cloud, pvRequest(snapshotId, { name }));
    }
  });
  after(async () => {
    command.end();
    await cloud.end();
    removeFolders();
  });

  /** Ends it once it has the first verdict. */
  async function ended(): Promise<{ status: unknown; said: string; pid: number }> {
    const words = [program, "discover", "--inspect", "--at-once", "1", "--cache", command.cache];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("1 of 3: ")) child.kill("SIGINT");
    });
    const status = await new Promise((resolve) => child.once("close", resolve));
    return { status, said, pid: child.pid as number };
  }

  it("keeps the verdicts that it had, leaves no mount, and the next run reads the others alone", async () => {
    const { status, said, pid } = await ended();
    assert.match(
      said,
      /^FAILED: ended by SIGINT; run the same command again: verdicts that are known are kept$/m,
    );
    assert.equal(status, 4);
    assert.ok(!readFileSync("/proc/self/mounts", "utf8").includes(`pv-to-hvm-root-${pid}-`));
    const { fleet } = await command.fleet("--inspect");
    assert.deepEqual([fleet.inspected?.known, fleet.inspected?.snapshots], [1, 2]);
  });
});

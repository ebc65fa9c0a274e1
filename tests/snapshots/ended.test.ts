/** An inspection that is ended in the middle leaves nothing behind, and the next one goes on. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { bundleCommand } from "../converter/program";
import { isRoot, removeFolders, scratchFolder } from "../converter/disk/images";
import { makeDisks } from "../converter/families/phonyGuests";
import { plainGuest } from "../converter/families/plainGuest";
import { OnLocalCloud } from "./onLocalCloud";

(isRoot ? describe : describe.skip)("an inspection of a snapshot", function () {
  this.timeout(240_000);
  let cloud: OnLocalCloud;
  let program: string;
  before(async () => {
    cloud = await OnLocalCloud.open();
    program = bundleCommand(scratchFolder()).command;
  });
  after(async () => {
    await cloud.end();
    removeFolders();
  });

  /** Ends it once the guest is read. */
  async function ended(snapshotId: string, signal: NodeJS.Signals) {
    const words = [program, "inspect", snapshotId, "--cache", cloud.cache];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("reading the guest")) child.kill(signal);
    });
    const status = await new Promise((resolve) => child.once("close", resolve));
    return { status, said, pid: child.pid as number };
  }

  const mountsOf = (pid: number) =>
    readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .filter((line) => line.includes(`pv-to-hvm-root-${pid}-`));
  const foldersOf = (pid: number) =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`pv-to-hvm-root-${pid}-`));

  it("is ended by Ctrl-C with status 4, and takes away what it made", async () => {
    const snapshotId = await cloud.snapshotOf(makeDisks(plainGuest("bare ext4")).source);
    const { status, said, pid } = await ended(snapshotId, "SIGINT");
    assert.match(said, /^FAILED: ended by SIGINT; run the same command again: what was read is kept$/m);
    assert.equal(status, 4);
    assert.deepEqual([mountsOf(pid), foldersOf(pid)], [[], []]);
  });

  it("that was killed is cleared away by the next, which needs none of its blocks again", async () => {
    const snapshotId = await cloud.snapshotOf(makeDisks(plainGuest("bare ext4")).source);
    const { pid } = await ended(snapshotId, "SIGKILL");
    const { status, lines } = await cloud.inspect(snapshotId);
    assert.equal(status, 0, lines.join("\n"));
    assert.deepEqual([mountsOf(pid), foldersOf(pid)], [[], []]);
  });
});

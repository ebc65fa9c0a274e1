import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { withClaim } from "../../../converter/disk/claim";
import type { Disk } from "../../../converter/disk/disk";

const ROOT = join(__dirname, "..", "..", "..");

function disk(identity: string): Disk {
  return { path: "/dev/nvme2n1", kind: "device", sizeBytes: 0, identity };
}

/** Another process of the program, which holds the claim until it is killed. */
async function holder(identity: string): Promise<ChildProcess> {
  const script = `
    const { withClaim } = require(${JSON.stringify(join(ROOT, "converter", "disk", "claim"))});
    const disk = { path: "/dev/nvme2n1", kind: "device", sizeBytes: 0, identity: ${JSON.stringify(identity)} };
    withClaim(disk, () => undefined, async () => {
      console.log("held");
      await new Promise((resolve) => setTimeout(resolve, 60000));
    });`;
  const child = spawn(process.execPath, ["-r", "./tests/compile.cjs", "-e", script], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return child;
}

describe("a claim on a destination", function () {
  this.timeout(30_000);

  it("is given at once where nobody works on the disk", async () => {
    const lines: string[] = [];
    assert.equal(
      await withClaim(
        disk("test free"),
        (line) => lines.push(line),
        async () => 42,
      ),
      42,
    );
    assert.deepEqual(lines, []);
  });

  it("is waited for while another process is at work, and says so", async () => {
    const child = await holder("test held");
    const lines: string[] = [];
    let over = false;
    const mine = withClaim(
      disk("test held"),
      (line) => lines.push(line),
      async () => assert.ok(over),
    );
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.match(
      lines[0],
      new RegExp(`waiting for the pv-to-hvm .* on /dev/nvme2n1 \\(process ${child.pid}\\)`),
    );
    over = true;
    child.kill("SIGKILL");
    await mine;
  });

  it("of a process that was killed stands in nobody's way", async () => {
    const child = await holder("test dead");
    child.kill("SIGKILL");
    await once(child, "exit");
    const lines: string[] = [];
    await withClaim(
      disk("test dead"),
      (line) => lines.push(line),
      async () => undefined,
    );
    assert.deepEqual(lines, []);
  });

  it("is given back when the work fails", async () => {
    const failing = withClaim(
      disk("test failing"),
      () => undefined,
      () => Promise.reject(new Error("no space")),
    );
    await assert.rejects(failing, /no space/);
    await withClaim(
      disk("test failing"),
      () => assert.fail("it waited"),
      async () => undefined,
    );
  });
});

/** Whose loop devices count: the whole computer shares them, and each container has its own /dev/nvme1n1. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { describeDisk } from "../../../converter/disk/disk";
import { usesOf } from "../../../converter/disk/use";
import { run, type Runner } from "../../../converter/run";

describe("usesOf, of a device with loop devices over it", () => {
  let folder: string;
  let device: string;
  let over: string;
  const losetup = (...words: string[]) => execFileSync("losetup", words, { encoding: "utf8" }).trim();

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pv-to-hvm-use-"));
    fs.writeFileSync(path.join(folder, "disk.raw"), Buffer.alloc(2 ** 20));
    device = losetup("--find", "--show", path.join(folder, "disk.raw"));
    over = losetup("--find", "--show", "--read-only", device);
  });
  after(() => {
    for (const loop of [over, device]) losetup("--detach", loop);
    fs.rmSync(folder, { recursive: true });
  });

  it("counts one that was made over the device's node", async () => {
    const disk = await describeDisk(device, run);
    assert.deepEqual(await usesOf(disk, run), [{ how: `attached as ${over}`, writing: false }]);
  });

  for (const [what, change] of [
    ["on another filesystem", { "back-maj:min": "   0:4095 " }],
    ["beside it", { "back-ino": 1_234_567_890 }],
  ] as const) {
    it(`leaves out one over a node of the same name that lies ${what}`, async () => {
      const disk = await describeDisk(device, run);
      assert.deepEqual(await usesOf(disk, telling(change)), []);
    });
  }

  it("counts one of whose node the kernel does not say where it lies", async () => {
    const disk = await describeDisk(device, run);
    const uses = await usesOf(disk, telling({ "back-maj:min": null, "back-ino": null }));
    assert.deepEqual(uses, [{ how: `attached as ${over}`, writing: false }]);
  });

  /** losetup's own list, with a change to the entry of the loop device over the disk. */
  function telling(change: object): Runner {
    return async (command, options) => {
      const outcome = await run(command, options);
      if (command[0] !== "losetup") return outcome;
      const { loopdevices } = JSON.parse(outcome.stdout) as { loopdevices: { name: string }[] };
      const changed = loopdevices.map((entry) => (entry.name === over ? { ...entry, ...change } : entry));
      return { ...outcome, stdout: JSON.stringify({ loopdevices: changed }) };
    };
  }
});

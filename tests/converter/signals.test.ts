/** Signals as `timeout`, a terminal and a lost connection send them: to the program, to its process group, and more than once. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundle } from "./program";
import { command, filesystemWith, isRoot, removeFolders, scratchFolder } from "./disk/images";

interface Ended {
  status: number | null;
  lines: string[];
}

(isRoot ? describe : describe.skip)("a signal", function () {
  this.timeout(120_000);
  let program: string;
  before(() => (program = bundle("converter/main.ts", scratchFolder())));
  after(removeFolders);

  /** Ends an inspection that many milliseconds after its first words, with signals to it and to its whole group. */
  function endedAfter(source: string, milliseconds: number, signals: NodeJS.Signals[]): Promise<Ended> {
    return new Promise((resolve) => {
      // A process group of its own, as a shell gives to each job.
      const child = spawn(process.execPath, [program, "inspect", source], {
        detached: true,
        stdio: ["ignore", "ignore", "pipe"],
      });
      const pid = child.pid as number;
      let said = "";
      const begin = () =>
        setTimeout(() => {
          for (const signal of signals) for (const target of [pid, -pid]) send(target, signal);
        }, milliseconds);
      child.stderr.once("data", begin);
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      child.on("close", (status) => resolve({ status, lines: said.trim().split("\n") }));
    });
  }

  it("that comes twice, at any moment of an inspection, leaves nothing mounted, attached or lying about", async () => {
    const source = filesystemWith({ "etc/fstab": "", "boot/grub/menu.lst": "title x\n" });
    for (let milliseconds = 0; milliseconds < 300; milliseconds += 15) {
      const signals: NodeJS.Signals[] =
        milliseconds % 2 === 0 ? ["SIGTERM", "SIGTERM"] : ["SIGINT", "SIGHUP"];
      const { status, lines } = await endedAfter(source, milliseconds, signals);
      const said = lines.join("\n");
      // Later ones find it ended, or Node.js gone so far with ending it that signals have their own way again.
      const isTold = /^REFUSED: /.test(lines.at(-1) ?? "");
      assert.ok(
        status === 4 || (isTold && (status === 3 || status === null)),
        `${milliseconds} ms: ${status}\n${said}`,
      );
      if (status === 4) assert.match(said, /^FAILED: ended by SIG\w+; run the same command again/m);
      assert.equal(await stillAttached(source), "", `${milliseconds} ms\n${said}`);
      assert.deepEqual(leftovers(), [], `${milliseconds} ms\n${said}`);
    }
  });
});

/** The kernel lets go of a device when its last holder has: a namespace of another process may have a copy of the mount. */
async function stillAttached(source: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const loops = command("losetup", "--associated", source);
    if (loops === "" || attempt === 50) return loops;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended.
  }
}

/** Mounts and folders of processes that are gone: others of this machine's may be at work. */
function leftovers(): string[] {
  return fs.readdirSync(os.tmpdir()).filter((name) => {
    const pid = /^pv-to-hvm-(?:root|loop|check|unpack|boot|grub|trial)-(\d+)-/.exec(name)?.[1];
    return pid !== undefined && !fs.existsSync(path.join("/proc", pid));
  });
}

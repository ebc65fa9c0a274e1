import assert from "node:assert/strict";
import fs from "node:fs";
import { withMountFolder } from "../../../converter/disk/mount";
import { runInGuest } from "../../../converter/guest/sandbox";
import type { GuestTree } from "../../../converter/guest/tree";
import { run } from "../../../converter/run";
import { command, filesystemWith, removeFolders } from "../disk/images";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";
import { copyPrograms } from "./programs";

/** The programs that the tests run inside. */
const PROGRAMS = ["/bin/sh", "/bin/ls", "/bin/cat"];

function guestWithPrograms(): GuestTree {
  const tree = phonyGuest({ "/proc/.keep": "", "/sys/.keep": "", "/dev/.keep": "", "/tmp/.keep": "" });
  copyPrograms(tree.root, PROGRAMS);
  return tree;
}

describe("running a program of the guest", () => {
  before(function () {
    // Namespaces and mounts are root's.
    if (process.getuid?.() !== 0) this.skip();
  });
  after(removePhonyGuests);
  after(removeFolders);

  const inGuest = async (script: string) =>
    (
      await runInGuest(guestWithPrograms(), ["/bin/sh", "-c", script], run, {
        purpose: "testing",
        timeoutSeconds: 60,
      })
    ).stdout;

  it("shows it no disk, nor any other device than the plain ones", async () => {
    const names = (await inGuest("ls /dev")).trim().split("\n");
    assert.deepEqual(names, [
      // A link to the kernel's memory, which is /dev/null in there.
      "core",
      "fd",
      "full",
      "null",
      "ptmx",
      "pts",
      "random",
      "shm",
      "stderr",
      "stdin",
      "stdout",
      "tty",
      "urandom",
      "zero",
    ]);
  });

  it("shows it no process but its own, and no network", async () => {
    const names = (await inGuest("ls /proc; cat /proc/net/dev")).split("\n");
    // What waits for the others, the shell, and the ls that looks.
    assert.equal(names.filter((name) => /^\d+$/.test(name)).length, 3);
    assert.deepEqual(
      names.filter((line) => /^\s*\w+:/.test(line)).map((line) => line.trim().split(":")[0]),
      ["lo"],
    );
  });

  it("hands it no variable of the helper's", async () => {
    process.env.HELPERS_SECRET = "x";
    const seen = await inGuest("echo ${HELPERS_SECRET-unset} $LC_ALL");
    delete process.env.HELPERS_SECRET;
    assert.equal(seen, "unset C\n");
  });

  it("leaves nothing mounted behind", async () => {
    const tree = guestWithPrograms();
    await runInGuest(tree, ["/bin/sh", "-c", "echo kept > /kept; echo gone > /tmp/gone"], run, {
      purpose: "testing",
    });
    assert.deepEqual(
      [tree.read("/kept"), tree.list("/tmp"), tree.list("/dev")],
      ["kept\n", [".keep"], [".keep"]],
    );
    assert.ok(!fs.readFileSync("/proc/self/mounts", "utf8").includes(tree.root));
  });

  it("holds no other guest's mounts: one that is unmounted meanwhile is gone", async () => {
    const [tree, image] = [guestWithPrograms(), filesystemWith({ a: "b" })];
    await withMountFolder(async (folder) => {
      command("mount", "-o", "loop", image, folder);
      const loops = () => command("losetup", "--associated", image).trim();
      assert.notEqual(loops(), "");
      const script = "echo > /started; while [ ! -e /stop ]; do :; done";
      const ended = runInGuest(tree, ["/bin/sh", "-c", script], run, {
        purpose: "testing",
        timeoutSeconds: 60,
      });
      while (!tree.exists("/started")) await new Promise((resolve) => setTimeout(resolve, 20));
      command("umount", folder);
      const left = loops();
      tree.write("/stop", "x");
      await ended;
      assert.equal(left, "");
    });
  });

  it("says what went wrong inside", async () => {
    await assert.rejects(inGuest("echo broken >&2; exit 3"), /testing: .*exit code 3:\nbroken/s);
  });
});

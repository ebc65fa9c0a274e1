/** Guests whose programs mean harm: each tries to get out, or to do something to the machine that converts it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { runInGuest } from "../../../converter/guest/sandbox";
import type { GuestTree } from "../../../converter/guest/tree";
import { run } from "../../../converter/run";
import { isRoot, removeFolders, scratchFolder } from "../disk/images";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";
import { copyPrograms } from "./programs";

const PROGRAMS = [
  "/bin/sh",
  "/bin/cat",
  "/bin/ls",
  "/bin/mkdir",
  "/bin/mknod",
  "/bin/mount",
  "/bin/dd",
  "/usr/bin/perl",
];
const FILES = ["nsenter", "unshare", "setsid", "sleep"].map((name) => `/usr/bin/${name}`);

/** Numbers of x86_64, for what no program of a guest's is needed: https://github.com/torvalds/linux/blob/master/arch/x86/entry/syscalls/syscall_64.tbl */
const CALLS: [what: string, call: string][] = [
  ["load a module", "313, 0, $empty, 0"],
  ["load a module from memory", "175, $empty, 0, $empty"],
  ["load another kernel", "246, 0, 0, 0, 0"],
  ["restart the machine", "169, 0xfee1dead, 672274793, 0x1234567, 0"],
  ["set the clock", "227, 0, $zeros"],
  ["set the machine's name", "170, $name, 4"],
  ["read the kernel's messages", "103, 3, $zeros, 16"],
  ["open a file by its handle", "304, -100, $handle, 0"],
  ["load a program into the kernel", "321, 5, $zeros, 72"],
  ["use the ports of devices", "172, 3"],
  ["switch swap off", "168, $empty"],
];

/** EPERM; ENOSYS where the kernel was built without it. */
const REFUSED = ["-1 1\n", "-1 38\n"];

(isRoot ? describe : describe.skip)("a guest that means harm", function () {
  this.timeout(120_000);
  let tree: GuestTree;
  /** A folder of this machine, and a file in it that nobody else writes. */
  let outside: string;
  before(() => {
    tree = phonyGuest({ "/proc/.keep": "", "/sys/.keep": "", "/dev/.keep": "", "/tmp/.keep": "" });
    copyPrograms(tree.root, [...PROGRAMS, ...FILES]);
    // Not below /tmp, which is memory in there.
    outside = scratchFolder("/var/tmp");
    fs.writeFileSync(path.join(outside, "secret"), "secret");
  });
  after(removePhonyGuests);
  after(removeFolders);

  /** What its shell prints; a command that fails is part of the attempt. */
  async function attempt(script: string, timeoutSeconds = 60): Promise<string> {
    const accept = Array.from({ length: 257 }, (_, status) => status - 1);
    const options = { purpose: "trying to get out", timeoutSeconds, accept };
    const { stdout, stderr } = await runInGuest(tree, ["/bin/sh", "-c", script], run, options);
    return stdout + stderr;
  }

  const perl = (program: string) => attempt(`perl -e '${program}'`);

  it("climbs out of its root by a second one, and is where it was", async () => {
    const climb = 'mkdir "x"; chroot "x" or print "no chroot\\n"; chdir ".." for 1..50; chroot "."; ';
    const said = await perl(
      `${climb} print -e "${outside}/secret" ? "out" : "in"; print "\\n"; open F, ">", "${outside}/mark"`,
    );
    assert.equal(said, "in\n");
    assert.deepEqual(fs.readdirSync(outside), ["secret"]);
  });

  it("goes by the first process's root, and finds its own", async () => {
    assert.match(await attempt(`ls /proc/1/root${outside} /proc/1/cwd/..${outside}`), /No such file/);
  });

  it("makes device nodes on each of its filesystems, and opens none", async () => {
    const script = `
      for place in / /tmp /dev /dev/shm; do
        mknod $place/own-disk b 7 0
        mknod $place/own-memory c 1 1
        dd if=$place/own-disk bs=1 count=1
        dd if=$place/own-memory bs=1 count=1
      done`;
    const said = await attempt(script);
    assert.doesNotMatch(said, /1\+0 records/);
    assert.equal(said.match(/Permission denied/g)?.length, 8, said);
  });

  for (const [file, text] of [
    ["/proc/sys/kernel/core_pattern", "|/x"],
    ["/proc/sys/vm/swappiness", "1"],
    ["/proc/sysrq-trigger", "s"],
    ["/proc/irq/default_smp_affinity", "1"],
  ]) {
    it(`writes ${file}, and cannot`, async function () {
      if (!fs.existsSync(file)) return this.skip();
      assert.match(
        await attempt(`echo '${text}' > ${file} && echo WRITTEN`),
        /Read-only file system|Permission denied/,
      );
    });
  }

  it("reads the kernel's memory, and finds nothing", async () => {
    assert.equal(
      await attempt("dd if=/proc/kcore bs=1 count=4 2>/dev/null; dd if=/dev/core bs=1 count=4 2>/dev/null"),
      "",
    );
  });

  for (const [what, words] of [
    ["a filesystem", "mount -t tmpfs tmpfs /tmp"],
    ["another /proc", "mount -t proc proc /tmp"],
    ["/sys for writing", "mount -o remount,rw /sys"],
    ["/proc/sys for writing", "mount -o remount,rw /proc/sys"],
    ["its own root with device nodes", "mount -o remount,dev,suid /"],
  ]) {
    it(`mounts ${what}, and cannot`, async () => {
      assert.match(
        await attempt(`${words} && echo MOUNTED`),
        /permission denied|must be superuser|Operation not permitted|not permitted/i,
      );
    });
  }

  for (const [what, call] of CALLS) {
    it(`asks the kernel to ${what}, and is refused`, async () => {
      const values = '$empty = ""; $zeros = "\\0" x 72; $name = "evil"; $handle = pack("IIQ", 8, 1, 2);';
      const said = await perl(`${values} $r = syscall(${call}); print "$r ", $! + 0, "\\n"`);
      assert.ok(REFUSED.includes(said), said);
      assert.notEqual(hostname(), "evil");
    });
  }

  it("enters the namespaces of the first process, and is in its own", async () => {
    const said = await attempt(
      "nsenter --net=/proc/1/ns/net cat /proc/net/dev; nsenter --mount=/proc/1/ns/mnt ls /; cat /proc/net/dev",
    );
    assert.doesNotMatch(said, /\b(eth|ens|enp|veth)\w*:/);
  });

  it("kills whatever it can, and ends nobody but itself", async () => {
    const bystander = spawn("sleep", ["60"]);
    try {
      await attempt("kill -9 -1; perl -e 'kill 9, 1..100000'");
      assert.equal(bystander.exitCode ?? bystander.signalCode, null);
    } finally {
      bystander.kill("SIGKILL");
    }
  });

  it("leaves a program behind, which ends with it", async () => {
    const mark = `4${process.pid}`;
    await attempt(`setsid sleep ${mark} > /dev/null 2>&1 & setsid setsid sleep ${mark} & echo`);
    assert.deepEqual(commandsWith(`sleep\0${mark}`), []);
  });

  it("starts processes without end, until its time is up, and leaves none", async () => {
    const mark = `5${process.pid}`;
    await attempt(`perl -e 'for (1..300) { fork or do { sleep ${mark}; exit } } sleep ${mark}'`, 3);
    await waitUntil(() => commandsWith(mark).length === 0);
  });

  it("speaks to servers of this machine, and reaches none", async () => {
    const said = await perl(
      'socket S, 2, 1, 0; print connect(S, pack("S n C4 x8", 2, 22, 127, 0, 0, 1)) ? "connected" : "alone"',
    );
    assert.equal(said, "alone");
  });

  it("asks for the metadata of the cloud that this machine is in, and has no way there", async () => {
    const said = await perl(
      'socket S, 2, 1, 0; connect(S, pack("S n C4 x8", 2, 80, 169, 254, 169, 254)); print $!',
    );
    assert.equal(said, "Network is unreachable");
  });

  it("gives a program rights by its set-user-id bit, and gains none", async () => {
    assert.match(await attempt("cat /proc/self/mounts"), /^\S+ \/ \S+ \S*nosuid,nodev/m);
    assert.match(await attempt("cat /proc/self/status"), /^NoNewPrivs:\s+1$/m);
  });

  it("has links where the machine's own filesystems are to be mounted, which lead nowhere else", async () => {
    const linked = phonyGuest({ "/.keep": "" });
    copyPrograms(linked.root, PROGRAMS);
    for (const name of ["proc", "dev", "tmp", "sys"])
      fs.symlinkSync(`../../../..${outside}/${name}`, path.join(linked.root, name));
    const options = { purpose: "trying", accept: Array.from({ length: 257 }, (_, status) => status - 1) };
    const { stdout } = await runInGuest(linked, ["/bin/sh", "-c", "echo ran"], run, options);
    assert.ok(["", "ran\n"].includes(stdout));
    assert.deepEqual(fs.readdirSync(outside), ["secret"]);
    assert.ok(!fs.readFileSync("/proc/self/mounts", "utf8").includes(outside));
  });
});

/** Command lines of this machine's processes in which these words are. */
function commandsWith(words: string): string[] {
  const read = (pid: string) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      // It has ended since.
      return "";
    }
  };
  const all = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(read).filter((command) => command.includes(words));
}

/** The kernel takes its time with three hundred at once. */
async function waitUntil(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(holds());
}

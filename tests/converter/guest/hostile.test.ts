/** Guests whose programs mean harm: each tries to get out, or to do something to the machine that converts it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { FailedError } from "../../../converter/errors";
import { type Limits, unlimitedHere } from "../../../converter/guest/controlGroups";
import { runGuestProgram } from "../../../converter/guest/guestProgram";
import { runInGuest } from "../../../converter/guest/sandbox";
import { GuestTree } from "../../../converter/guest/tree";
import { run, type Runner } from "../../../converter/run";
import { filesystemOf, isRoot, removeFolders, scratchFolder, withMountedImage } from "../disk/images";
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
  ["tell it the keyring of the machine's root", "250, 0, -4, 1"],
  ["keep a key in that keyring", "248, $user, $name, $name, 4, -4"],
  ["ask for a key of the machine's root", "249, $user, $name, 0, 0"],
  ["make it a root of users of its own", "272, 0x10000000"],
  ["start a process as a root of users of its own", "56, 0x10000011, 0, 0, 0, 0"],
  ["start a process by flags that no filter can read", "435, $zeros, 64"],
  ["watch the processor", "298, $zeros, 0, -1, -1, 0"],
  ["handle its own page faults", "323, 0"],
  ["make a ring of requests", "425, 1, $zeros"],
  ["look into another process", "101, 16, 1, 0, 0"],
];

/** The same by the numbers of 32-bit programs, which every program may use: each with what is refused, or the error that tells. */
const NARROW_CALLS: [what: string, number: number, error: number][] = [
  ["the keyring of the machine's root", 288, 1],
  ["a root of users of its own", 310, 1],
  ["a socket by one number for all", 102, 1],
  ["a process by flags that no filter can read", 435, 38],
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
    const { stdout, stderr } = await ending(["/bin/sh", "-c", script], { timeoutSeconds });
    return stdout + stderr;
  }

  interface Setting {
    timeoutSeconds?: number;
    limits?: Limits;
    guest?: GuestTree;
  }

  function ending(command: string[], { timeoutSeconds = 60, limits, guest = tree }: Setting = {}) {
    const accept = Array.from({ length: 257 }, (_, status) => status - 1);
    const options = { purpose: "trying to get out", timeoutSeconds, accept };
    return runInGuest(guest, command, run, options, limits);
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

  it("makes device nodes on each filesystem that it can write to, and opens none", async () => {
    const script = `
      for place in / /tmp; do
        mknod $place/own-disk b 7 0
        mknod $place/own-memory c 1 1
        dd if=$place/own-disk bs=1 count=1
        dd if=$place/own-memory bs=1 count=1
      done`;
    const said = await attempt(script);
    assert.doesNotMatch(said, /1\+0 records/);
    assert.equal(said.match(/Permission denied/g)?.length, 4, said);
  });

  for (const place of ["/dev", "/dev/shm", "/sys/kernel", "/sys/fs"]) {
    it(`fills ${place}, and cannot: it is no place to write to`, async () => {
      assert.match(
        await attempt(`dd if=/dev/zero of=${place}/fill bs=1024 count=1`),
        /Read-only file system/,
      );
    });
  }

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
      const values =
        '$empty = ""; $zeros = "\\0" x 72; $name = "evil"; $handle = pack("IIQ", 8, 1, 2); $user = "user";';
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

  for (const [what, number, error] of NARROW_CALLS) {
    it(`asks the kernel for ${what} as a 32-bit program does, and is refused`, async () => {
      fs.writeFileSync(path.join(tree.root, "narrow"), programCalling(number), { mode: 0o755 });
      assert.equal((await ending(["/narrow"])).exitCode, error);
    });
  }

  for (const [family, number] of [
    ["packets of any kind", 17],
    ["the hypervisor below this machine", 40],
    ["the kernel's ciphers", 38],
  ]) {
    it(`opens a socket to ${family}, and there is no such family`, async () => {
      const said = await perl(`print socket(S, ${number}, 3, 0) ? "opened" : $! + 0`);
      assert.equal(said, "97");
    });
  }

  describe("and takes all that there is", () => {
    const LIMITS = { processes: 50, memoryBytes: 96 * 2 ** 20 };
    before(async function () {
      if ((await unlimitedHere()).length > 0) this.skip();
    });

    it("starts processes without end, and is stopped at its number", async () => {
      const bomb = "$n = 0; while (defined($p = fork)) { $p or do { sleep 30; exit }; $n++ } print $n";
      const { stdout, met } = await ending(["/usr/bin/perl", "-e", `${bomb}; kill 9, -1`], {
        limits: LIMITS,
      });
      assert.ok(Number(stdout) > 10 && Number(stdout) < 50, stdout);
      assert.deepEqual(met, ["pids"]);
    });

    for (const [how, program] of [
      ["memory", '$x = "x" x (1 << 29)'],
      [
        "memory that is shared",
        'for (1..64) { $i = shmget(0, 1 << 23, 0600); shmwrite($i, "x" x (1 << 23), 0, 1 << 23) }',
      ],
      ["a /tmp in memory", 'open F, ">", "/tmp/fill"; print F "x" x (1 << 20) for 1..512'],
    ]) {
      it(`fills ${how}, and is ended at its limit`, async () => {
        const { stdout, met } = await ending(["/usr/bin/perl", "-e", `${program}; print "all"`], {
          limits: LIMITS,
        });
        assert.equal(stdout, "");
        assert.deepEqual(met, ["memory"]);
      });
    }

    it("fails then by a sentence that names the limit", async () => {
      const greedy = ["/usr/bin/perl", "-e", '$x = "x" x (1 << 29)'];
      await assert.rejects(
        runGuestProgram(tree, greedy, run, "rebuilding", LIMITS),
        (error) =>
          error instanceof FailedError &&
          /more memory than the 96 MiB that it may take here/.test(error.message),
      );
    });

    it("leaves no group of processes behind", async () => {
      let words: string[] = [];
      const noting: Runner = (command, options) => run((words = command), options);
      await runInGuest(tree, ["/bin/ls"], noting, { purpose: "looking" }, LIMITS);
      const groups = words.filter((word) => word.endsWith("/cgroup.procs"));
      assert.notDeepEqual(groups, []);
      assert.deepEqual(
        groups.filter((file) => fs.existsSync(file)),
        [],
      );
    });
  });

  it("fills its own disk, and no other", async () => {
    const small = scratchFolder();
    for (const folder of ["proc", "sys", "dev", "tmp"]) fs.mkdirSync(path.join(small, folder));
    copyPrograms(small, ["/bin/sh", "/bin/dd"]);
    const image = filesystemOf(small, 24);
    await withMountedImage(image, async (root) => {
      const dd = "dd if=/dev/zero of=/fill bs=65536 count=100000";
      const { stderr } = await ending(["/bin/sh", "-c", dd], { guest: new GuestTree(root) });
      assert.match(stderr, /No space left on device/);
    });
    assert.equal(fs.statSync(image).size, 24 * 2 ** 20);
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

/** A program that makes one system call by the numbers of 32-bit programs, and ends with the error that it got. */
function programCalling(number: number): Buffer {
  const code = Buffer.from([
    ...[0xb8, number & 0xff, number >> 8, 0, 0],
    // As keyctl has it: the number 0, the keyring of the user, and make it. To unshare the second half of it says "users".
    ...[0xbb, 0, 0, 0, number === 310 ? 0x10 : 0, 0xb9, 0xfc, 0xff, 0xff, 0xff, 0xba, 1, 0, 0, 0],
    // int 0x80; neg eax; mov ebx, eax; mov eax, 1 (exit); int 0x80
    ...[0xcd, 0x80, 0xf7, 0xd8, 0x89, 0xc3, 0xb8, 1, 0, 0, 0, 0xcd, 0x80],
  ]);
  const [at, headers] = [0x40_0000, 120];
  const file = Buffer.alloc(headers);
  Buffer.from("\x7fELF\x02\x01\x01", "latin1").copy(file);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(at + headers), 24);
  file.writeBigUInt64LE(64n, 32);
  [64, 56, 1].forEach((size, index) => file.writeUInt16LE(size, 52 + index * 2));
  // One segment: the file, to be read and run.
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  [0, at, at, headers + code.length, headers + code.length, 4096].forEach((value, index) =>
    file.writeBigUInt64LE(BigInt(value), 72 + index * 8),
  );
  return Buffer.concat([file, code]);
}

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

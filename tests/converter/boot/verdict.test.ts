import assert from "node:assert/strict";
import type { BootProgress } from "../../../converter/boot/bootProgress";
import { limitsFor, slownessByGrub } from "../../../converter/boot/speed";
import { type Expected, failedBy, failedWithoutFault, judge } from "../../../converter/boot/verdict";
import { GRUB, INIT, KERNEL, watch } from "./watching";

const LIMITS = limitsFor(1, 3600);
const DHCP: Expected = { dhcp: "/etc/network/interfaces" };
const WRITTEN = { disk: { readBytes: 9e7, writtenBytes: 4096 } };
const ASKED = { dhcp: "DHCP DISCOVER from 52:54:00:12:34:56" };
const LOGIN = "ip-10-0-0-1 login: ";

/** The verdict once the last words have been waited for. */
function verdictOf(state: BootProgress, second: number, expected: Expected = {}) {
  return judge(state, second, expected, LIMITS);
}

/** Recorded last words, each with a word of what they mean. */
const FATAL: [string, string, RegExp][] = [
  [
    "any kernel without a driver",
    "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
    /cannot reach its root/,
  ],
  [
    "any kernel without init",
    "Kernel panic - not syncing: No init found.  Try passing init= option",
    /no init that runs/,
  ],
  ["any kernel whose init died", "Kernel panic - not syncing: Attempted to kill init!", /process 1 ended/],
  ["any other panic", "[    1.2] Kernel panic - not syncing: Fatal exception in interrupt", /panicked/],
  ["too little memory", "Kernel panic - not syncing: Out of memory and no killable processes...", /memory/],
  ["Debian without its root", "Gave up waiting for root device.  Common problems:", /in vain/],
  ["Debian 12 without its root", "Gave up waiting for root file system device.  Common problems:", /in vain/],
  ["Ubuntu with a wrong root=", "ALERT!  /dev/xvda1 does not exist.  Dropping to a shell!", /not there/],
  ["Ubuntu's initramfs", "(initramfs) ", /prompt/],
  [
    "Red Hat 6 without its root",
    'dracut Warning: No root device "block:/dev/disk/by-label/root_dev" found',
    /no root device/,
  ],
  [
    "Red Hat 6 at its end",
    'dracut Warning: Boot has failed. To debug this issue add "rdshell"',
    /no root device/,
  ],
  ["Fedora's initramfs", "dracut:/# ", /prompt/],
  ["Red Hat 5 without its root", "mount: could not find filesystem '/dev/root'", /could not mount/],
  [
    "SLES 11 without its root",
    "Waiting for device /dev/xvda1 to appear: ......Could not find /dev/xvda1.",
    /in vain/,
  ],
  ["SLES 11's question", "Want me to fall back to /dev/xvda1? (Y/n) ", /in vain/],
  ["Gentoo without its root", "!! Could not find the root block device in UUID=1234.", /no root device/],
  ["Arch without its root", "ERROR: Unable to find root device 'UUID=1234'.", /no root device/],
  ["Red Hat's fsck", "*** An error occurred during the file system check.", /repair/],
  ["Debian's fsck", "/dev/sda1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.", /repair/],
  ["SUSE's fsck", "fsck failed.  Please repair manually and reboot. The root", /repair/],
  ["sulogin", "Give root password for maintenance", /root password/],
  ["sulogin's other words", "(or type Control-D to continue): ", /root password/],
  [
    "Ubuntu 12.04 without a disk",
    "Continue to wait, or Press S to skip mounting or M for manual recovery",
    /waits for an answer/,
  ],
  ["systemd without a disk", "You are in emergency mode. After logging in, type", /emergency mode/],
  ["an older systemd", "Welcome to emergency mode! After logging in, type", /emergency mode/],
  ["GRUB without its modules", "grub rescue> ", /neither its modules/],
  ["GRUB without an entry", "grub> ", /its prompt/],
];

/** Lines that look bad and are not. */
const HARMLESS: [string, string][] = [
  ["Xen's console missing", "Cannot get hvm parameter CONSOLE_EVTCHN (18): -22!"],
  ["a getty on a terminal that is not there", 'INIT: Id "2" respawning too fast: disabled for 5 minutes'],
  ["a serial port that is no terminal", "/dev/ttyS0: not a tty"],
  ["a resume device that is gone", "Gave up waiting for suspend/resume device"],
  ["a replayed journal", "EXT4-fs (sda1): recovery complete"],
  ["an fsck that mended", "/dev/sda1: recovering journal"],
  ["LVM that finds nothing", "  No volume groups found"],
  ["a module that is not there", "FATAL: Module xenblk not found."],
  ["an empty floppy drive", "end_request: I/O error, dev fd0, sector 0"],
  ["a service that did not start", "Starting sendmail: [FAILED]"],
];

describe("the verdict on a boot", () => {
  for (const [who, line, meaning] of FATAL) {
    it(`fails at once with the meaning of ${who}`, () => {
      const { state, second } = watch([GRUB, KERNEL, line]);
      assert.equal(verdictOf(state, second).kind, "undecided", "its last words are waited for");
      const verdict = verdictOf(state, second + 2);
      assert.ok(verdict.kind === "failed");
      assert.match(verdict.why, meaning);
      assert.ok(verdict.why.includes(line.trim()), "the line itself is told");
      assert.match(verdict.advice, /\.$/);
    });
  }

  for (const [what, line] of HARMLESS) {
    it(`goes on after ${what}`, () => {
      const { state, second } = watch([GRUB, KERNEL, INIT, line]);
      assert.equal(verdictOf(state, second + 2).kind, "undecided");
      const booted = watch([GRUB, KERNEL, INIT, line, LOGIN], [WRITTEN]);
      assert.equal(verdictOf(booted.state, booted.second).kind, "booted");
    });
  }

  it("is booted at the login prompt once disk and address are seen", () => {
    const { state, second } = watch([GRUB, KERNEL, LOGIN], [WRITTEN, ASKED]);
    assert.deepEqual(verdictOf(state, second, DHCP), { kind: "booted", why: "ip-10-0-0-1 login:" });
  });

  it("waits at the prompt for the address, and fails where a guest that was to ask does not", () => {
    const { state } = watch([GRUB, KERNEL, LOGIN], [WRITTEN]);
    assert.equal(verdictOf(state, 61, DHCP).kind, "undecided");
    const verdict = verdictOf(state, 62, DHCP);
    assert.ok(verdict.kind === "failed");
    assert.match(verdict.why, /without asking for an address within 60 s, though \/etc\/network\/interfaces/);
    assert.match(verdict.advice, /70-persistent-net\.rules/);
    assert.equal(verdictOf(state, 4).kind, "booted", "nobody expects an address");
  });

  it("waits for the address as long as a slow boot took to its prompt", () => {
    const slow = { ...watch([]).state, rungs: { login: { second: 300, evidence: "login:" } } };
    assert.equal(verdictOf({ ...slow, lastActivityAt: 590 }, 599, DHCP).kind, "undecided");
    assert.equal(verdictOf({ ...slow, lastActivityAt: 590 }, 600, DHCP).kind, "failed");
  });

  it("tells of the renamed card where no address was asked for", () => {
    const renamed = "udev: renamed network interface eth0 to eth1";
    const { state } = watch([GRUB, KERNEL, renamed, LOGIN], [WRITTEN]);
    const verdict = verdictOf(state, 100, DHCP);
    assert.ok(verdict.kind === "failed" && verdict.why.includes(renamed));
  });

  it("fails a guest whose root filesystem stays read-only", () => {
    const { state } = watch([GRUB, KERNEL, LOGIN], [ASKED]);
    assert.equal(verdictOf(state, 61).kind, "undecided");
    const verdict = verdictOf(state, 62);
    assert.ok(verdict.kind === "failed" && /stayed read-only/.test(verdict.why));
  });

  it("takes a guest without a serial getty for booted, two quiet minutes after disk and network", () => {
    const { state } = watch([GRUB, KERNEL], [WRITTEN, ASKED]);
    assert.equal(verdictOf(state, 122).kind, "undecided");
    const verdict = verdictOf(state, 123);
    assert.ok(verdict.kind === "booted" && /no login prompt/.test(verdict.why));
  });

  it("fails a guest of which nothing but GRUB is heard, although it comes up", () => {
    const { state } = watch([GRUB], [{ runs: "programs" }, WRITTEN, ASKED]);
    const verdict = verdictOf(state, 123);
    assert.ok(verdict.kind === "failed" && /nothing of it is heard/.test(verdict.why));
    assert.match(verdict.advice, /console=ttyS0/);
  });

  it("fails where GRUB's error is followed by no kernel, and not where a fallback's kernel starts", () => {
    const stuck = watch([GRUB, "error: no such device: 1234."]).state;
    assert.equal(verdictOf(stuck, 30).kind, "undecided");
    const verdict = verdictOf(stuck, 31);
    assert.ok(verdict.kind === "failed" && verdict.why.includes("error: no such device: 1234."));
    const { state } = watch([GRUB, "error: file not found.", "Press any key to continue...", KERNEL]);
    assert.equal(verdictOf(state, 100).kind, "undecided");
  });

  it("fails a boot that has stopped, with the line that explains it", () => {
    const { state } = watch([GRUB, KERNEL, "  No volume groups found"]);
    assert.equal(verdictOf(state, 151).kind, "undecided");
    const verdict = verdictOf(state, 152);
    assert.ok(verdict.kind === "failed");
    assert.match(verdict.why, /no line, no read and no write for 150 s; no LVM volume group was seen/);
  });

  it("lets a boot go on as long as something is heard of it, up to the limit", () => {
    const { state } = watch([GRUB, KERNEL], [{ second: 590, lines: ["still here"] }]);
    assert.equal(verdictOf(state, 599).kind, "undecided");
    const verdict = verdictOf(state, 600);
    assert.ok(verdict.kind === "failed" && /not up after 600 s/.test(verdict.why));
  });

  for (const [lines, advice] of [
    [[], /boot loader was not heard/],
    [[GRUB], /default entry/],
    [[GRUB, KERNEL], /root=/],
    [[GRUB, KERNEL, "INIT: version 2.88 booting"], /--timeout/],
  ] as [string[], RegExp][]) {
    it(`advises by the rung: ${advice.source}`, () => {
      const outcome = failedWithoutFault(watch(lines).state, "it ended", {});
      assert.ok(outcome.kind === "failed");
      assert.match(outcome.advice, advice);
    });
  }

  it("advises on the console where Linux runs unheard: console=hvc0 alone leaves init without a console", () => {
    const { state } = watch([GRUB], [{ runs: "kernel" }, { runs: "programs" }]);
    const verdict = verdictOf(state, 150);
    assert.ok(verdict.kind === "failed" && /nothing of it is heard.*console=ttyS0/.test(verdict.advice));
  });

  const SUSPECTS: Expected = { suspects: [{ word: "acpi=off", harm: "there is no disk" }] };
  const NAMED = /^.*arguments have acpi=off: there is no disk\. Take it out of the boot menu first\. /;
  for (const [it_, lines, more] of [
    ["where nothing of Linux is heard", [GRUB], [{ runs: "kernel" }]],
    ["where the root is not reached", [GRUB, KERNEL], []],
    ["where the kernel says that it cannot reach its root", [GRUB, KERNEL, FATAL[0][1]], []],
  ] as [string, string[], Parameters<typeof watch>[1]][]) {
    it(`names the arguments that HVM may not bear ${it_}`, () => {
      const verdict = verdictOf(watch(lines, more).state, 160, SUSPECTS);
      assert.ok(verdict.kind === "failed");
      assert.match(verdict.advice, NAMED);
    });
  }

  it("does not name them where the root is in use already", () => {
    const { state } = watch([GRUB, KERNEL], [WRITTEN, { lines: ["You are in emergency mode."] }]);
    const verdict = verdictOf(state, 160, SUSPECTS);
    assert.ok(verdict.kind === "failed" && !verdict.advice.includes("acpi=off"));
  });

  it("tells the panic of a guest that resets itself after it", () => {
    const { state } = watch([GRUB, KERNEL, "Kernel panic - not syncing: Attempted to kill init!"]);
    const outcome = failedBy(state.fault!, state, {});
    assert.ok(outcome.kind === "failed" && /process 1 ended/.test(outcome.why));
  });
});

describe("the time that a rehearsal has", () => {
  it("grows with what the machine was measured to take, up to the user's limit", () => {
    assert.equal(limitsFor(1, 3600).total, 600);
    assert.equal(limitsFor(2.5, 3600).total, 1500);
    assert.equal(limitsFor(20, 3600).total, 3600);
    assert.equal(limitsFor(1, 60).total, 60);
    assert.equal(limitsFor(2, 3600).silence, 2 * limitsFor(1, 3600).silence);
  });

  it("is not shorter on a fast machine: the guest's own time-outs go by the clock", () => {
    assert.equal(slownessByGrub(0.4), 1);
    assert.equal(slownessByGrub(undefined), 1);
    assert.equal(slownessByGrub(26), 17.3);
  });
});

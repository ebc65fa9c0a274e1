import assert from "node:assert/strict";
import { Console, plainText } from "../../../converter/boot/console";
import { type Observation, NOT_STARTED, advance, highestRung } from "../../../converter/boot/bootProgress";
import { GRUB, INIT, KERNEL, watch } from "./watching";

const seen = (second: number, more: Partial<Observation>): Observation => ({
  second,
  lines: [],
  prompt: "",
  ...more,
});

/** Lines of recorded consoles, each after GRUB and the kernel, with the rung that it shows. */
const SIGNS: [string, string, string][] = [
  [
    "Debian's initramfs",
    "Begin: Mounting root file system ... Begin: Running /scripts/local-top ...",
    "init",
  ],
  ["Red Hat 5's initrd", "Red Hat nash version 5.1.19.6 starting", "init"],
  ["Red Hat 6's initramfs", "dracut: dracut-004-409.el6_8.2", "init"],
  ["Fedora's initramfs", "Welcome to Fedora 20 (Heisenbug) dracut-033 (Initramfs)!", "kernel"],
  ["SUSE's initrd", "Waiting for device /dev/disk/by-uuid/2a81-77 to appear:  ok", "init"],
  ["Gentoo's initramfs", ">> Determining root device...", "init"],
  ["sysvinit", "INIT: version 2.86 booting", "root-read"],
  ["upstart", "init: plymouth-upstart-bridge main process (412) terminated with status 1", "root-read"],
  ["Red Hat 5's init", "\t\tWelcome to  CentOS release 5.11 (Final)", "root-read"],
  ["Amazon Linux's init", "\t\tWelcome to Amazon Linux AMI", "root-read"],
  ["systemd", "Welcome to Ubuntu 16.04.7 LTS!", "root-read"],
  ["Gentoo's init", "   OpenRC 0.12.4 is starting up Gentoo Linux (x86_64) [XENU]", "root-read"],
  ["SUSE's init", "System Boot Control: Running /etc/init.d/boot", "root-read"],
  ["ext3", "EXT3-fs: mounted filesystem with ordered data mode.", "root-read"],
  ["ext4", "[    2.1] EXT4-fs (sda1): mounted filesystem with ordered data mode. Opts: (null)", "root-read"],
  ["XFS", "[    2.204512] XFS (nvme0n1p1): Ending clean mount", "root-read"],
  ["SUSE's end", "Master Resource Control: runlevel 3 has been reached", "login"],
  ["systemd's end", "[  OK  ] Reached target Multi-User System.", "login"],
  ["a newer systemd's end", "[  OK  ] Reached target multi-user.target - Multi-User System.", "login"],
  ["a login in a log", "Last login: Mon on ttyS0", "kernel"],
  ["systemd's target of gettys", "[  OK  ] Reached target Login Prompts.", "kernel"],
];

describe("the progress of a boot", () => {
  for (const [who, line, rung] of SIGNS) {
    it(`takes ${who} for ${rung}`, () => assert.equal(highestRung(watch([GRUB, KERNEL, line]).state), rung));
  }

  it("takes the rungs below the login prompt for reached, however quiet the guest was", () => {
    const { state } = watch([GRUB, "ip-10-0-0-1 login:"]);
    assert.deepEqual(Object.keys(state.rungs), ["grub", "kernel", "init", "root-read", "login"]);
  });

  it("does not count GRUB's reading of kernel and initramfs as the root's", () => {
    const { state } = watch([GRUB, KERNEL], [{ disk: { readBytes: 40e6, writtenBytes: 0 } }]);
    assert.equal(state.rungs["root-read"], undefined);
    const after = advance(state, seen(9, { disk: { readBytes: 43e6, writtenBytes: 0 } }));
    assert.equal(after.rungs["root-read"]?.evidence, "3000000 bytes read after the kernel's start");
  });

  it("sees a silent kernel, and its programs, in the processor's registers", () => {
    const kernel = advance(NOT_STARTED, seen(1, { runs: "kernel" }));
    assert.equal(highestRung(kernel), "kernel");
    assert.equal(highestRung(advance(kernel, seen(2, { runs: "programs" }))), "init");
  });

  it("counts a rung when it is first seen", () => {
    const { state } = watch([GRUB, KERNEL, KERNEL]);
    assert.equal(state.rungs.kernel?.second, 1);
  });

  it("knows when something was last heard: a line, a read, a write, but no standing prompt", () => {
    const { state } = watch([GRUB]);
    const disk = { readBytes: 1, writtenBytes: 0 };
    const read = advance(state, seen(5, { disk, prompt: "Loading" }));
    assert.equal(read.lastActivityAt, 5);
    assert.equal(advance(read, seen(6, { disk, prompt: "Loading" })).lastActivityAt, 5);
    assert.equal(advance(read, seen(7, { disk: { readBytes: 1, writtenBytes: 512 } })).lastActivityAt, 7);
  });

  it("keeps GRUB's first error, and the time of its last", () => {
    const { state } = watch([
      GRUB,
      "error: no such device: 1234.",
      "error: you need to load the kernel first.",
    ]);
    assert.deepEqual(state.grubError, { second: 2, evidence: "error: no such device: 1234." });
  });

  it("takes no error of the kernel's time for GRUB's", () =>
    assert.equal(watch([GRUB, KERNEL, INIT, "error: unexpectedly disconnected"]).state.grubError, undefined));
});

describe("the console", () => {
  for (const [raw, text] of [
    ["\x1b[0;32m[  OK  ]\x1b[0m Started\r\n", "[  OK  ] Started\n"],
    ["\x1b[24;1H\x1b[2Jmenu", "\nmenu"],
    ["\x1b]0;title\x07prompt", "prompt"],
    ["a\r\r\nb\rc", "a\nb\nc"],
    ["bell\x07 and tab\t", "bell and tab\t"],
  ]) {
    it(`reads ${JSON.stringify(raw)} as a person does`, () => assert.equal(plainText(raw), text));
  }

  it("puts pieces together to lines, and shows a prompt that has no end", () => {
    const console = new Console();
    assert.deepEqual(console.feed("Linux ver"), []);
    assert.deepEqual(console.feed("sion 3.2\r\n\r\nhost log"), ["Linux version 3.2"]);
    assert.equal(console.unfinished, "host log");
    console.feed("in: ");
    assert.equal(console.unfinished, "host login:");
    assert.deepEqual(console.tail(5), ["Linux version 3.2", "host login:"]);
  });

  it("keeps no line longer than 400 characters, and no more than 500 lines", () => {
    const console = new Console();
    console.feed("x".repeat(100_000));
    for (let line = 0; line < 600; line++) console.feed(`line ${line}\n`);
    assert.equal(console.tail(9999).length, 500);
    assert.ok(console.tail(9999).every((line) => line.length <= 400));
  });
});

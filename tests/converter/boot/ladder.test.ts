import assert from "node:assert/strict";
import { Console, plainText } from "../../../converter/boot/console";
import { type Climb, type Observation, climb, highest, judge } from "../../../converter/boot/ladder";

const TIMEOUT = 600;

/** A console's lines, one a second, taken in one after the other. */
function watch(lines: string[], more: Partial<Observation>[] = []): { state: Climb; second: number } {
  const observations = [
    ...lines.map((line, second) => ({
      second,
      lines: /login: ?$|^\(initramfs\)|^grub/.test(line) ? [] : [line],
      prompt: line,
    })),
    ...more.map((one, index) => ({ second: lines.length + index, lines: [], prompt: "", ...one })),
  ];
  const state = observations.reduce((sum: Climb, seen) => climb(sum, seen), { rungs: {} });
  return { state, second: observations.at(-1)?.second ?? 0 };
}

const GRUB = "GRUB: booting from /boot/grub/menu.lst on (hd0,msdos1)";
const KERNEL = "[    0.000000] Linux version 3.2.0-4-amd64 (debian-kernel@lists.debian.org)";
const INIT = "Loading, please wait...";

// As consoles showed them; each with how it must be taken.
const CONSOLES: [string, string[], "booted" | "failed" | "climbing", string | undefined][] = [
  [
    "Debian 7 to its login prompt",
    [
      GRUB,
      KERNEL,
      INIT,
      "INIT: version 2.88 booting",
      "Debian GNU/Linux 7 ip-10-0-0-1 ttyS0",
      "ip-10-0-0-1 login: ",
    ],
    "booted",
    "login",
  ],
  ["a login prompt alone, the kernel being quiet", [GRUB, "ip-10-0-0-1 login:"], "booted", "login"],
  // Faults after which nothing comes.
  [
    "no driver for the root disk",
    [GRUB, KERNEL, INIT, "Gave up waiting for root device.  Common problems:"],
    "failed",
    "init",
  ],
  [
    "the same in newer words",
    [GRUB, KERNEL, INIT, "Gave up waiting for root file system device.  Common problems:"],
    "failed",
    "init",
  ],
  [
    "a wrong root=",
    [GRUB, KERNEL, INIT, "ALERT!  /dev/xvda1 does not exist.  Dropping to a shell!"],
    "failed",
    "init",
  ],
  ["the initramfs' shell", [GRUB, KERNEL, INIT, "(initramfs) "], "failed", "init"],
  [
    "a panic",
    [
      GRUB,
      KERNEL,
      "[    1.2] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
    ],
    "failed",
    "kernel",
  ],
  ["dracut's shell", [GRUB, KERNEL, "dracut:/# "], "failed", "init"],
  [
    "emergency mode",
    [GRUB, KERNEL, INIT, "You are in emergency mode. After logging in, type"],
    "failed",
    "init",
  ],
  ["a core image without its modules", ["GRUB loading.", "grub rescue> "], "failed", "grub"],
  ["GRUB's own prompt", [GRUB, "grub> "], "failed", "grub"],
  // Harmless lines.
  [
    "Xen's console missing",
    [GRUB, KERNEL, "Cannot get hvm parameter CONSOLE_EVTCHN (18): -22!"],
    "climbing",
    "kernel",
  ],
  [
    "a getty on a port that is not there",
    [GRUB, KERNEL, 'INIT: Id "co" respawning too fast: disabled for 5 minutes'],
    "climbing",
    "kernel",
  ],
  ["an old login in a log", [GRUB, KERNEL, "Last login: Mon on ttyS0"], "climbing", "kernel"],
  [
    "GRUB's error before its fallback entry",
    [GRUB, "error: file `/boot/vmlinuz' not found.", "Press any key to continue..."],
    "climbing",
    "grub",
  ],
];

describe("the ladder of a boot", () => {
  for (const [what, lines, verdict, rung] of CONSOLES) {
    it(`takes ${what} for ${verdict}`, () => {
      const { state, second } = watch(lines);
      assert.equal(judge(state, second, TIMEOUT).kind, verdict);
      assert.equal(highest(state), rung);
    });
  }

  it("fails where GRUB's error is followed by no kernel for a minute", () => {
    const { state } = watch([GRUB, "error: no such device: 1234."]);
    assert.equal(judge(state, 30, TIMEOUT).kind, "climbing");
    assert.deepEqual(judge(state, 61, TIMEOUT), { kind: "failed", why: "error: no such device: 1234." });
  });

  it("goes on after GRUB's error where the fallback's kernel starts", () => {
    const { state } = watch([GRUB, "error: file not found.", KERNEL]);
    assert.equal(judge(state, 200, TIMEOUT).kind, "climbing");
  });

  it("takes a guest without a serial getty for booted, two minutes after disk and network", () => {
    const disk = { readBytes: 9e7, writtenBytes: 4096 };
    const { state } = watch([GRUB, KERNEL], [{ disk }, { dhcp: true }]);
    assert.equal(judge(state, 100, TIMEOUT).kind, "climbing");
    assert.deepEqual(judge(state, 123, TIMEOUT), {
      kind: "booted",
      why: "root filesystem written, DHCP request seen, no panic",
    });
  });

  it("does not take disk without network for booted", () => {
    const { state } = watch([GRUB, KERNEL], [{ disk: { readBytes: 9e7, writtenBytes: 4096 } }]);
    assert.equal(judge(state, 599, TIMEOUT).kind, "climbing");
    assert.equal(judge(state, 600, TIMEOUT).kind, "failed");
  });

  it("does not count GRUB's reading of kernel and initramfs as the root's", () => {
    const { state: before } = watch([GRUB, KERNEL], [{ disk: { readBytes: 40e6, writtenBytes: 0 } }]);
    assert.equal(before.rungs["root-read"], undefined);
    const after = climb(before, {
      second: 9,
      lines: [],
      prompt: "",
      disk: { readBytes: 43e6, writtenBytes: 0 },
    });
    assert.equal(after.rungs["root-read"]?.evidence, "3000000 bytes read after the kernel's start");
  });

  it("counts a rung when it is first seen", () => {
    const { state } = watch([GRUB, KERNEL, KERNEL]);
    assert.equal(state.rungs.kernel?.second, 1);
  });

  it("fails a disk that says nothing at all after three minutes", () => {
    assert.equal(judge({ rungs: {} }, 179, TIMEOUT).kind, "climbing");
    const verdict = judge({ rungs: {} }, 180, TIMEOUT);
    assert.ok(verdict.kind === "failed" && /is there a boot loader/.test(verdict.why));
  });
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

  it("keeps no line longer than 400 characters", () => {
    const console = new Console();
    console.feed("x".repeat(100_000));
    assert.ok(console.tail(9).every((line) => line.length <= 400));
  });
});

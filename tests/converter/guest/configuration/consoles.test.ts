import assert from "node:assert/strict";
import fc from "fast-check";
import {
  editActiveConsoles,
  editSecuretty,
  planConsoles,
} from "../../../../converter/guest/configuration/consoles";
import type { GuestFacts } from "../../../../converter/types";

/** What is planned for a guest with these files: action and path of each. */
function plan(files: Record<string, string>, init: GuestFacts["init"] = "unknown") {
  return planConsoles({ files: Object.keys(files), init } as GuestFacts, (path) => files[path]);
}

function actions(files: Record<string, string>, init: GuestFacts["init"] = "unknown"): string[] {
  return plan(files, init).map(({ action, path }) => `${action} ${path}`);
}

const GETTY = "start on runlevel [2345]\nrespawn\nexec /sbin/getty -8 38400 hvc0\n";

const UPSTART: { it: string; files: Record<string, string>; planned: string[] }[] = [
  {
    it: "moves upstart's job to a file of the new name (Ubuntu's cloud images)",
    files: { "/etc/init/hvc0.conf": GETTY },
    planned: ["create /etc/init/ttyS0.conf", "remove /etc/init/hvc0.conf"],
  },
  {
    it: "takes upstart's job away where ttyS0 has one",
    files: { "/etc/init/hvc0.conf": GETTY, "/etc/init/ttyS0.conf": "exec getty ttyS0\n" },
    planned: ["remove /etc/init/hvc0.conf"],
  },
  {
    it: "takes it away where serial.conf follows console= (Red Hat 6)",
    files: {
      "/etc/init/xvc0.conf": GETTY,
      "/etc/init/serial.conf": "start on fedora.serial-console-available *\n",
    },
    planned: ["remove /etc/init/xvc0.conf"],
  },
  {
    it: "edits a job that has the console in its text alone",
    files: { "/etc/init/console-login.conf": GETTY },
    planned: ["edit /etc/init/console-login.conf"],
  },
  {
    it: "moves a job of the first upstart (Ubuntu 8.04)",
    files: { "/etc/event.d/xvc0": GETTY.replace("hvc0", "xvc0") },
    planned: ["create /etc/event.d/ttyS0", "remove /etc/event.d/xvc0"],
  },
  {
    it: "makes a job where no login is on a serial line",
    files: { "/etc/init/tty1.conf": "exec /sbin/getty -8 38400 tty1\n" },
    planned: ["create /etc/init/ttyS0.conf"],
  },
  {
    it: "makes none where serial.conf is",
    files: { "/etc/init/serial.conf": "", "/etc/init/tty.conf": "exec /sbin/mingetty $TTY\n" },
    planned: [],
  },
];

describe("planning consoles", () => {
  for (const { it: title, files, planned } of UPSTART) {
    it(title, () => assert.deepEqual(actions(files, "upstart"), planned));
  }

  it("keeps the job's options on its way", () => {
    assert.ok(
      plan({ "/etc/init/hvc0.conf": GETTY }, "upstart")[0].diff.includes("+exec /sbin/getty -8 38400 ttyS0"),
    );
  });

  it("starts the getty that the guest has", () => {
    const files = { "/etc/init/tty.conf": "", "/sbin/agetty": "\x7fELF" };
    assert.ok(plan(files, "upstart")[0].diff.includes("+exec /sbin/agetty -L ttyS0 115200 vt100"));
  });

  it("takes systemd's links away and starts nothing itself", () => {
    const link = "/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service";
    assert.deepEqual(actions({ [link]: "", "/etc/fstab": "" }, "systemd"), [`remove ${link}`]);
  });

  it("plans nothing where all is on ttyS0 already", () => {
    const files = { "/etc/inittab": "S0:2:respawn:agetty ttyS0\n", "/etc/securetty": "ttyS0\n" };
    assert.deepEqual(actions(files, "sysvinit"), []);
  });
});

describe("editing securetty", () => {
  for (const [before, after] of [
    ["tty1\nhvc0", "tty1\nhvc0\nttyS0\n"],
    ["tty1\r\n", "tty1\r\nttyS0\r\n"],
    ["console\n ttyS0 # serial\n", "console\n ttyS0 # serial\n"],
    ["# root logs in nowhere\n", "# root logs in nowhere\n"],
    ["", ""],
  ]) {
    it(`makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () =>
      assert.equal(editSecuretty(before).text, after));
  }

  it("gives the same text when it is done twice", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = editSecuretty(text).text;
        assert.equal(editSecuretty(once).text, once);
      }),
    );
  });
});

describe("editing ACTIVE_CONSOLES", () => {
  for (const [before, after] of [
    ['ACTIVE_CONSOLES="/dev/tty1 /dev/hvc0"\n', 'ACTIVE_CONSOLES="/dev/tty1"\n'],
    ["ACTIVE_CONSOLES=/dev/hvc0\n", "ACTIVE_CONSOLES=\n"],
    ['ACTIVE_CONSOLES="/dev/xvc0 /dev/tty1"\r\n', 'ACTIVE_CONSOLES="/dev/tty1"\r\n'],
    ["ACTIVE_CONSOLES=/dev/tty[1-6]\n", "ACTIVE_CONSOLES=/dev/tty[1-6]\n"],
    ["# ACTIVE_CONSOLES=/dev/hvc0\n", "# ACTIVE_CONSOLES=/dev/hvc0\n"],
  ]) {
    it(`makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
      assert.equal(editActiveConsoles(before).text, after);
      assert.equal(editActiveConsoles(after).text, after);
    });
  }
});

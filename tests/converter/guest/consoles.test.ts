import assert from "node:assert/strict";
import fc from "fast-check";
import { editSecuretty, planConsoles } from "../../../converter/guest/consoles";
import { editInittab } from "../../../converter/guest/inittab";

const CASES: { it: string; before: string; after: string }[] = [
  {
    it: "moves CentOS 5's login from xvc0",
    before: "1:2345:respawn:/sbin/mingetty tty1\nco:2345:respawn:/sbin/agetty xvc0 9600 vt100-nav\n",
    after: "1:2345:respawn:/sbin/mingetty tty1\nco:2345:respawn:/sbin/agetty ttyS0 9600 vt100-nav\n",
  },
  {
    it: "gives an id of the console's name another",
    before: "hvc0::respawn:/sbin/agetty 38400 hvc0\n",
    after: "T0::respawn:/sbin/agetty 38400 ttyS0\n",
  },
  {
    it: "gives it an id that is free",
    before: "T0:23:off:/bin/true\nhvc0::respawn:/sbin/agetty 38400 hvc0\n",
    after: "T0:23:off:/bin/true\nS0::respawn:/sbin/agetty 38400 ttyS0\n",
  },
  {
    it: "takes it away where ttyS0 has a login",
    before: "s0:2345:respawn:/sbin/agetty 9600 ttyS0\nh0:12345:respawn:/sbin/agetty 38400 hvc0\n",
    after: "s0:2345:respawn:/sbin/agetty 9600 ttyS0\n",
  },
  {
    it: "keeps lines in comments (Debian 6 has no login anywhere)",
    before: "#h0:2345:respawn:/sbin/getty 38400 hvc0\n",
    after: "#h0:2345:respawn:/sbin/getty 38400 hvc0\n",
  },
  {
    it: "keeps CRLF",
    before: "h0:2345:respawn:/sbin/getty hvc0\r\n",
    after: "h0:2345:respawn:/sbin/getty ttyS0\r\n",
  },
];

describe("editing inittab", () => {
  for (const { it: title, before, after } of CASES) {
    it(title, () => assert.equal(editInittab(before).text, after));
  }

  it("gives the same text when it is done twice, and leaves no login on Xen's console", () => {
    const line = fc.oneof(
      fc.constantFrom(
        "hvc0::respawn:/sbin/getty hvc0",
        "xvc0:2:respawn:g xvc0",
        "T0:2:respawn:g ttyS0",
        "S0:2:respawn:g tty1",
        "# h0:2:respawn:g hvc0",
        "",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const once = editInittab(lines.join("\n")).text;
        assert.equal(editInittab(once).text, once);
        assert.doesNotMatch(once, /^[hx]vc0::?/m);
      }),
    );
  });
});

describe("planning consoles", () => {
  const plan = (files: Record<string, string>) => planConsoles(Object.keys(files), (path) => files[path]);
  const UPSTART = "start on runlevel [2345]\nrespawn\nexec /sbin/getty -8 38400 hvc0\n";

  it("moves upstart's job to a file of the new name", () => {
    const edits = plan({ "/etc/init/hvc0.conf": UPSTART });
    assert.deepEqual(
      edits.map(({ path, action }) => [path, action]),
      [
        ["/etc/init/ttyS0.conf", "create"],
        ["/etc/init/hvc0.conf", "remove"],
      ],
    );
    assert.ok(edits[0].diff.includes("+exec /sbin/getty -8 38400 ttyS0"));
  });

  it("takes upstart's job away where ttyS0 has one", () => {
    const edits = plan({ "/etc/init/hvc0.conf": UPSTART, "/etc/init/ttyS0.conf": "exec getty ttyS0\n" });
    assert.deepEqual(
      edits.map(({ path, action }) => [path, action]),
      [["/etc/init/hvc0.conf", "remove"]],
    );
  });

  it("takes systemd's links away and starts nothing itself", () => {
    const link = "/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service";
    assert.deepEqual(
      plan({ [link]: "", "/etc/fstab": "" }).map(({ path, action }) => [path, action]),
      [[link, "remove"]],
    );
  });

  it("lets root log in on ttyS0, once", () => {
    const once = editSecuretty("tty1\nhvc0");
    assert.equal(once.text, "tty1\nhvc0\nttyS0\n");
    assert.equal(editSecuretty(once.text).text, once.text);
  });

  it("plans nothing for a guest without Xen's console", () => {
    assert.deepEqual(plan({ "/etc/inittab": "1:2:respawn:getty tty1\n", "/etc/securetty": "ttyS0\n" }), []);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { editInittab } from "../../../../converter/guest/configuration/inittab";

const SYSVINIT = "id:3:initdefault:\n";

const CASES: { it: string; before: string; after: string }[] = [
  {
    it: "moves CentOS 5's login from xvc0",
    before: "1:2345:respawn:/sbin/mingetty tty1\nco:2345:respawn:/sbin/agetty xvc0 9600 vt100-nav\n",
    after: "1:2345:respawn:/sbin/mingetty tty1\nco:2345:respawn:/sbin/agetty ttyS0 9600 vt100-nav\n",
  },
  {
    it: "puts agetty in mingetty's place on RHEL 5: mingetty knows no serial line",
    before: "8:2345:respawn:/sbin/mingetty --noclear xvc0\n",
    after: "8:2345:respawn:/sbin/agetty -L ttyS0 115200 vt100\n",
  },
  {
    it: "gives an id of the console's name another (Gentoo)",
    before: "hvc0:12345:respawn:/sbin/agetty 38400 hvc0\n",
    after: "T0:12345:respawn:/sbin/agetty 38400 ttyS0\n",
  },
  {
    it: "keeps other ids (Gentoo)",
    before: "c0:2345:respawn:/sbin/agetty 38400 hvc0 linux\n",
    after: "c0:2345:respawn:/sbin/agetty 38400 ttyS0 linux\n",
  },
  {
    it: "gives it an id that is free",
    before: "T0:23:once:/bin/true\nhvc0::respawn:/sbin/agetty 38400 hvc0\n",
    after: "T0:23:once:/bin/true\nS0::respawn:/sbin/agetty 38400 ttyS0\n",
  },
  {
    it: "takes the terminal for the id where BusyBox does",
    before: "::sysinit:/sbin/openrc sysinit\nhvc0::respawn:/sbin/getty 38400 hvc0\n",
    after: "::sysinit:/sbin/openrc sysinit\nttyS0::respawn:/sbin/getty 38400 ttyS0\n",
  },
  {
    it: "takes it away where ttyS0 has a login",
    before: "s0:2345:respawn:/sbin/agetty 9600 ttyS0\nh0:12345:respawn:/sbin/agetty 38400 hvc0\n",
    after: "s0:2345:respawn:/sbin/agetty 9600 ttyS0\n",
  },
  {
    it: "gives Debian 6 a login, where every getty is in a comment",
    before: `${SYSVINIT}#1:2345:respawn:/sbin/getty 38400 tty1\n#h0:2345:respawn:/sbin/getty 38400 hvc0\n`,
    after: `${SYSVINIT}#1:2345:respawn:/sbin/getty 38400 tty1\n#h0:2345:respawn:/sbin/getty 38400 hvc0\nT0:2345:respawn:/sbin/getty -L ttyS0 115200 vt100\n`,
  },
  {
    it: "gives one to a guest that has logins on virtual terminals alone (CentOS 5)",
    before: `${SYSVINIT}1:2345:respawn:/sbin/mingetty tty1`,
    after: `${SYSVINIT}1:2345:respawn:/sbin/mingetty tty1\nT0:2345:respawn:/sbin/agetty -L ttyS0 115200 vt100\n`,
  },
  {
    it: "does not count an entry that is off",
    before: "T0:2345:off:/sbin/getty -L ttyS0\nh0:2345:off:/sbin/getty hvc0\n",
    after:
      "T0:2345:off:/sbin/getty -L ttyS0\nh0:2345:off:/sbin/getty hvc0\nS0:2345:respawn:/sbin/getty -L ttyS0 115200 vt100\n",
  },
  {
    it: "keeps CRLF",
    before: "h0:2345:respawn:/sbin/getty hvc0\r\n",
    after: "h0:2345:respawn:/sbin/getty ttyS0\r\n",
  },
];

const line = fc.oneof(
  fc.constantFrom(
    "hvc0::respawn:/sbin/getty hvc0",
    "xvc0:2:respawn:/sbin/mingetty xvc0",
    "h1:2:off:/sbin/getty hvc0",
    "T0:2:respawn:g ttyS0",
    "T0:2:off:g ttyS0",
    "S0:2:respawn:g tty1",
    "::sysinit:/etc/rc",
    "# h0:2:respawn:g hvc0",
    "",
  ),
  fc.string(),
);

describe("editing inittab", () => {
  for (const { it: title, before, after } of CASES) {
    it(title, () => assert.equal(editInittab(before, true).text, after));
  }

  it("adds no login where inittab starts none (upstart, systemd)", () => {
    assert.deepEqual(editInittab(SYSVINIT, false), { text: SYSVINIT, why: [] });
  });

  it("gives the same text when it is done twice, with no login on Xen's console and one on ttyS0", () => {
    fc.assert(
      fc.property(fc.array(line), fc.boolean(), (lines, login) => {
        const once = editInittab(lines.join("\n"), login).text;
        assert.equal(editInittab(once, login).text, once);
        assert.doesNotMatch(once, /^[^#:\n]*:[^:\n]*:respawn:.*\b[hx]vc0\b/m);
        if (login) assert.match(once, /^[^#\n]*ttyS0/m);
      }),
    );
  });

  it("gives each entry an id of its own, of four characters at most", () => {
    const ids = (text: string) =>
      text.split("\n").flatMap((one) => /^([^#:]+):.*:.*:.*ttyS0/.exec(one)?.[1] ?? []);
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom("T0", "S0", "hv0", "hv1")), (taken) => {
        const before = [SYSVINIT.trim(), ...taken.map((id) => `${id}:2:once:/bin/true`)].join("\n");
        const [id] = ids(editInittab(before, true).text);
        assert.ok(id.length <= 4 && !taken.includes(id as "T0"));
      }),
    );
  });
});

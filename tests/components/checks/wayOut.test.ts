/** Where the helper may connect to, and by what. */
import assert from "node:assert/strict";
import { formatProblem } from "../../../components/checks/problems";
import { checkWayOut, type WayOut } from "../../../components/checks/wayOut";

const NO_PROXY =
  "Give it as http://HOST:PORT, with http://USER:PASSWORD@HOST:PORT where it asks for a login. " +
  "Percent-encode what is no letter and no digit in a password.";
const NO_MIRROR =
  "Give the address that shows the mirror's folder dists, e.g. http://HOST/debian. " +
  "Percent-encode what is no letter and no digit in a password.";

const ROWS: [given: WayOut, lines: string[]][] = [
  // in order
  [{}, []],
  [{ egressCidrs: [] }, []],
  [{ egressCidrs: ["0.0.0.0/0", "::/0", "10.0.0.7/8"] }, []],
  [{ proxy: "http://proxy.internal:3128", mirror: "https://mirror.internal/debian/" }, []],
  [{ proxy: "http://user:p%40ss@[fd00::7]:3128/", egressCidrs: ["fd00::/64"] }, []],
  [{ proxy: "http://10.0.0.7:3128", egressCidrs: ["192.168.0.0/16", "10.0.0.0/24"] }, []],
  // it is the proxy that connects to the mirror
  [{ proxy: "http://10.0.0.7", mirror: "http://192.168.0.1/debian", egressCidrs: ["10.0.0.0/8"] }, []],
  [{ mirror: "http://mirror.internal/debian", egressCidrs: ["10.0.0.0/8"] }, []],
  // no blocks
  [
    { egressCidrs: ["10.0.0.0/8", "proxy.internal"] },
    [
      'helper.egressCidrs[1]: must be an address and a prefix length in CIDR notation, got "proxy.internal". ' +
        "For a single address add /32 (IPv4) or /128 (IPv6).",
    ],
  ],
  // no addresses of a proxy, or of a mirror
  ...[
    "proxy.internal:3128",
    "https://proxy.internal:3128",
    "socks5h://proxy.internal:1080",
    "http://proxy.internal:3128/pac",
    "http://proxy.internal:3128?x",
    "http://proxy.internal:99999",
    'http://proxy.internal:3128";',
    "http://$(reboot):3128",
    "",
  ].map((proxy): [WayOut, string[]] => [
    { proxy },
    [`helper.proxy: must be the address of an HTTP proxy, got ${JSON.stringify(proxy)}. ${NO_PROXY}`],
  ]),
  ...[
    "mirror.internal/debian",
    "ftp://mirror.internal/debian",
    "http://mirror.internal/debian?arch=amd64",
    "http://mirror.internal/deb'ian",
    "http://mirror.internal/debian trixie",
    "http://mirror.internal/`reboot`",
  ].map((mirror): [WayOut, string[]] => [
    { mirror },
    [
      `helper.mirror: must be the address of a mirror by HTTP or HTTPS, got ${JSON.stringify(mirror)}. ${NO_MIRROR}`,
    ],
  ]),
  // a login is nobody's to read
  [
    { proxy: "https://user:secret@proxy.internal", mirror: "ftp://user:se/cret@mirror.internal/debian" },
    [
      `helper.proxy: must be the address of an HTTP proxy, got "https://***@proxy.internal". ${NO_PROXY}`,
      `helper.mirror: must be the address of a mirror by HTTP or HTTPS, got "ftp://***@mirror.internal/debian". ${NO_MIRROR}`,
    ],
  ],
  // of the machine where the program runs
  ...["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"].map((host): [WayOut, string[]] => [
    { proxy: `http://${host}:3128` },
    [
      `helper.proxy: ${new URL(`http://${host}`).hostname.replace(/[[\]]/g, "")} would be the helper itself, where nothing listens. ` +
        "Name it by an address that it has in the helper's network.",
    ],
  ]),
  // what is shut, and has to be reached
  [
    { proxy: "http://10.0.0.7:3128", egressCidrs: ["10.0.1.0/24"] },
    [
      "helper.proxy: the helper may not connect to 10.0.0.7: helper.egressCidrs is 10.0.1.0/24. Add 10.0.0.7/32 to helper.egressCidrs.",
    ],
  ],
  [
    { mirror: "http://mirror.internal/debian", egressCidrs: [] },
    [
      "helper.mirror: the helper may not connect to mirror.internal: helper.egressCidrs is empty. " +
        "Add the network that it is in to helper.egressCidrs.",
    ],
  ],
];

describe("where the helper may connect to is judged before anything is made:", () => {
  for (const [given, lines] of ROWS) {
    it(`${JSON.stringify(given)} ${lines.length > 0 ? "is refused" : "is in order"}`, () => {
      assert.deepEqual(checkWayOut(given).map(formatProblem), lines);
    });
  }
});

import assert from "node:assert/strict";
import { applyPatch } from "diff";
import fc from "fast-check";
import { planMacAddresses } from "../../../../converter/guest/configuration/macAddresses";
import { warnNetwork } from "../../../../converter/guest/configuration/warnNetwork";

const MAC = "12:31:3d:04:30:2b";
const IFCFG = "/etc/sysconfig/network-scripts/ifcfg-eth0";

const CASES: { it: string; path: string; before: string; after: string }[] = [
  {
    it: "takes HWADDR and UUID out of Red Hat's ifcfg-eth0 and keeps the file",
    path: IFCFG,
    before: `DEVICE="eth0"\nHWADDR="${MAC}"\nUUID="5fb06bd0"\nONBOOT=yes\n`,
    after: 'DEVICE="eth0"\nONBOOT=yes\n',
  },
  {
    it: "names the card where HWADDR alone did",
    path: IFCFG,
    before: `HWADDR=${MAC}\r\nONBOOT=yes\r\n`,
    after: "ONBOOT=yes\r\nDEVICE=eth0\r\n",
  },
  {
    it: "takes a MAC address out that would be given to the card",
    path: IFCFG,
    before: `DEVICE=eth0\nMACADDR=${MAC}\n`,
    after: "DEVICE=eth0\n",
  },
  {
    it: "keeps a UUID that binds to no card",
    path: IFCFG,
    before: "DEVICE=eth0\nUUID=5fb06bd0\n",
    after: "DEVICE=eth0\nUUID=5fb06bd0\n",
  },
  {
    it: "keeps a bridge's address",
    path: "/etc/sysconfig/network-scripts/ifcfg-br0",
    before: `TYPE=Bridge\nMACADDR=${MAC}\n`,
    after: `TYPE=Bridge\nMACADDR=${MAC}\n`,
  },
  {
    it: "keeps backups that no script reads",
    path: `${IFCFG}.bak`,
    before: `HWADDR=${MAC}\n`,
    after: `HWADDR=${MAC}\n`,
  },
  {
    it: "takes SUSE's LLADDR out",
    path: "/etc/sysconfig/network/ifcfg-eth0",
    before: `BOOTPROTO='dhcp'\nLLADDR='${MAC}'\n`,
    after: "BOOTPROTO='dhcp'\n",
  },
  {
    it: "takes ifupdown's hwaddress out",
    path: "/etc/network/interfaces",
    before: `iface eth0 inet dhcp\n\thwaddress ether ${MAC}\n\tmtu 1500\n`,
    after: "iface eth0 inet dhcp\n\tmtu 1500\n",
  },
  {
    it: "takes addresses out of NetworkManager's keyfiles, and keeps words for them",
    path: "/etc/NetworkManager/system-connections/eth0",
    before: `[ethernet]\nmac-address=${MAC}\ncloned-mac-address=${MAC}\n[wifi]\ncloned-mac-address=random\n`,
    after: "[ethernet]\n[wifi]\ncloned-mac-address=random\n",
  },
  {
    it: "matches by name where systemd-networkd matched by address alone",
    path: "/etc/systemd/network/10-eth.network",
    before: `[Match]\nMACAddress=${MAC}\n\n[Network]\nDHCP=yes\n`,
    after: "[Match]\nName=e*\n\n[Network]\nDHCP=yes\n",
  },
  {
    it: "leaves another match of systemd-networkd alone to decide",
    path: "/etc/systemd/network/10-eth.network",
    before: `[Match]\nName=eth0\nMACAddress=${MAC}\n[Link]\nMACAddress=${MAC}\n`,
    after: "[Match]\nName=eth0\n[Link]\n",
  },
  {
    it: "takes Gentoo's mac_eth0 out",
    path: "/etc/conf.d/net",
    before: `config_eth0="dhcp"\nmac_eth0="${MAC}"\n`,
    after: 'config_eth0="dhcp"\n',
  },
];

/** The text that a file ends up with. */
function after(path: string, text: string): string {
  const [edit] = planMacAddresses([path], (one) => (one === path ? text : undefined));
  if (!edit) return text;
  assert.deepEqual([edit.path, edit.action], [path, "edit"]);
  const patch = `${edit.diff.join("\n")}\n`;
  return applied(text, patch);
}

function applied(text: string, patch: string): string {
  const result = applyPatch(text, patch, { autoConvertLineEndings: false });
  assert.notEqual(result, false);
  return String(result);
}

describe("letting go of the source's network card", () => {
  for (const { it: title, path, before, after: expected } of CASES) {
    it(title, () => assert.equal(after(path, before), expected));
  }

  it("gives SUSE's file that is named by the address the card's name", () => {
    const path = `/etc/sysconfig/network/ifcfg-eth-id-${MAC}`;
    const edits = planMacAddresses([path], (one) => (one === path ? "BOOTPROTO='dhcp'\n" : undefined));
    assert.deepEqual(
      edits.map(({ action, path: made }) => `${action} ${made}`),
      ["create /etc/sysconfig/network/ifcfg-eth0", `remove ${path}`],
    );
  });

  it("gives the same text when it is done twice, and lines without an address stay", () => {
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom(
          `HWADDR=${MAC}`,
          "UUID=x",
          "DEVICE=eth0",
          "[Match]",
          "[Link]",
          `MACAddress=${MAC}`,
          "Name=x",
        ),
        fc.constantFrom(`mac-address=${MAC}`, `hwaddress ether ${MAC}`, `mac_eth0=${MAC}`, "TYPE=Bridge", ""),
        fc.string().filter((text) => !/[\r\n]/.test(text)),
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...CASES.map(({ path }) => path)), lines, (path, given) => {
        const once = after(path, given.join("\n"));
        assert.equal(after(path, once), once);
        const others = (text: string) => text.split("\n").filter((line) => line && !/=|hwaddress/.test(line));
        assert.deepEqual(others(once), others(given.join("\n")));
      }),
    );
  });
});

const BOUND: { path: string; text: string; warns: boolean }[] = [
  { path: "/etc/udev/rules.d/10-net.rules", text: `ATTR{address}=="${MAC}", NAME="lan0"\n`, warns: true },
  { path: "/etc/udev/rules.d/10-net.rules", text: `# ATTR{address}=="${MAC}"\n`, warns: false },
  { path: "/etc/udev/rules.d/70-persistent-net.rules", text: `ATTR{address}=="${MAC}"\n`, warns: false },
  { path: "/etc/systemd/network/10-lan.link", text: `[Match]\nMACAddress=${MAC}\n`, warns: true },
  { path: "/etc/netplan/01.yaml", text: `    match:\n      macaddress: "${MAC}"\n`, warns: true },
  { path: "/etc/netplan/50-cloud-init.yaml", text: `      macaddress: ${MAC}\n`, warns: false },
];

describe("warning of cards that are known by their address", () => {
  for (const { path, text, warns } of BOUND) {
    it(`${warns ? "tells of" : "passes over"} ${path}: ${JSON.stringify(text)}`, () => {
      const found = warnNetwork([path], () => text).map(({ subject }) => subject);
      assert.deepEqual(found, warns ? [path] : []);
    });
  }

  it("tells of SUSE's files by address where more than one is there", () => {
    const files = [MAC, "12:31:3d:04:30:2c"].map((mac) => `/etc/sysconfig/network/ifcfg-eth-id-${mac}`);
    assert.equal(warnNetwork(files, (path) => (files.includes(path) ? "x" : undefined)).length, 2);
    assert.deepEqual(
      planMacAddresses(files, (path) => (files.includes(path) ? "x\n" : undefined)),
      [],
    );
  });
});

import assert from "node:assert/strict";
import { planHardwareMemory } from "../../../../converter/guest/configuration/hardwareMemory";
import { hasPredictableNames, networkFilesByName } from "../../../../converter/guest/configuration/network";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "../phonyGuest";

const NAMED: [path: string, text: string, named: boolean][] = [
  ["/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n", true],
  ["/etc/network/interfaces.d/eth0.cfg", "iface eth0 inet dhcp\n", true],
  ["/etc/network/interfaces", "iface lo inet loopback\n", false],
  ["/etc/sysconfig/network-scripts/ifcfg-eth0", 'DEVICE="eth0"\n', true],
  ["/etc/sysconfig/network/ifcfg-eth0", "BOOTPROTO='dhcp'\n", true],
  ["/etc/conf.d/net", 'config_eth0="dhcp"\n', true],
  ["/etc/systemd/network/10.network", "[Match]\nName=eth0\n", true],
  ["/etc/systemd/network/10.network", "[Match]\nName=e*\n", false],
  ["/etc/netplan/01.yaml", "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n", true],
];

describe("finding a card that is configured by its name", () => {
  after(removePhonyGuests);

  for (const [path, text, named] of NAMED) {
    it(`${named ? "finds one" : "finds none"} in ${path}: ${JSON.stringify(text)}`, () =>
      assert.deepEqual(networkFilesByName(phonyGuest({ [path]: text })), named ? [path] : []));
  }
});

const RULES = "/lib/udev/rules.d/80-net-setup-link.rules";
const RENAMING: [what: string, files: Record<string, PhonyFile>, renames: boolean][] = [
  ["systemd's rule", { [RULES]: "" }, true],
  ["no such rule", {}, false],
  [
    "the rule masked in /etc",
    { [RULES]: "", "/etc/udev/rules.d/80-net-setup-link.rules": { link: "/dev/null" } },
    false,
  ],
  [
    "the default .link masked",
    { [RULES]: "", "/etc/systemd/network/99-default.link": { link: "/dev/null" } },
    false,
  ],
  [
    "the old generator beside it",
    { [RULES]: "", "/lib/udev/rules.d/75-persistent-net-generator.rules": "" },
    false,
  ],
];

describe("telling whether udev renames cards", () => {
  after(removePhonyGuests);

  for (const [what, files, renames] of RENAMING) {
    it(`says ${renames ? "yes" : "no"} to ${what}`, () =>
      assert.equal(hasPredictableNames(phonyGuest(files)), renames));
  }
});

describe("forgetting the source's hardware", () => {
  const RULE = 'SUBSYSTEM=="net", ATTR{address}=="12:31:3d:04:30:2b", NAME="eth0"\n';
  const MEMORY: [path: string, text: string | undefined, removed: boolean][] = [
    ["/etc/udev/rules.d/70-persistent-net.rules", RULE, true],
    ["/etc/udev/rules.d/30-net_persistent_names.rules", RULE, true],
    ["/etc/udev/rules.d/z25_persistent-net.rules", RULE, true],
    ["/etc/iftab", "eth0 mac 12:31:3d:04:30:2b arp 1\n", true],
    // Put there so that nothing is remembered.
    ["/etc/udev/rules.d/70-persistent-net.rules", "# none\n", false],
    ["/etc/udev/rules.d/70-persistent-net.rules", undefined, false],
    // The generators stay: ec2-net-utils needs theirs.
    ["/etc/udev/rules.d/75-persistent-net-generator.rules", RULE, false],
    ["/etc/udev/rules.d/53-ec2-network-interfaces.rules", RULE, false],
    ["/etc/blkid.tab", "<device>/dev/xvda</device>\n", true],
    ["/etc/blkid/blkid.tab", "<device>/dev/xvda</device>\n", true],
    ["/etc/lvm/cache/.cache", 'valid_devices=["/dev/xvda2"]\n', true],
  ];
  for (const [path, text, removed] of MEMORY) {
    it(`${removed ? "removes" : "keeps"} ${path}: ${JSON.stringify(text) ?? "a link to /dev/null"}`, () =>
      assert.deepEqual(
        planHardwareMemory([path], () => text).map((edit) => `${edit.action} ${edit.path}`),
        removed ? [`remove ${path}`] : [],
      ));
  }
});

import assert from "node:assert/strict";
import { type Files, fileWithDhcp } from "../../../converter/boot/addressing";

/** A guest of nothing but these files; an empty text stands for a link. */
function guest(files: Record<string, string>): Files {
  return {
    read: (path) => files[path],
    hasName: (path) => path in files,
    list: (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split("/")[0]),
  };
}

const DEBIAN = "/etc/network/interfaces";
const RED_HAT = "/etc/sysconfig/network-scripts/ifcfg-eth0";
const SUSE = "/etc/sysconfig/network/ifcfg-eth0";
const NETWORKD = "/etc/systemd/system/multi-user.target.wants/systemd-networkd.service";

const CASES: [string, Record<string, string>, string | undefined][] = [
  ["Debian", { [DEBIAN]: "auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n" }, DEBIAN],
  [
    "Debian in two files",
    { [DEBIAN]: "allow-hotplug eth0\n", [`${DEBIAN}.d/eth0`]: "iface eth0 inet dhcp\n" },
    `${DEBIAN}.d/eth0`,
  ],
  ["Debian with a card that is not brought up", { [DEBIAN]: "iface eth0 inet dhcp\n" }, undefined],
  ["Debian with a fixed address", { [DEBIAN]: "auto eth0\niface eth0 inet static\n" }, undefined],
  ["Debian with IPv6 alone", { [DEBIAN]: "auto eth0\niface eth0 inet6 dhcp\n" }, undefined],
  ["CentOS 5", { [RED_HAT]: "DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n" }, RED_HAT],
  ["Amazon Linux", { [RED_HAT]: 'DEVICE=eth0\nBOOTPROTO="dhcp"  # as ever\n' }, RED_HAT],
  ["CentOS 6 with ONBOOT=no", { [RED_HAT]: "BOOTPROTO=dhcp\nONBOOT=no\n" }, undefined],
  ["Fedora with a fixed address", { [RED_HAT]: "BOOTPROTO=none\nONBOOT=yes\n" }, undefined],
  ["Red Hat with a comment alone", { [RED_HAT]: "#BOOTPROTO=dhcp\n" }, undefined],
  ["SLES 11", { [SUSE]: "BOOTPROTO='dhcp4'\nSTARTMODE='onboot'\n" }, SUSE],
  ["SLES 11 by hand", { [SUSE]: "BOOTPROTO='dhcp'\nSTARTMODE='manual'\n" }, undefined],
  [
    "Ubuntu's netplan",
    { "/etc/netplan/50.yaml": "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n" },
    "/etc/netplan/50.yaml",
  ],
  [
    "netplan bound to the source's card",
    { "/etc/netplan/50.yaml": "eth0:\n  dhcp4: true\n  match:\n    macaddress: 12:31:39:00:00:01\n" },
    undefined,
  ],
  [
    "networkd",
    { [NETWORKD]: "", "/etc/systemd/network/20.network": "[Match]\nName=e*\n[Network]\nDHCP=yes\n" },
    "/etc/systemd/network/20.network",
  ],
  [
    "networkd that is not run",
    { "/etc/systemd/network/20.network": "[Match]\nName=e*\n[Network]\nDHCP=yes\n" },
    undefined,
  ],
  ["Gentoo without a line", { "/etc/runlevels/default/net.eth0": "" }, "/etc/conf.d/net"],
  [
    "Gentoo with a fixed address",
    { "/etc/runlevels/default/net.eth0": "", "/etc/conf.d/net": 'config_eth0="10.0.0.5/24"\n' },
    undefined,
  ],
  ["Gentoo that brings no card up", { "/etc/conf.d/net": 'config_eth0="dhcp"\n' }, undefined],
  [
    "Arch",
    { "/etc/systemd/system/multi-user.target.wants/dhcpcd@eth0.service": "" },
    "/etc/systemd/system/multi-user.target.wants/dhcpcd@eth0.service",
  ],
  ["an empty guest", {}, undefined],
];

describe("the address that a guest will ask for", () => {
  for (const [who, files, expected] of CASES) {
    it(`is ${expected ? `promised by ${expected}` : "not promised"} on ${who}`, () =>
      assert.equal(fileWithDhcp(guest(files)), expected));
  }
});

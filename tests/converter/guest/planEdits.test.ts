import assert from "node:assert/strict";
import { applyEdits } from "../../../converter/guest/apply";
import { configurationFiles } from "../../../converter/guest/configurationFiles";
import { mountKnowsNofail } from "../../../converter/guest/configuration/optionalMounts";
import { planEdits, warnOfFiles } from "../../../converter/guest/planEdits";
import { findDeviceReferences } from "../../../converter/guest/references";
import type { GuestTree } from "../../../converter/guest/tree";
import type { Facts, GuestFacts, Plan } from "../../../converter/types";
import { bareDisk } from "./disks";
import { PHONY_PLAN } from "./menu/phonyTarget";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "./phonyGuest";

const MENU =
  "default 0\ntitle A\nroot (hd0)\nkernel /boot/vmlinuz-V root=LABEL=root console=hvc0\ninitrd /boot/initrd-V\n";
const MAC = "12:31:3d:04:30:2b";

interface Family {
  name: string;
  init: GuestFacts["init"];
  os: string;
  kernel: string;
  packageManager?: string;
  files: Record<string, PhonyFile>;
  /** Action and path of each edit but the menu's. */
  edits: string[];
}

const FAMILIES: Family[] = [
  {
    ...{ name: "CentOS 5", init: "sysvinit", os: "centos", kernel: "2.6.18-348.el5", packageManager: "rpm" },
    files: {
      "/bin/mount": "\x7fELF noauto",
      "/etc/fstab": "LABEL=root / ext3 defaults 1 1\n/dev/sdb /mnt ext3 defaults 1 2\n",
      "/etc/inittab": "id:3:initdefault:\nco:2345:respawn:/sbin/agetty xvc0 9600 vt100-nav\n",
      "/etc/securetty": "tty1\nxvc0\n",
      "/etc/modprobe.d/xen-drivers": "alias eth0 xennet\nalias scsi_hostadapter xenblk\n",
      "/etc/sysconfig/network-scripts/ifcfg-eth0": `DEVICE=eth0\nHWADDR=${MAC}\n`,
      "/etc/blkid/blkid.tab": "<device>/dev/sda1</device>\n",
    },
    edits: [
      "edit /etc/fstab",
      "edit /etc/inittab",
      "edit /etc/securetty",
      "remove /etc/blkid/blkid.tab",
      "edit /etc/sysconfig/network-scripts/ifcfg-eth0",
      "edit /etc/modprobe.d/xen-drivers",
    ],
  },
  {
    ...{
      name: "CentOS 6",
      init: "upstart",
      os: "centos",
      kernel: "2.6.32-504.el6.x86_64",
      packageManager: "rpm",
    },
    files: {
      "/etc/fstab": "LABEL=root / ext4 defaults 0 0\n",
      "/etc/init/serial.conf": "start on fedora.serial-console-available *\n",
      "/etc/sysconfig/init": 'ACTIVE_CONSOLES="/dev/tty1 /dev/hvc0"\n',
      "/etc/udev/rules.d/70-persistent-net.rules": `ATTR{address}=="${MAC}", NAME="eth0"\n`,
    },
    edits: ["edit /etc/sysconfig/init", "remove /etc/udev/rules.d/70-persistent-net.rules"],
  },
  {
    ...{ name: "SLES 11", init: "sysvinit", os: "suse", kernel: "3.0.101-63-default", packageManager: "rpm" },
    files: {
      "/etc/fstab": "/dev/sda1 / ext3 acl,user_xattr 1 1\n",
      "/etc/inittab":
        "id:3:initdefault:\n#S0:12345:respawn:/sbin/agetty -L 9600 ttyS0 vt102\nx0:2345:respawn:/sbin/mingetty xvc0\n",
      "/etc/sysconfig/network/ifcfg-eth0": `BOOTPROTO='dhcp4'\nLLADDR='${MAC}'\n`,
    },
    edits: ["edit /etc/fstab", "edit /etc/inittab", "edit /etc/sysconfig/network/ifcfg-eth0"],
  },
  {
    ...{ name: "Gentoo", init: "sysvinit", os: "gentoo", kernel: "3.12.13-gentoo" },
    files: {
      "/etc/fstab": "/dev/xvda / ext4 noatime 0 1\n",
      "/etc/inittab": "id:3:initdefault:\nhvc0::respawn:/sbin/agetty 38400 hvc0\n",
      "/etc/conf.d/net": 'config_eth0="dhcp"\n',
    },
    edits: ["edit /etc/fstab", "edit /etc/inittab"],
  },
  {
    ...{
      name: "Debian 6",
      init: "sysvinit",
      os: "debian",
      kernel: "2.6.32-5-xen-amd64",
      packageManager: "dpkg",
    },
    files: {
      "/etc/fstab": "/dev/xvda1 / ext4 defaults,barrier=0 1 1\n",
      "/etc/inittab": "id:2:initdefault:\n#1:2345:respawn:/sbin/getty 38400 tty1\n",
    },
    edits: ["edit /etc/fstab", "edit /etc/inittab"],
  },
  {
    ...{
      name: "Fedora 17",
      init: "systemd",
      os: "fedora",
      kernel: "3.3.4-5.fc17.x86_64",
      packageManager: "rpm",
    },
    files: {
      "/etc/fstab": "LABEL=root / ext4 defaults 1 1\n/dev/xvda3 swap swap defaults 0 0\n",
      "/etc/systemd/system/getty.target.wants/getty@hvc0.service": {
        link: "/lib/systemd/system/getty@.service",
      },
    },
    edits: ["edit /etc/fstab", "remove /etc/systemd/system/getty.target.wants/getty@hvc0.service"],
  },
];

/** What inspection finds of it, as far as these files go. */
function factsOf(tree: GuestTree, { init, os, kernel, packageManager }: Family): Facts {
  const menu = "/boot/grub/menu.lst";
  const entry = {
    title: "A",
    kernel: "/boot/vmlinuz-V",
    initrd: "/boot/initrd-V",
    arguments: ["root=LABEL=root"],
  };
  const bootFile = { path: menu, resolvedPath: menu, part: 0, prefix: "", defaultEntry: 0, entries: [entry] };
  const kernelFacts = {
    version: kernel,
    path: "/boot/vmlinuz-V",
    initrd: "/boot/initrd-V",
    bootsHvm: true,
    availableDrivers: [],
  };
  const guest = {
    ...{
      init,
      packageManager,
      bootFile,
      os: { id: os },
      kernels: [kernelFacts],
      files: configurationFiles(tree),
    },
    ...{ networkByName: [], predictableNames: false, mountKnowsNofail: mountKnowsNofail(tree) },
    deviceReferences: findDeviceReferences(tree),
  };
  const source = { table: "none", parts: [] };
  return { guest, source, mounts: [{ point: "/", part: 0, filesystem: { uuid: "x" } }] } as unknown as Facts;
}

describe("planning the edits of a whole guest", () => {
  after(removePhonyGuests);

  for (const family of FAMILIES) {
    const planned = (tree: GuestTree) =>
      planEdits(factsOf(tree, family), [], bareDisk("root"), (path) => tree.read(path), PHONY_PLAN);

    it(`gives ${family.name} what it needs and nothing else`, () => {
      const edits = planned(phonyGuest({ ...family.files, "/boot/grub/menu.lst": MENU }));
      assert.deepEqual(
        edits.map(({ action, path }) => `${action} ${path}`),
        ["edit /boot/grub/menu.lst", ...family.edits],
      );
      for (const { path, why } of edits) assert.ok(why.length > 0, path);
    });

    it(`finds nothing left to edit in ${family.name} afterwards`, () => {
      const tree = phonyGuest({ ...family.files, "/boot/grub/menu.lst": MENU });
      applyEdits(tree, { edits: planned(tree) } as Plan);
      assert.deepEqual(planned(tree), []);
    });
  }

  it("plans a file with two names once", () => {
    const link = { link: "/etc/modprobe.d/xen-drivers" };
    const tree = phonyGuest({
      "/etc/modprobe.d/xen-drivers": "alias eth0 xennet\n",
      "/etc/modprobe.conf": link,
    });
    assert.deepEqual(configurationFiles(tree), ["/etc/modprobe.conf"]);
  });

  it("passes over links that run in a circle", () => {
    const tree = phonyGuest({ "/etc/modprobe.d/circle": { link: "circle" }, "/etc/init/tty.conf": "" });
    assert.deepEqual(configurationFiles(tree), ["/etc/init/tty.conf"]);
  });

  it("warns of what it does not edit", () => {
    const tree = phonyGuest({ "/etc/rc.local": "mount /dev/xvdf /srv\n", "/boot/grub/menu.lst": MENU });
    const warnings = warnOfFiles(factsOf(tree, FAMILIES[0]), bareDisk("root"), (path) => tree.read(path), [
      "xen",
    ]);
    assert.deepEqual(
      warnings.map(({ subject }) => subject).filter((subject) => subject.startsWith("/etc")),
      ["/etc/fstab", "/etc/rc.local"],
    );
  });
});

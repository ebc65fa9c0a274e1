import assert from "node:assert/strict";
import zlib from "node:zlib";
import { RefusedError } from "../../../converter/errors";
import { findBootFile } from "../../../converter/guest/menu/bootFile";
import { readGuest } from "../../../converter/guest/inspect";
import { run } from "../../../converter/run";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "./phonyGuest";
import { bzImage, elfWithNotes, initramfsWith, pvOpsKernel, XEN_NOTES } from "./phonyKernel";

const V = "3.13.0-48-generic";
const MENU = `default 0\ntitle Linux\n\troot (hd0)\n\tkernel /boot/vmlinuz-${V} root=LABEL=x ro\n\tinitrd /boot/initrd.img-${V}\n`;

/** A guest that boots, with changes; `undefined` takes a file away. */
function guest(changes: Record<string, PhonyFile | undefined> = {}) {
  const files: Record<string, PhonyFile | undefined> = {
    "/boot/grub/menu.lst": MENU,
    [`/boot/vmlinuz-${V}`]: pvOpsKernel(V),
    [`/boot/initrd.img-${V}`]: initramfsWith("xen_blkfront"),
    [`/boot/config-${V}`]: "CONFIG_XEN=y\nCONFIG_XEN_NETDEV_FRONTEND=y\n",
    [`/lib/modules/${V}/kernel/drivers/block/nvme.ko`]: "",
    [`/lib/modules/${V}/updates/dkms/ena.ko`]: "",
    ...changes,
  };
  return phonyGuest(
    Object.fromEntries(
      Object.entries(files).filter((entry): entry is [string, PhonyFile] => entry[1] !== undefined),
    ),
  );
}

async function facts(changes?: Record<string, PhonyFile | undefined>) {
  const tree = guest(changes);
  const found = findBootFile([{ part: 0, tree }]);
  return readGuest({ tree, bootFile: found && { ...found, prefix: "" } }, run);
}

describe("reading a guest", () => {
  after(removePhonyGuests);

  it("judges a kernel by its config, its notes, its initramfs and its modules", async () => {
    const { kernels, architecture } = await facts();
    assert.equal(architecture, "x86_64");
    assert.deepEqual(
      kernels.map(({ version, path, initrd, initrdBytes, ...kernel }) => ({
        ...{ version, path, initrd, bootsHvm: kernel.bootsHvm, bootsPv: kernel.bootsPv },
        ...{ earlyDrivers: kernel.earlyDrivers, availableDrivers: kernel.availableDrivers },
        hasSize: (initrdBytes ?? 0) > 0,
      })),
      [
        {
          version: V,
          path: `/boot/vmlinuz-${V}`,
          initrd: `/boot/initrd.img-${V}`,
          hasSize: true,
          bootsHvm: true,
          bootsPv: true,
          earlyDrivers: ["xen-blkfront", "xen-netfront"],
          availableDrivers: ["xen-blkfront", "xen-netfront", "nvme", "ena"],
        },
      ],
    );
  });

  it("takes modules.builtin for built in", async () => {
    const { kernels } = await facts({
      [`/lib/modules/${V}/modules.builtin`]: "kernel/drivers/nvme/host/nvme.ko\n",
    });
    assert.ok(kernels[0].earlyDrivers.includes("nvme"));
  });

  it("finds installed kernels that the menu does not name, with their initramfs", async () => {
    const { kernels } = await facts({
      "/boot/vmlinuz-4.4.0-1": pvOpsKernel("4.4.0-1"),
      "/boot/initrd.img-4.4.0-1": initramfsWith("nvme"),
    });
    assert.deepEqual(
      kernels.map(({ version, initrd }) => [version, initrd]),
      [
        [V, `/boot/initrd.img-${V}`],
        ["4.4.0-1", "/boot/initrd.img-4.4.0-1"],
      ],
    );
  });

  it("reads the version of a kernel that has none in its name", async () => {
    const { kernels } = await facts({
      "/boot/grub/menu.lst": "title Gentoo\nkernel /boot/bzImage root=/dev/xvda\n",
      "/boot/bzImage": pvOpsKernel("3.18.9-gentoo"),
      [`/boot/vmlinuz-${V}`]: undefined,
    });
    assert.deepEqual(
      kernels.map(({ version, path, initrd }) => ({ version, path, initrd })),
      [{ version: "3.18.9-gentoo", path: "/boot/bzImage", initrd: undefined }],
    );
  });

  it("sees one kernel behind a link and its own name", async () => {
    const { kernels, bootFile } = await facts({
      "/boot/grub/menu.lst": "title a\nkernel /vmlinuz ro\n",
      "/vmlinuz": { link: `boot/vmlinuz-${V}` },
    });
    assert.equal(kernels.length, 1);
    assert.equal(bootFile.entries[0].kernel, `/boot/vmlinuz-${V}`);
  });

  it("keeps going where an initramfs cannot be read, and says why", async () => {
    const { kernels } = await facts({ [`/boot/initrd.img-${V}`]: "garbage" });
    assert.match(kernels[0].initrdProblem ?? "", /neither a cpio archive nor a compression/);
  });

  it("finds the boot file in force behind Debian 7's absolute link", async () => {
    const { bootFile, files } = await facts({
      "/boot/grub/menu.lst": { link: "/boot/grub/grub.cfg" },
      "/boot/grub/grub.cfg": MENU,
    });
    assert.deepEqual([bootFile.path, bootFile.resolvedPath], ["/boot/grub/menu.lst", "/boot/grub/grub.cfg"]);
    assert.equal(files[0], "/boot/grub/grub.cfg");
  });

  it("follows a saved default", async () => {
    const second = `title b\nkernel /boot/vmlinuz-${V} single\n`;
    const { bootFile } = await facts({
      "/boot/grub/menu.lst": MENU.replace("default 0", "default saved") + second,
      "/boot/grub/default": "1\n#\n#\n",
    });
    assert.deepEqual([bootFile.defaultEntry, bootFile.defaultWhy], [1, "the saved default is 1"]);
  });

  it("lists systemd's logins on Xen's console", async () => {
    const link = "/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service";
    const { files } = await facts({ [link]: { link: "/lib/systemd/system/serial-getty@.service" } });
    assert.ok(files.includes(link));
  });

  const SYSTEMS: [title: string, files: Record<string, PhonyFile>, id: string, version: string][] = [
    ["os-release", { "/etc/os-release": 'ID=ubuntu\nVERSION_ID="14.04"\n' }, "ubuntu", "14.04"],
    [
      "lsb-release",
      {
        "/etc/lsb-release": "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\n",
        "/etc/debian_version": "squeeze/sid\n",
      },
      "ubuntu",
      "10.04",
    ],
    ["debian_version", { "/etc/debian_version": "6.0.10\n" }, "debian", "6.0.10"],
    ["redhat-release", { "/etc/redhat-release": "CentOS release 5.11 (Final)\n" }, "centos", "5.11"],
    ["issue", { "/etc/issue": "Fedora release 14 (Laughlin)\nKernel \\r\n" }, "fedora", "14"],
  ];
  for (const [title, files, id, version] of SYSTEMS) {
    it(`knows the system by ${title}`, async () => {
      const { os } = await facts(files);
      assert.deepEqual([os.id, os.version], [id, version]);
    });
  }

  const INITS: [init: string, files: Record<string, PhonyFile>][] = [
    [
      "systemd",
      { "/sbin/init": { link: "/lib/systemd/systemd" }, "/lib/systemd/systemd": "", "/etc/inittab": "" },
    ],
    ["upstart", { "/sbin/init": "", "/sbin/initctl": "", "/etc/init/rc.conf": "" }],
    ["sysvinit", { "/sbin/init": "", "/etc/inittab": "" }],
    ["unknown", {}],
  ];
  for (const [init, files] of INITS) {
    it(`knows ${init}`, async () => assert.equal((await facts(files)).init, init));
  }

  const NAMES: [title: string, files: Record<string, PhonyFile>, expected: boolean][] = [
    [
      "renames cards where systemd's rule is there",
      { "/usr/lib/udev/rules.d/80-net-setup-link.rules": "" },
      true,
    ],
    [
      "keeps old names beside the old generator",
      {
        "/lib/udev/rules.d/80-net-setup-link.rules": "",
        "/lib/udev/rules.d/75-persistent-net-generator.rules": "",
      },
      false,
    ],
    [
      "keeps old names where the rule is masked",
      {
        "/lib/udev/rules.d/80-net-name-slot.rules": "",
        "/etc/udev/rules.d/80-net-name-slot.rules": { link: "/dev/null" },
      },
      false,
    ],
    ["keeps old names without such rules", {}, false],
  ];
  for (const [title, files, expected] of NAMES) {
    it(`sees that udev ${title}`, async () => assert.equal((await facts(files)).predictableNames, expected));
  }

  for (const [path, text] of [
    ["/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n"],
    ["/etc/network/interfaces.d/eth0.cfg", "iface eth0 inet dhcp\n"],
    ["/etc/sysconfig/network-scripts/ifcfg-eth0", 'DEVICE="eth0"\n'],
    ["/etc/systemd/network/wired.network", "[Match]\nName=eth0\n"],
    ["/etc/netplan/50-cloud-init.yaml", "network:\n  ethernets:\n    eth0:\n      dhcp4: true\n"],
  ]) {
    it(`sees eth0 named in ${path}`, async () =>
      assert.deepEqual((await facts({ [path]: text })).networkByName, [path]));
  }
});

describe("a guest that cannot be converted", () => {
  after(removePhonyGuests);

  const REFUSALS: { it: string; files: Record<string, PhonyFile | undefined>; says: RegExp }[] = [
    {
      it: "has no boot file",
      files: { "/boot/grub/menu.lst": undefined },
      says: /menu\.lst: PV-GRUB would find none: .* reads \/boot\/grub\/menu\.lst alone/,
    },
    {
      it: "has extlinux in its place",
      files: { "/boot/grub/menu.lst": undefined, "/boot/extlinux/ldlinux.sys": "" },
      says: /looks like an HVM image/,
    },
    {
      it: "is booted by GRUB 2 already",
      files: { "/boot/grub/menu.lst": undefined, "/boot/grub/grub.cfg": "set timeout=5\n" },
      says: /GRUB 2 boots it, by \/boot\/grub\/grub\.cfg\. This looks like an HVM image, which needs no conversion: register it as it is\./,
    },
    {
      it: "has its boot file behind a link to the helper",
      files: { "/boot/grub/menu.lst": { link: "/etc/passwd" } },
      says: /PV-GRUB would find none/,
    },
    {
      it: "has a script for GRUB 2",
      files: { "/boot/grub/menu.lst": "set default=0\nmenuentry 'x' {\n linux /vmlinuz\n}\n" },
      says: /is a script for GRUB 2/,
    },
    { it: "has an empty menu", files: { "/boot/grub/menu.lst": "default 0\n" }, says: /it has no entry/ },
    {
      it: "chain-loads a second boot loader",
      files: {
        "/boot/grub/menu.lst": "title CoreOS\nkernel /boot/pvboot-x86_64.elf\n",
        "/boot/pvboot-x86_64.elf": "",
      },
      says: /starts a second boot loader, \/boot\/pvboot-x86_64\.elf/,
    },
    {
      it: "has a default entry without a kernel",
      files: { "/boot/grub/menu.lst": "title x\nroot (hd0)\n" },
      says: /has no `kernel` line/,
    },
    {
      it: "lacks its default kernel",
      files: { [`/boot/vmlinuz-${V}`]: undefined, "/boot/vmlinuz-9": "" },
      says: /unable to detect the default kernel: .* Installed are: vmlinuz-9/,
    },
  ];
  for (const { it: title, files, says } of REFUSALS) {
    it(`is refused when it ${title}`, async () => {
      await assert.rejects(
        facts(files),
        (error) => error instanceof RefusedError && says.test(error.message),
      );
    });
  }

  it("is still read when its kernel boots as PV alone: the plan refuses it", async () => {
    const { kernels } = await facts({ [`/boot/config-${V}`]: "CONFIG_X86_64_XEN=y\n" });
    assert.deepEqual(
      kernels.map(({ bootsHvm }) => bootsHvm),
      [false],
    );
  });

  it("tells a 32-bit kernel", async () => {
    const kernel = bzImage(zlib.gzipSync(elfWithNotes(32, XEN_NOTES)));
    assert.equal((await facts({ [`/boot/vmlinuz-${V}`]: kernel })).architecture, "i386");
  });
});

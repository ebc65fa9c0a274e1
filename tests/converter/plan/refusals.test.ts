import assert from "node:assert/strict";
import { GIB, guestWith, type Input, kernelWith, plan } from "./facts";

describe("what the plan refuses", () => {
  const pvOnly = kernelWith({
    version: "2.6.18-348.el5xen",
    path: "/boot/vmlinuz-2.6.18-348.el5xen",
    bootsHvm: false,
    evidence: "CONFIG_X86_64_XEN=y",
  });
  const xenOnly = ["xen-blkfront", "xen-netfront"];
  const lacking = kernelWith({ earlyDrivers: ["xen-blkfront"] });
  const CASES: { it: string; input: Input; says: RegExp[] }[] = [
    {
      it: "a rebuild by programs that the helper's kernel cannot run",
      input: { kernels: [lacking], guest: { glibc: "2.11.3" }, helper: { vsyscall: false } },
      says: [/helper: its kernel has no vsyscall page.*glibc 2\.11\.3.*vsyscall=emulate/],
    },
    // kernels
    {
      it: "a PV-only kernel, with the package that helps",
      input: { kernels: [pvOnly], guest: { os: { id: "centos", version: "5", name: "" } } },
      says: [/PV-only kernel.*CONFIG_X86_64_XEN.*Install `kernel` \(not `kernel-xen`\)/],
    },
    {
      it: "an old kernel without an initrd whose root has a device's name",
      input: {
        kernels: [kernelWith({ version: "2.6.39", path: "/boot/vmlinuz-2.6.39", initrd: undefined })],
        guest: {
          bootFile: {
            ...guestWith([]).bootFile,
            entries: [{ title: "Gentoo", kernel: "/boot/vmlinuz-2.6.39", arguments: ["root=/dev/xvda"] }],
          },
        },
      },
      says: [/no initrd, and Linux 2\.6\.39 finds no root by PARTUUID/],
    },
    // drivers
    {
      it: "Nitro without nvme and ena, both at once",
      input: { kernels: [kernelWith({ earlyDrivers: xenOnly, availableDrivers: [...xenOnly, "ata_piix"] })] },
      says: [/no nvme driver.*--for xen/, /no ena driver.*no network/],
    },
    {
      it: "Xen without xen-blkfront",
      input: {
        kernels: [kernelWith({ earlyDrivers: ["nvme"], availableDrivers: ["nvme", "ena", "xen-netfront"] })],
      },
      says: [/no xen-blkfront driver.*--for nitro/],
    },
    {
      it: "Nitro for a 32-bit guest",
      input: { guest: { architecture: "i386" } },
      says: [/32-bit.*x86_64 images alone/],
    },
    {
      it: "a driver that nobody can bring early",
      input: {
        kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
        guest: { initramfsTool: undefined },
      },
      says: [/lacks nvme, and the guest has no program/, /it cannot be rehearsed/],
    },
    {
      it: "a module for a kernel without an initrd",
      input: { kernels: [kernelWith({ initrd: undefined, earlyDrivers: ["xen-blkfront"] })] },
      says: [/nvme is a module, and the menu names no initrd/, /it cannot be rehearsed/],
    },
    {
      it: "a /boot without room for a new initramfs",
      input: {
        kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
        guest: { bootFreeBytes: 40_000_000 },
      },
      says: [/\/boot: 40 MB free, 50 MB needed/],
    },
    {
      it: "a root without room for the originals and the report",
      input: {
        guest: { rootFree: { bytes: 4096, inodes: 9 } },
        files: { "/etc/fstab": "/dev/sda1 / ext4 defaults 0 0\n" },
      },
      says: [/no room for the originals.*4 KiB and 9 inodes are free, 1 MiB and 24 are needed.*--grow/],
    },
    // destination
    {
      it: "a destination that is too small",
      input: { destination: { path: "/dev/nvme2n1", sizeBytes: 8 * GIB, content: "blank" } },
      says: [/8589934592 bytes.*8590983168 are needed.*Make it 9 GiB/],
    },
  ];
  for (const { it: title, input, says } of CASES) {
    it(title, () => {
      const found = plan(input).refusals.map(
        (advice) => `${advice.subject}: ${advice.found} ${advice.advice}`,
      );
      assert.equal(found.length, says.length, found.join("\n"));
      says.forEach((pattern, index) => assert.match(found[index], pattern));
    });
  }

  it("does not refuse what was not asked for", () => {
    const drivers = [...xenOnly, "ata_piix"];
    const kernels = [kernelWith({ earlyDrivers: drivers, availableDrivers: drivers })];
    const { refusals, verdicts } = plan({ kernels, options: { for: ["xen"] } });
    assert.deepEqual(refusals, []);
    assert.deepEqual(
      verdicts.map(({ family }) => family),
      ["xen"],
    );
  });
});

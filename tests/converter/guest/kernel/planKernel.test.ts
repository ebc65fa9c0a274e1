import assert from "node:assert/strict";
import { kernelPackage } from "../../../../converter/guest/kernel/kernelPackage";
import { defaultBoot } from "../../../../converter/guest/kernel/chooseDefault";
import { refuseKernel, warnNewerKernels } from "../../../../converter/guest/kernel/planKernel";
import type { Family, KernelFacts } from "../../../../converter/types";
import { phonyGuestFacts, phonyKernelFacts } from "../phonyFacts";

const XEN = phonyKernelFacts({
  version: "2.6.18-348.el5xen",
  bootsHvm: false,
  evidence: "CONFIG_X86_64_XEN=y",
});
const PLAIN = phonyKernelFacts({ version: "2.6.18-348.el5" });
const NEWER = phonyKernelFacts({ version: "2.6.18-398.el5" });

/** A guest with these kernels in its menu and these besides. */
function guestWith(listed: KernelFacts[], unlisted: KernelFacts[] = []) {
  const guest = phonyGuestFacts(listed, { os: { id: "centos", version: "5.11", name: "CentOS 5.11" } });
  return { ...guest, kernels: [...listed, ...unlisted] };
}

/** What is said of its kernels where it has to boot on all types. */
function warnings(guest: ReturnType<typeof guestWith>) {
  const families: Family[] = ["xen", "nitro"];
  return warnNewerKernels(guest, defaultBoot(guest, families), families);
}

describe("a guest that boots a PV-only kernel", () => {
  const refusals = (guest: ReturnType<typeof guestWith>) =>
    refuseKernel(guest, defaultBoot(guest, ["xen"]), ["xen"]);

  it("is refused with the package that helps", () => {
    assert.deepEqual(refusals(guestWith([XEN])), [
      {
        subject: "kernel 2.6.18-348.el5xen",
        found: "it is a PV-only kernel and cannot boot as HVM (CONFIG_X86_64_XEN=y).",
        advice:
          "Only Xen PV kernels are installed in this guest. Install `kernel` (not `kernel-xen`) in the source, with an entry in /boot/grub/menu.lst.",
      },
    ]);
  });

  it("is refused with the newest kernel that is installed and in no entry", () => {
    const [{ advice }] = refusals(guestWith([XEN], [PLAIN, NEWER]));
    assert.match(advice, /^\/boot\/vmlinuz-2\.6\.18-398\.el5 is installed and boots as HVM: add an entry/);
  });

  it("is converted with another entry as its default, and is told", () => {
    const guest = guestWith([XEN, PLAIN]);
    assert.deepEqual(refusals(guest), []);
    const [{ found, advice }] = warnings(guest);
    assert.match(found, /is PV only, .*: entry 1 becomes the default\.$/);
    assert.match(advice, /its next update makes it the default again: `kernel` \(not `kernel-xen`\)/);
  });
});

describe("a guest that boots a kernel without drivers that it needs", () => {
  const LACKING = phonyKernelFacts({ version: "2.6.18-128.el5", availableDrivers: ["xen-blkfront"] });

  it("is told that another entry becomes the default, and what to do with the old one", () => {
    assert.deepEqual(warnings(guestWith([LACKING, PLAIN])), [
      {
        subject: "/boot/grub/menu.lst",
        found:
          "the kernel of entry 0, 2.6.18-128.el5, lacks xen-netfront and nvme and ena, and 2.6.18-348.el5 has all drivers for xen and nitro types: entry 1 becomes the default.",
        advice:
          "The entry of 2.6.18-128.el5 stays in the menu: remove that kernel's package in the guest later.",
      },
    ]);
  });

  it("is told nothing where no entry has a better one", () =>
    assert.deepEqual(warnings(guestWith([LACKING])), []));
});

describe("the package with a kernel for HVM", () => {
  const PACKAGES: [id: string, version: string, architecture: "x86_64" | "i386", name: RegExp][] = [
    ["centos", "5.11", "x86_64", /^`kernel` \(not `kernel-xen`\)$/],
    ["centos", "5.11", "i386", /^`kernel-PAE`/],
    ["red", "4", "x86_64", /^`kernel-smp`/],
    ["amzn", "2018.03", "x86_64", /^`kernel`/],
    ["ubuntu", "8.04", "x86_64", /of 10\.04 or later/],
    ["ubuntu", "10.04", "x86_64", /^`linux-image-virtual-lts-backport-maverick` with `grub-legacy-ec2`/],
    ["ubuntu", "12.04", "x86_64", /^`linux-image-virtual`/],
    ["ubuntu", "14.04", "i386", /^`linux-image-virtual` with `grub-legacy-ec2`$/],
    ["debian", "6.0.10", "x86_64", /^`linux-image-2\.6-amd64`/],
    ["debian", "7.11", "i386", /^`linux-image-686-pae`$/],
    ["sles", "11.4", "x86_64", /^`kernel-default` with `xen-kmp-default`/],
    ["gentoo", "", "x86_64", /CONFIG_XEN_PVHVM/],
    ["slackware", "13", "x86_64", /^a kernel that is not for Xen PV alone$/],
  ];
  for (const [id, version, architecture, name] of PACKAGES) {
    it(`of ${id} ${version} (${architecture}) is ${name.source}`, () =>
      assert.match(kernelPackage({ os: { id, version, name: id }, architecture }), name));
  }
});

describe("the package with a kernel for HVM of Ubuntu", () =>
  it("is the one made for EC2 where the guest is to boot on Nitro types", () => {
    const system = {
      os: { id: "ubuntu", version: "14.04", name: "Ubuntu 14.04" },
      architecture: "x86_64" as const,
    };
    assert.match(kernelPackage(system, ["xen", "nitro"]), /^`linux-aws` with `grub-legacy-ec2`$/);
    assert.match(kernelPackage(system, ["xen"]), /^`linux-image-virtual`/);
  }));

describe("what is said of the other kernels", () => {
  it("names a newer one without an entry", () =>
    assert.match(
      warnings(guestWith([PLAIN], [NEWER]))[0].found,
      /2\.6\.18-398\.el5 is installed and has no entry/,
    ));

  it("is nothing of an older one", () => assert.deepEqual(warnings(guestWith([NEWER], [PLAIN])), []));

  const LOGS: [what: string, def: boolean | undefined, other: boolean | undefined, warned: boolean][] = [
    ["the default booted last", true, false, false],
    ["an older one booted last", false, true, true],
    ["there is no log", undefined, undefined, false],
    ["the log names a kernel that is gone", false, false, false],
  ];
  for (const [what, def, other, warned] of LOGS) {
    it(`is ${warned ? "" : "not "}that the default may never have run where ${what}`, () => {
      const guest = guestWith([
        { ...NEWER, lastBooted: def },
        { ...PLAIN, lastBooted: other },
      ]);
      assert.equal(
        warnings(guest).some(({ found }) => found.includes("may never have run")),
        warned,
      );
    });
  }
});

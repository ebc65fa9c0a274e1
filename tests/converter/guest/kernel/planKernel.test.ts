import assert from "node:assert/strict";
import { kernelPackage } from "../../../../converter/guest/kernel/kernelPackage";
import {
  chooseDefault,
  defaultBoot,
  refuseKernel,
  warnNewerKernels,
} from "../../../../converter/guest/kernel/planKernel";
import type { BootEntryFacts, KernelFacts } from "../../../../converter/types";
import { phonyGuestFacts, phonyKernelFacts } from "../phonyFacts";

const XEN = phonyKernelFacts({
  version: "2.6.18-348.el5xen",
  bootsHvm: false,
  evidence: "CONFIG_X86_64_XEN=y",
});
const PLAIN = phonyKernelFacts({ version: "2.6.18-348.el5" });
const NEWER = phonyKernelFacts({ version: "2.6.18-398.el5" });

/** A guest with these kernels in its menu and these besides. */
function guestWith(listed: KernelFacts[], unlisted: KernelFacts[] = [], entries?: Partial<BootEntryFacts>[]) {
  const guest = phonyGuestFacts(listed, { os: { id: "centos", version: "5.11", name: "CentOS 5.11" } });
  const changed = guest.bootFile.entries.map((entry, index) => ({ ...entry, ...entries?.[index] }));
  return {
    ...guest,
    kernels: [...listed, ...unlisted],
    bootFile: { ...guest.bootFile, entries: changed },
  };
}

describe("the entry that boots after a conversion", () => {
  const CASES: { it: string; guest: ReturnType<typeof guestWith>; entry: number; why: RegExp }[] = [
    { it: "stays the default", guest: guestWith([PLAIN, XEN]), entry: 0, why: /^default is 0$/ },
    {
      it: "is the first that boots as HVM where the default is PV only",
      guest: guestWith([XEN, PLAIN, NEWER]),
      entry: 1,
      why: /2\.6\.18-348\.el5xen, is PV only, and 2\.6\.18-348\.el5 boots/,
    },
    {
      it: "is none for recovery where there is another",
      guest: guestWith([XEN, PLAIN, NEWER], [], [{}, { arguments: ["root=x", "single"] }]),
      entry: 2,
      why: /el5 boots/,
    },
    {
      it: "is one for recovery where there is no other",
      guest: guestWith([XEN, PLAIN], [], [{}, { title: "Linux (recovery mode)" }]),
      entry: 1,
      why: /el5 boots/,
    },
    {
      it: "is none that GRUB could not start",
      guest: guestWith([XEN, PLAIN, NEWER], [], [{}, { fault: "its initrd is not there" }]),
      entry: 2,
      why: /el5 boots/,
    },
    {
      it: "stays the default where no other boots",
      guest: guestWith([XEN]),
      entry: 0,
      why: /^default is 0$/,
    },
  ];
  for (const { it: title, guest, entry, why } of CASES) {
    it(title, () => {
      const chosen = chooseDefault(guest);
      assert.deepEqual([chosen.entry, chosen.change], [entry, entry !== 0]);
      assert.match(chosen.why, why);
      assert.equal(defaultBoot(guest).entry, guest.bootFile.entries[entry]);
    });
  }

  it("is named with its title and the reason", () =>
    assert.equal(defaultBoot(guestWith([PLAIN])).why, "entry 0 (2.6.18-348.el5): default is 0"));
});

describe("a guest that boots a PV-only kernel", () => {
  const refusals = (guest: ReturnType<typeof guestWith>) => refuseKernel(guest, defaultBoot(guest));

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
    const [warning] = warnNewerKernels(guest, defaultBoot(guest));
    assert.match(warning.found, /entry 1 becomes the default/);
  });
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

describe("what is said of the other kernels", () => {
  const warnings = (guest: ReturnType<typeof guestWith>) => warnNewerKernels(guest, defaultBoot(guest));

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

import assert from "node:assert/strict";
import { Reasons } from "../../../../converter/guest/edit";
import { changeParameters } from "../../../../converter/guest/commandLine/changes";
import { kernelParameters } from "../../../../converter/guest/commandLine/parameters";
import type { Facts, KernelFacts } from "../../../../converter/types";

const OLD_NVME = { parameter: "nvme_core.io_timeout", max: 255 } as const;
const NEW_NVME = { parameter: "nvme_core.io_timeout", max: 4294967295 } as const;

interface Input {
  kernels?: Partial<KernelFacts>[];
  guest?: Partial<Facts["guest"]>;
  root?: string;
  fstab?: string;
}

function kernel(facts: Partial<KernelFacts>): KernelFacts {
  return { version: "3.13.0", initrd: "/boot/initrd", bootsHvm: true, ...facts } as KernelFacts;
}

function facts({ kernels = [{}], guest = {}, root = "LABEL=root" }: Input): Facts {
  const bootFile = { entries: [{ title: "", arguments: [`root=${root}`, "ro"] }] };
  const common = { predictableNames: false, networkByName: [], bootFile, kernels: kernels.map(kernel) };
  return { guest: { ...common, ...guest } } as unknown as Facts;
}

const EL6 = { version: "2.6.32-504.el6.x86_64" };

const CASES: { it: string; input: Input; before: string; after: string }[] = [
  {
    it: "keeps eth0's name where it is configured by it and udev would change it",
    input: { guest: { predictableNames: true, networkByName: ["/etc/network/interfaces"] } },
    before: "ro quiet",
    after: "ro quiet net.ifnames=0 biosdevname=0",
  },
  {
    it: "leaves the owner's choice of names",
    input: { guest: { predictableNames: true, networkByName: ["/etc/network/interfaces"] } },
    before: "net.ifnames=1 biosdevname=0",
    after: "net.ifnames=1 biosdevname=0",
  },
  {
    it: "adds no names for a guest that does not configure eth0",
    input: { guest: { predictableNames: true } },
    before: "ro",
    after: "ro",
  },
  {
    it: "gives NVMe the time-out that the parameter's type holds",
    input: { kernels: [{ nvmeTimeout: OLD_NVME }] },
    before: "ro",
    after: "ro nvme_core.io_timeout=255",
  },
  {
    it: "gives all kernels together the one that each can take: with more an old one does not load its driver",
    input: { kernels: [{ nvmeTimeout: NEW_NVME }, { nvmeTimeout: OLD_NVME }] },
    before: "ro",
    after: "ro nvme_core.io_timeout=255",
  },
  {
    it: "calls the parameter as the kernel does",
    input: { kernels: [{ nvmeTimeout: { parameter: "nvme.io_timeout", max: 255 } }] },
    before: "ro",
    after: "ro nvme.io_timeout=255",
  },
  {
    it: "lets a kernel without an initramfs wait for its root (Gentoo)",
    input: { kernels: [{ initrd: undefined, version: "bzImage" }] },
    before: "ro",
    after: "ro rootwait",
  },
  {
    it: "tells Red Hat 6 what its disk is called, where it knows it as xvda",
    input: { kernels: [EL6], root: "/dev/xvda1" },
    before: "ro",
    after: "ro xen_blkfront.sda_is_xvda=1",
  },
  {
    it: "does not where further disks are named, whose letters would move",
    input: { kernels: [EL6], root: "/dev/xvda1", fstab: "/dev/xvdj /srv ext4 defaults 0 0\n" },
    before: "ro",
    after: "ro",
  },
  {
    it: "keeps it on Red Hat 6",
    input: { kernels: [EL6] },
    before: "ro xen-blkfront.sda_is_xvda=1",
    after: "ro xen-blkfront.sda_is_xvda=1",
  },
  {
    it: "takes it from later kernels, which do not boot with it",
    input: { kernels: [{ version: "3.10.0-1160.el7.x86_64" }] },
    before: "xen_blkfront.sda_is_xvda=1 ro",
    after: "ro",
  },
  {
    it: "takes off quotes that GRUB 2 would put a backslash before, and keeps those around white space",
    input: {},
    before: 'root="LABEL=/" "ro" foo="a b"',
    after: 'root=LABEL=/ ro foo="a b"',
  },
  {
    it: "takes out what only Xen PV bears",
    input: {},
    before: "ro earlyprintk=xen quiet",
    after: "ro quiet",
  },
  {
    it: "keeps it in a setting that serves both",
    input: { kernels: [EL6, { version: "4.1.10-17.31.amzn1.x86_64" }] },
    before: "ro xen_blkfront.sda_is_xvda=1",
    after: "ro xen_blkfront.sda_is_xvda=1",
  },
];

describe("the parameters of a kernel on HVM", () => {
  for (const { it: title, input, before, after } of CASES) {
    it(title, () => {
      const changes = kernelParameters(facts(input), () => input.fstab);
      assert.equal(changeParameters(before, changes, new Reasons()), after);
    });
  }

  it("speaks of the one kernel that an entry starts", () => {
    const all = facts({ kernels: [{ nvmeTimeout: OLD_NVME }, { nvmeTimeout: NEW_NVME }] });
    const changes = kernelParameters(all, () => undefined, all.guest.kernels[1]);
    assert.deepEqual(
      changes.flatMap(({ add }) => add ?? []),
      ["nvme_core.io_timeout=4294967295"],
    );
  });

  it("gives a sentence for each change", () => {
    const reasons = new Reasons();
    const changes = kernelParameters(facts({ kernels: [{ nvmeTimeout: NEW_NVME }] }), () => undefined);
    changeParameters("ro", changes, reasons);
    assert.match(
      reasons.list().join("\n"),
      /^nvme_core\.io_timeout=4294967295: an EBS volume that answers late/,
    );
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  editModprobe,
  hvmModules,
  planModprobe,
  warnModprobe,
} from "../../../../converter/guest/configuration/modprobe";
import type { GuestFacts } from "../../../../converter/types";
import { phonyKernelFacts } from "../phonyFacts";

const EL5 = { xennet: "xen-vnif", xenblk: "xen-vbd" };

const CASES: { it: string; before: string; after: string; modules?: typeof EL5 }[] = [
  {
    it: "takes the PV kernel's aliases out: later kernels find their drivers by the hardware",
    before: "alias eth0 xennet\nalias eth1 xennet\nalias scsi_hostadapter xenblk\nalias lo loopback\n",
    after: "alias lo loopback\n",
  },
  {
    it: "gives Red Hat 5's aliases the HVM kernel's names, without which mkinitrd fails",
    before: "alias eth0 xennet\r\nalias scsi_hostadapter xenblk # root\r\n",
    after: "alias eth0 xen-vnif\r\nalias scsi_hostadapter xen-vbd # root\r\n",
    modules: EL5,
  },
  {
    it: "keeps other aliases",
    before: "alias eth0 e1000\nalias scsi_hostadapter ata_piix\n# alias eth0 xennet\n",
    after: "alias eth0 e1000\nalias scsi_hostadapter ata_piix\n# alias eth0 xennet\n",
  },
  {
    it: "lets the drivers load that an instance family needs",
    before: "blacklist nvme\nblacklist xen_blkfront\ninstall ena /bin/true\nblacklist i2c_piix4\n",
    after: "blacklist i2c_piix4\n",
  },
  {
    it: "keeps what is done besides loading a driver",
    before: "install nvme /sbin/modprobe --ignore-install nvme; echo loaded\nblacklist nvmem\n",
    after: "install nvme /sbin/modprobe --ignore-install nvme; echo loaded\nblacklist nvmem\n",
  },
];

describe("editing modprobe's configuration", () => {
  for (const { it: title, before, after, modules } of CASES) {
    it(title, () => assert.equal(editModprobe(before, modules).text, after));
  }

  it("gives the same text when it is done twice, and keeps every other line", () => {
    const line = fc.oneof(
      fc.constantFrom(
        "alias eth0 xennet",
        "alias scsi_hostadapter xenblk",
        "blacklist nvme",
        "blacklist e1000",
      ),
      fc.string().filter((text) => !/[\r\n]/.test(text)),
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom(EL5, undefined), (lines, modules) => {
        const once = editModprobe(lines.join("\n"), modules).text;
        assert.equal(editModprobe(once, modules).text, once);
        const others = (text: string) =>
          text.split("\n").filter((one) => one && !/xen|blacklist|install/.test(one));
        assert.deepEqual(others(once), others(lines.join("\n")));
      }),
    );
  });
});

describe("choosing the HVM kernel's names", () => {
  const guest = (version: string, blkfront?: string, bootsHvm = true) => ({
    kernels: [
      phonyKernelFacts({
        ...{ version, bootsHvm },
        ...(blkfront === undefined ? {} : { driverModules: { "xen-blkfront": [blkfront] } }),
      }),
    ],
  });

  for (const [what, facts, modules] of [
    ["Red Hat 5's kernel", guest("2.6.18-348.el5", "xen-vbd"), EL5],
    ["Red Hat 5's kernel in a record without its modules", guest("2.6.18-348.el5"), EL5],
    ["SLES 11's kernel, whatever the guest calls itself", guest("3.0.101-63-default", "xen-vbd"), EL5],
    ["Red Hat 5's kernel-xen", guest("2.6.18-348.el5xen", "xenblk", false), undefined],
    ["Red Hat 6's kernel", guest("2.6.32-504.el6.x86_64", "xen-blkfront"), undefined],
    ["SLES 12's kernel", guest("3.12.28-4-default", "xen-blkfront"), undefined],
  ] as const) {
    it(`has ${modules ? "others" : "none"} for ${what}`, () => assert.deepEqual(hvmModules(facts), modules));
  }
});

describe("planning modprobe's files", () => {
  const files = { "/etc/modprobe.d/ec2.conf": "blacklist e1000\nblacklist ixgbevf\nalias eth0 xennet\n" };
  const guest = { os: { id: "debian" }, kernels: [], files: Object.keys(files) } as unknown as GuestFacts;
  const read = (path: string) => (files as Record<string, string>)[path];

  it("edits the files that the guest has", () => {
    assert.deepEqual(
      planModprobe(guest, read).map(({ path }) => path),
      ["/etc/modprobe.d/ec2.conf"],
    );
  });

  it("tells of drivers that the owner keeps from loading, and keeps them so", () => {
    const [advice, ...rest] = warnModprobe(guest, read);
    assert.deepEqual([advice.found, rest], ["it keeps e1000, ixgbevf from loading.", []]);
  });
});

import assert from "node:assert/strict";
import { inspectKernels } from "../../../../converter/guest/kernel/inspectKernels";
import { run } from "../../../../converter/run";
import type { BootEntryFacts } from "../../../../converter/types";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "../phonyGuest";
import { cpioArchive, initramfsWith, pvOpsKernel } from "../phonyKernel";

const V = "3.2.0-4-amd64";
const OTHER = "/boot/initrd.other";
const GONE = "/boot/initrd.gone";
const MODULES = `/lib/modules/${V}/kernel/drivers`;

const NO_MENU = { entries: [], defaultEntry: 0 };

/** The first kernel of a guest as Debian 7 has them, with changes; `undefined` takes a file away. */
async function inspected(changes: Record<string, PhonyFile | undefined> = {}, menu = NO_MENU as Menu) {
  const files: Record<string, PhonyFile | undefined> = {
    [`/boot/vmlinuz-${V}`]: pvOpsKernel(V),
    [`/boot/initrd.img-${V}`]: initramfsWith("xen-blkfront", "ext4"),
    [`/boot/config-${V}`]: "CONFIG_XEN_PVHVM=y\nCONFIG_XEN_NETDEV_FRONTEND=y\n",
    [`${MODULES}/block/xen-blkfront.ko`]: "",
    [`${MODULES}/xen/xen-platform-pci.ko`]: "",
    [`${MODULES}/net/e1000.ko`]: "",
    [`/lib/modules/${V}/modules.dep`]: "",
    ...changes,
  };
  const there = Object.entries(files).filter((entry): entry is [string, PhonyFile] => entry[1] !== undefined);
  const [kernel] = await inspectKernels(phonyGuest(Object.fromEntries(there)), menu, run);
  return kernel.facts;
}

interface Menu {
  entries: BootEntryFacts[];
  defaultEntry: number;
}

/** Entries of the same kernel, each with its own initramfs or none. */
function menuOf(defaultEntry: number, ...initrds: (string | undefined)[]): Menu {
  const kernel = `/boot/vmlinuz-${V}`;
  const entries = initrds.map((initrd) => ({
    ...{ title: "Linux", kernel, initrd, arguments: [] },
    ...(initrd === GONE ? { fault: `${GONE} is not there` } : {}),
  }));
  return { entries, defaultEntry };
}

describe("inspecting a kernel", () => {
  after(removePhonyGuests);

  it("takes a driver that lies there as a module for none that is built in (Debian 7's xen-platform-pci)", async () => {
    const { earlyDrivers, availableDrivers, driverModules, xenHvm } = await inspected();
    assert.deepEqual(earlyDrivers, ["xen-blkfront", "xen-netfront", "ext4"]);
    assert.deepEqual(availableDrivers, [
      ...["xen-platform-pci", "xen-blkfront", "xen-netfront"],
      ...["e1000", "ext4"],
    ]);
    assert.deepEqual(driverModules?.["xen-blkfront"], ["xen-platform-pci", "xen-blkfront"]);
    assert.equal(xenHvm, true);
  });

  const BUS: [what: string, config: string | undefined, xenHvm: boolean | undefined][] = [
    ["its config", "CONFIG_XEN_PVHVM=y\n", true],
    ["a config without it (Debian 6)", "CONFIG_XEN=y\n", false],
    ["no config", undefined, undefined],
  ];
  for (const [what, config, xenHvm] of BUS) {
    it(`tells by ${what} whether it finds Xen's bus as HVM: ${xenHvm ?? "not known"}`, async () => {
      const facts = await inspected({
        [`/boot/config-${V}`]: config,
        [`${MODULES}/xen/xen-platform-pci.ko`]: undefined,
      });
      assert.equal(facts.xenHvm, xenHvm);
    });
  }

  const FOLDERS: [
    what: string,
    changes: Record<string, PhonyFile | undefined>,
    there: boolean,
    indexed: boolean,
  ][] = [
    ["indexed", {}, true, true],
    ["not indexed", { [`/lib/modules/${V}/modules.dep`]: undefined }, true, false],
    [
      "not there",
      {
        ...{ [`/lib/modules/${V}/modules.dep`]: undefined, [`${MODULES}/net/e1000.ko`]: undefined },
        [`${MODULES}/block/xen-blkfront.ko`]: undefined,
        [`${MODULES}/xen/xen-platform-pci.ko`]: undefined,
      },
      false,
      false,
    ],
  ];
  for (const [what, changes, there, indexed] of FOLDERS) {
    it(`sees that its modules are ${what}`, async () => {
      const { moduleFolder } = await inspected(changes);
      assert.deepEqual(moduleFolder, { path: `/lib/modules/${V}`, there, indexed });
    });
  }

  const IMAGES: [what: string, image: PhonyFile, lvm: boolean | undefined, problem: RegExp | undefined][] = [
    ["LVM", cpioArchive(["sbin/lvm"]), true, undefined],
    ["no LVM", cpioArchive(["init"]), false, undefined],
    ["garbage", "garbage", undefined, /byte 0 begins neither/],
    ["nothing", "", undefined, /there is nothing in it/],
    ["half an archive", initramfsWith("nvme").subarray(0, 60), undefined, /its gzip part is damaged/],
  ];
  for (const [what, image, lvm, problem] of IMAGES) {
    it(`says what its initramfs has: ${what}`, async () => {
      const { initrdHasLvm, initrdProblem } = await inspected({ [`/boot/initrd.img-${V}`]: image });
      assert.equal(initrdHasLvm, lvm);
      assert.match(initrdProblem ?? "", problem ?? /^$/);
    });
  }

  const INITRDS: [what: string, menu: Menu, initrd: string | undefined][] = [
    ["the default entry's", menuOf(1, OTHER, `/boot/initrd.img-${V}`), `/boot/initrd.img-${V}`],
    ["the default entry's, which has none", menuOf(1, OTHER, undefined), undefined],
    ["that of an entry whose files are there", menuOf(-1, GONE, OTHER), OTHER],
    ["one that is not there, where the menu has no other", menuOf(-1, GONE), GONE],
    ["the one beside it, where no entry starts it", NO_MENU, `/boot/initrd.img-${V}`],
  ];
  for (const [what, menu, initrd] of INITRDS) {
    it(`takes as its initramfs ${what}`, async () => {
      assert.equal((await inspected({ [OTHER]: cpioArchive(["init"]) }, menu)).initrd, initrd);
    });
  }

  it("says whether it booted last, where there is a log", async () => {
    const log = { "/var/log/dmesg": `[    0.000000] Linux version ${V} (x@y)\n` };
    assert.deepEqual([(await inspected(log)).lastBooted, (await inspected()).lastBooted], [true, undefined]);
  });

  it("goes on where the kernel is no kernel, and says so", async () => {
    const { evidence, bootsPv } = await inspected({ [`/boot/vmlinuz-${V}`]: "text" });
    assert.match(evidence, /its Xen notes cannot be read: is not an x86 kernel/);
    assert.equal(bootsPv, false);
  });
});

import assert from "node:assert/strict";
import { planDrivers } from "../../../../converter/guest/kernel/planDrivers";
import type { Driver } from "../../../../converter/guest/kernel/drivers";
import type { Advice, FilesystemFacts, GuestFacts, KernelFacts, Options } from "../../../../converter/types";
import { phonyGuestFacts, phonyKernelFacts } from "../phonyFacts";

interface Input {
  kernel?: Partial<KernelFacts>;
  others?: Partial<KernelFacts>[];
  guest?: Partial<GuestFacts>;
  options?: Partial<Options>;
  logicalVolume?: string;
}

const V = "3.13.0-48-generic";
/** As an old image is: Xen's drivers built in, the rest as modules. */
const OLD: Partial<KernelFacts> = {
  earlyDrivers: ["xen-platform-pci", "xen-blkfront", "xen-netfront", "ext4"],
};

function plan({ kernel = {}, others = [], guest = {}, options = {}, logicalVolume }: Input = {}) {
  const kernels = [kernel, ...others].map(phonyKernelFacts);
  const facts = phonyGuestFacts(kernels, guest);
  return planDrivers(facts, kernels[0], { for: ["xen", "nitro"], ...options }, { logicalVolume });
}

const sentences = (advice: Advice[]) => advice.map(({ found }) => found).join("\n");

describe("planning a guest's drivers", () => {
  it("has nothing against a kernel with all of them, and leaves its initramfs", () => {
    const { refusals, warnings, initramfs } = plan();
    assert.deepEqual({ refusals, warnings }, { refusals: [], warnings: [] });
    assert.deepEqual(initramfs, [{ kernel: V, path: `/boot/initrd.img-${V}`, action: "keep", missing: [] }]);
  });

  it("plans the whole command, what must be in the new image, and what must not be lost", () => {
    const { initramfs, drivers, refusals } = plan({
      kernel: { ...OLD, initrdHasLvm: true, driverModules: { nvme: ["nvme"], ena: ["ena"] } },
      guest: { initramfsTool: "dracut", initramfsToolKnows: ["--no-hostonly", "--add-drivers"] },
      logicalVolume: "vg/root",
    });
    const output = `/boot/initrd.img-${V}.pv-to-hvm`;
    assert.deepEqual(initramfs, [
      {
        ...{ kernel: V, path: `/boot/initrd.img-${V}`, action: "rebuild", tool: "dracut" },
        ...{ missing: ["nvme"], keep: ["ext4", "lvm"], output },
        command: ["dracut", "-f", "--no-hostonly", "--add-drivers", "nvme ena", output, V],
      },
    ]);
    const disks = ["xen-platform-pci", "xen-blkfront", "xen-netfront", "nvme", "ena", "ata_piix", "e1000"];
    assert.deepEqual([drivers, refusals], [disks, []]);
  });

  it("names what the old image had as well, since some generators put in what they are told alone", () => {
    const { initramfs } = plan({
      kernel: {
        earlyDrivers: ["xen-platform-pci", "xen-blkfront", "ext3"],
        availableDrivers: ["xen-platform-pci", "xen-blkfront", "xen-netfront", "nvme", "ena", "ext3"],
        driverModules: {
          ...{ "xen-blkfront": ["xen-platform-pci", "xen-vbd"], "xen-platform-pci": ["xen-platform-pci"] },
          ...{ nvme: ["nvme"], ext3: ["ext3"] },
        },
      },
      guest: { initramfsTool: "mkinitrd", initramfsToolKnows: ["folder"] },
    });
    assert.deepEqual(initramfs[0].command?.slice(1, -2), [
      ...["-f", "--preload=xen-platform-pci", "--preload=xen-vbd", "--with=nvme", "--with=ext3"],
    ]);
    assert.deepEqual(initramfs[0].keep, ["xen-platform-pci", "xen-blkfront", "ext3"]);
  });

  it("names the root's filesystem, and device mapper for a root on LVM, which nobody sees on the helper", () => {
    const facts = phonyGuestFacts([
      phonyKernelFacts({ ...OLD, availableDrivers: ["nvme", "xfs", "ext4", "dm_mod", "xen-blkfront"] }),
    ]);
    const filesystem = { type: "xfs" } as FilesystemFacts;
    const root = { logicalVolume: "vg/root", filesystem };
    const { drivers } = planDrivers(facts, facts.kernels[0], { for: ["nitro"] }, root);
    assert.deepEqual(drivers, ["xen-blkfront", "nvme", "xfs", "dm_mod"]);
  });

  it("has the configuration name the same whatever the image that is there holds", () => {
    const drivers = (earlyDrivers: Driver[]) => {
      const kernel = phonyKernelFacts({
        earlyDrivers,
        availableDrivers: ["nvme", "ext4", "xfs", "xen-blkfront"],
      });
      const root = { filesystem: { type: "xfs" } as FilesystemFacts };
      return planDrivers(phonyGuestFacts([kernel]), kernel, { for: ["nitro"] }, root).drivers;
    };
    // dracut puts every filesystem into the image that it makes anew.
    assert.deepEqual(drivers(["xen-blkfront", "xfs"]), drivers(["xen-blkfront", "nvme", "xfs", "ext4"]));
  });

  const NOT_CALLED: [what: string, knows: string[], name: string | undefined, refused: RegExp][] = [
    ["that writes the boot menu anew", ["update-bootloader"], "LABEL=root", /writes the boot menu anew/],
    ["without a root in fstab", ["-B", "update-bootloader"], undefined, /its line in \/etc\/fstab/],
  ];
  for (const [what, knows, name, refused] of NOT_CALLED) {
    it(`refuses to call SUSE's mkinitrd ${what}`, () => {
      const guest = { initramfsTool: "mkinitrd-suse" as const, initramfsToolKnows: knows };
      const facts = phonyGuestFacts([phonyKernelFacts(OLD)], guest);
      const { refusals } = planDrivers(facts, facts.kernels[0], { for: ["nitro"] }, { name });
      assert.match(sentences(refusals), refused);
    });
  }

  const CASES: { it: string; input: Input; refused?: RegExp; warned?: RegExp; missing?: string[] }[] = [
    {
      it: "adds Xen's platform device where it is a module that the initramfs lacks (Debian 7)",
      input: { kernel: { earlyDrivers: ["xen-blkfront", "nvme"] } },
      missing: ["xen-platform-pci"],
    },
    {
      it: "adds a disk of QEMU's where neither family brings one",
      input: { kernel: OLD, options: { for: ["xen"] } },
      missing: ["nvme"],
    },
    {
      it: "adds IDE where the kernel knows no NVMe (Red Hat 5)",
      input: {
        kernel: { ...OLD, availableDrivers: ["xen-blkfront", "xen-netfront", "ixgbevf", "ata_piix"] },
        options: { for: ["xen"] },
      },
      missing: ["ata_piix"],
    },
    {
      it: "refuses what cannot be rehearsed",
      input: {
        kernel: { ...OLD, availableDrivers: ["xen-platform-pci", "xen-blkfront", "xen-netfront", "ixgbevf"] },
        options: { for: ["xen"] },
      },
      refused: /it cannot be rehearsed: .* QEMU has no disk for it/,
    },
    {
      it: "warns of it where the rehearsal is left out",
      input: {
        kernel: { ...OLD, availableDrivers: ["xen-platform-pci", "xen-blkfront", "xen-netfront", "ixgbevf"] },
        options: { for: ["xen"], rehearse: false },
      },
      warned: /it cannot be rehearsed/,
    },
    {
      it: "refuses a root on LVM that the guest's mkinitrd would not find",
      input: { kernel: OLD, guest: { initramfsTool: "mkinitrd" }, logicalVolume: "VolGroup00/LogVol00" },
      refused: /mkinitrd finds the volume group of VolGroup00\/LogVol00 only on the running machine/,
    },
    {
      it: "refuses where no program is there that could bring the driver",
      input: { kernel: OLD, guest: { initramfsTool: undefined } },
      refused: /lacks nvme, and the guest has no program that builds one/,
    },
    {
      it: "refuses where the kernel's modules are not there",
      input: {
        kernel: { ...OLD, moduleFolder: { path: `/lib/modules/${V}`, there: false, indexed: false } },
      },
      refused: /there is no \/lib\/modules\/\S+ to take modules from/,
      warned: /it boots without any module/,
    },
    {
      it: "names the folder that is missing where a driver is not to be had",
      input: {
        kernel: {
          ...{
            earlyDrivers: ["xen-blkfront", "nvme"],
            availableDrivers: ["xen-blkfront", "nvme", "xen-netfront"],
          },
          moduleFolder: { path: `/lib/modules/${V}`, there: false, indexed: false },
        },
      },
      refused: /no ena driver, built in or as a module \(there is no \/lib\/modules/,
      warned: /it boots without any module that is not in its initramfs/,
    },
    {
      it: "refuses a 32-bit kernel for Nitro",
      input: { guest: { architecture: "i386" } },
      refused: /32-bit \(i386\) kernel/,
    },
    {
      it: "warns of a card that an image must not be registered for, since the guest has no driver for it",
      input: { kernel: { availableDrivers: ["xen-blkfront", "xen-netfront", "nvme", "ena"] } },
      warned: /no ixgbevf driver: .*sriovNetSupport/,
    },
    {
      it: "warns of a kernel that does not find Xen's bus as HVM (Debian 6)",
      input: { kernel: { xenHvm: false } },
      warned: /no driver for Xen's platform device/,
    },
    {
      it: "warns of a hook that grows the root",
      input: { kernel: { initrdGrowsRoot: ["scripts/local-bottom/growroot"] } },
      warned: /grows the root when it boots \(scripts\/local-bottom\/growroot\)/,
    },
    {
      it: "refuses a /boot without room for the new image beside the old one",
      input: { kernel: OLD, guest: { bootFreeBytes: 30_000_000 } },
      refused: /^30 MB free, 50 MB needed to rebuild the initramfs\.$/m,
    },
    {
      it: "reckons with every image that is rebuilt",
      input: {
        kernel: OLD,
        others: [{ ...OLD, version: "3.13.0-40-generic" }],
        guest: { bootFreeBytes: 60_000_000 },
      },
      refused: /^60 MB free, 70 MB needed to rebuild 2 initramfs\.$/m,
    },
    {
      it: "warns of what another kernel lacks",
      input: { others: [{ version: "3.2.0-1", availableDrivers: [], earlyDrivers: ["nvme"] }] },
      warned: /no xen-blkfront driver/,
    },
  ];
  for (const { it: title, input, refused, warned, missing } of CASES) {
    it(title, () => {
      const { refusals, warnings, initramfs } = plan(input);
      if (refused) assert.match(sentences(refusals), refused);
      else assert.deepEqual(refusals, []);
      if (warned) assert.match(sentences(warnings), warned);
      else assert.deepEqual(input.others === undefined ? warnings : [], []);
      if (missing) assert.deepEqual(initramfs[0].missing, missing);
    });
  }

  it("has depmod run for a kernel whose modules were never indexed, rebuilt or not", () => {
    const moduleFolder = { path: `/lib/modules/${V}`, there: true, indexed: false };
    for (const kernel of [{ moduleFolder }, { ...OLD, moduleFolder }])
      assert.equal(plan({ kernel }).initramfs[0].depmod, true);
  });

  it("names the kernels that have no driver for the family's fast network card, of all that may boot", () => {
    const withoutCards = { version: "3.2.0-1", availableDrivers: ["xen-blkfront", "xen-netfront", "nvme"] };
    const lacking = (input: Input) =>
      plan(input).verdicts.map(({ enhancedNetworking }) => enhancedNetworking);
    assert.deepEqual(lacking({}), [
      { driver: "ixgbevf", lackedBy: [] },
      { driver: "ena", lackedBy: [] },
    ]);
    assert.deepEqual(lacking({ others: [withoutCards] }), [
      { driver: "ixgbevf", lackedBy: ["3.2.0-1"] },
      { driver: "ena", lackedBy: ["3.2.0-1"] },
    ]);
    assert.deepEqual(lacking({ others: [{ ...withoutCards, bootsHvm: false }], options: { for: ["xen"] } }), [
      { driver: "ixgbevf", lackedBy: [] },
    ]);
  });

  it("says in its verdicts what is there, what will be, and what it lacks", () => {
    const verdicts = (input: Input) => plan(input).verdicts.map(({ boots, why }) => [boots, why]);
    assert.deepEqual(verdicts({ kernel: OLD }), [
      [
        true,
        "xen-blkfront is there early, and xen-netfront is there. Enhanced networking: ixgbevf is there.",
      ],
      [true, "nvme comes with the rebuilt initramfs, and ena is there."],
    ]);
    const [, [boots, why]] = verdicts({
      kernel: { availableDrivers: ["xen-blkfront", "xen-netfront", "nvme"] },
    });
    assert.equal(boots, false);
    assert.match(String(why), /no ena driver/);
    assert.deepEqual(verdicts({ kernel: { bootsHvm: false } })[0], [
      false,
      "the kernel is PV only (a test).",
    ]);
  });
});

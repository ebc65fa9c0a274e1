import assert from "node:assert/strict";
import { loadableModules } from "../../../../converter/guest/kernel/moduleDependencies";
import { phonyGuest, removePhonyGuests } from "../phonyGuest";

const V = "6.1.0";

describe("the modules that an initramfs can load", () => {
  after(removePhonyGuests);

  const RELATIVE =
    "kernel/host/nvme.ko.xz: kernel/host/nvme-core.ko.xz kernel/lib/crc64.ko.xz\nkernel/host/nvme-core.ko.xz:\n";
  const ABSOLUTE = `/lib/modules/${V}/kernel/xenblk.ko: \\\n  /lib/modules/${V}/kernel/xenbus.ko\n`;
  const CASES: [what: string, dep: string | undefined, inside: string[], loadable: string[]][] = [
    [
      "all, with everything they need",
      RELATIVE,
      ["nvme", "nvme_core", "crc64"],
      ["nvme", "nvme_core", "crc64"],
    ],
    ["none without what it needs", RELATIVE, ["nvme", "crc64"], ["crc64"]],
    ["one that modules.dep does not know", RELATIVE, ["dkms_ena"], ["dkms_ena"]],
    ["none of Red Hat 5's continued lines without what it needs", ABSOLUTE, ["xenblk"], []],
    ["all where there is no modules.dep", undefined, ["nvme"], ["nvme"]],
  ];
  for (const [what, dep, inside, loadable] of CASES) {
    it(`are ${what}`, () => {
      const tree = phonyGuest(dep === undefined ? {} : { [`/lib/modules/${V}/modules.dep`]: dep });
      assert.deepEqual([...loadableModules(new Set(inside), tree, V)], loadable);
    });
  }
});

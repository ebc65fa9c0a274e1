import assert from "node:assert/strict";
import { GIB, kernelWith, plan, UUID } from "./facts";

const MENU_OF_TWO = ["2.6.32-220", "3.13.0-48-generic"].reduce(
  (text, version) => `${text}title ${version}\nroot (hd0)\nkernel /boot/vmlinuz-${version} root=LABEL=root\n`,
  "default 0\n",
);

describe("planning a conversion", () => {
  it("puts the filesystem behind one MiB of room, as the first partition", () => {
    const { layout, minimumSizeBytes, partitions } = plan().destination;
    assert.deepEqual([layout, minimumSizeBytes], ["mbr", 8 * GIB + 2 ** 20]);
    assert.deepEqual(
      partitions.map(({ number, startBytes, sizeBytes, type, active, role, from }) => ({
        ...{ number, startBytes, sizeBytes, type, active, role, from },
      })),
      [
        {
          number: 1,
          startBytes: 2 ** 20,
          sizeBytes: 8 * GIB,
          type: "83",
          active: true,
          role: "copy",
          from: 0,
        },
      ],
    );
  });

  it("copies used blocks of a clean filesystem", () => {
    const [{ method, bytes }] = plan().copy.parts;
    assert.deepEqual({ method, bytes }, { method: "used-blocks", bytes: 500_000 * 4096 });
  });

  it("copies by the replayed map where the journal needs recovery and an overlay can be made", () => {
    const helper = { vsyscall: true, replays: true };
    const [{ method, bytes }] = plan({ filesystem: { needsRecovery: true }, helper }).copy.parts;
    assert.deepEqual({ method, bytes }, { method: "replayed", bytes: 500_000 * 4096 });
  });

  it("copies all blocks where the journal needs recovery and no overlay can be made, and says why", () => {
    const [{ method, bytes, why, replaysOnCopy }] = plan({ filesystem: { needsRecovery: true } }).copy.parts;
    assert.deepEqual([method, bytes, replaysOnCopy], ["all-blocks", 2_000_000 * 4096, true]);
    assert.match(why, /journal needs recovery/);
  });

  it("says what boots and why", () => {
    assert.deepEqual(plan().boot, {
      menuFile: "/boot/grub/menu.lst",
      device: "(hd0,0)",
      filesystemUuid: UUID,
      kernel: "/boot/vmlinuz-3.13.0-48-generic",
      initrd: "/boot/initrd.img-3.13.0-48-generic",
      why: "entry 0 (3.13.0-48-generic): default is 0",
    });
  });

  it("boots another entry where the default's kernel lacks a driver, and says so in the menu", () => {
    const old = kernelWith({ version: "2.6.32-220", availableDrivers: ["xen-blkfront", "xen-netfront"] });
    const { boot, edits, refusals, verdicts } = plan({
      kernels: [old, kernelWith()],
      files: { "/boot/grub/menu.lst": MENU_OF_TWO },
    });
    assert.deepEqual([boot.kernel, refusals], ["/boot/vmlinuz-3.13.0-48-generic", []]);
    assert.deepEqual(
      verdicts.map(({ boots }) => boots),
      [true, true],
    );
    const [{ diff, why }] = edits.filter(({ path }) => path === "/boot/grub/menu.lst");
    assert.ok(diff.includes("-default 0") && diff.includes("+default 1"), diff.join("\n"));
    assert.match(why.join("\n"), /default 1: the kernel of entry 0, 2\.6\.32-220, lacks nvme and ena/);
  });

  it("has nothing against a guest with everything", () => {
    const { refusals, warnings, verdicts, initramfs } = plan({
      files: { "/etc/fstab": "LABEL=root / ext4 defaults 0 0\n" },
    });
    assert.deepEqual({ refusals, warnings }, { refusals: [], warnings: [] });
    assert.deepEqual(
      verdicts.map(({ family, boots }) => [family, boots]),
      [
        ["xen", true],
        ["nitro", true],
      ],
    );
    assert.deepEqual(
      initramfs.map(({ action, missing }) => [action, missing]),
      [["keep", []]],
    );
  });

  it("makes the same plan from the same facts", () => {
    assert.deepEqual(plan(), plan());
  });

  it("is plain JSON", () => {
    assert.deepEqual(JSON.parse(JSON.stringify(plan())), plan());
  });
});

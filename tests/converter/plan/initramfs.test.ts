import assert from "node:assert/strict";
import { kernelWith, plan } from "./facts";

describe("the initramfs in the plan", () => {
  it("is rebuilt with the family's driver and with the rehearsal's, which go into the guest's configuration", () => {
    const { initramfs, edits, verdicts } = plan({
      kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
      files: { "/etc/initramfs-tools/modules": "" },
    });
    assert.deepEqual(initramfs, [
      {
        kernel: "3.13.0-48-generic",
        path: "/boot/initrd.img-3.13.0-48-generic",
        action: "rebuild",
        tool: "update-initramfs",
        command: ["update-initramfs", "-u", "-t", "-k", "3.13.0-48-generic"],
        keep: ["xen-blkfront"],
        missing: ["nvme"],
      },
    ]);
    const added = edits
      .find(({ path }) => path === "/etc/initramfs-tools/modules")
      ?.diff.filter((line) => /^\+\w/.test(line));
    assert.deepEqual(added, [
      "+xen-platform-pci",
      "+xen-blkfront",
      "+xen-netfront",
      "+nvme",
      "+ena",
      "+sd_mod",
      "+ata_generic",
      "+ata_piix",
      "+e1000",
    ]);
    assert.match(verdicts[1].why, /nvme comes with the rebuilt initramfs/);
  });

  it("is rebuilt for the rehearsal alone where no disk of QEMU's would be there", () => {
    const [{ action, missing }] = plan({
      kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
      options: { for: ["xen"] },
    }).initramfs;
    assert.deepEqual({ action, missing }, { action: "rebuild", missing: ["nvme"] });
  });

  it("stays where only the rehearsal lacks something, nothing can rebuild it, and none is asked for: a warning", () => {
    const { initramfs, refusals, warnings } = plan({
      kernels: [kernelWith({ earlyDrivers: ["xen-blkfront"] })],
      guest: { initramfsTool: undefined },
      options: { for: ["xen"], rehearse: false },
    });
    assert.deepEqual([initramfs[0].action, refusals], ["keep", []]);
    assert.ok(warnings.some(({ found }) => /cannot be rehearsed/.test(found)));
  });

  it("is judged for every kernel of the menu that boots as HVM", () => {
    const old = kernelWith({
      version: "3.2.0",
      path: "/boot/vmlinuz-3.2.0",
      initrd: "/boot/initrd.img-3.2.0",
      earlyDrivers: [],
    });
    const notInMenu = kernelWith({ version: "4.4", path: "/boot/vmlinuz-4.4" });
    const kernels = [kernelWith(), old];
    const { initramfs, warnings } = plan({ kernels, guest: { kernels: [...kernels, notInMenu] } });
    assert.deepEqual(
      initramfs.map(({ kernel, action }) => [kernel, action]),
      [
        ["3.13.0-48-generic", "keep"],
        ["3.2.0", "rebuild"],
      ],
    );
    assert.ok(warnings.some(({ found }) => /kernel 4\.4 is installed and has no entry/.test(found)));
  });

  it("warns of another kernel that cannot boot everywhere, and does not refuse", () => {
    const old = kernelWith({
      version: "2.6.32",
      path: "/boot/vmlinuz-2.6.32",
      earlyDrivers: ["xen-blkfront"],
      availableDrivers: ["xen-blkfront", "xen-netfront"],
    });
    const { refusals, warnings } = plan({ kernels: [kernelWith(), old] });
    assert.deepEqual(refusals, []);
    assert.ok(
      warnings.some(({ subject, found }) => subject === "kernel 2.6.32" && /no nvme driver/.test(found)),
    );
  });
});

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { findDisk } from "../../../converter/disk/disk";
import type { DiskBus } from "../../../converter/boot/hardware";
import { RefusedError } from "../../../converter/errors";
import { run } from "../../../converter/run";
import { type Examined, examine } from "../../../converter/steps/rehearsedGuest";
import { blankDisk, filesystemOf, removeFolders, scratchFolder } from "../disk/images";
import { initramfsWith, pvOpsKernel } from "../guest/phonyKernel";

const KERNEL = "3.13.0-48-generic";
const DHCP = { "/etc/network/interfaces": "auto eth0\niface eth0 inet dhcp\n" };

/** A guest whose initramfs has the driver, and whose kernel has the others built in; its filesystem needs no partition here. */
async function guestWith(
  driver: string,
  builtIn: string[],
  more: Record<string, string> = DHCP,
): Promise<string> {
  const tree = scratchFolder();
  const files: Record<string, string | Buffer> = {
    "/boot/grub/menu.lst": `default 0\ntitle Linux\n\troot (hd0)\n\tkernel /boot/vmlinuz-${KERNEL} root=LABEL=x ro\n\tinitrd /boot/initrd.img-${KERNEL}\n`,
    [`/boot/vmlinuz-${KERNEL}`]: pvOpsKernel(KERNEL),
    [`/boot/initrd.img-${KERNEL}`]: initramfsWith(driver),
    [`/boot/config-${KERNEL}`]: builtIn.map((name) => `CONFIG_${name}=y\n`).join(""),
    "/etc/fstab": "LABEL=x / ext4 defaults 0 1\n",
    "/etc/inittab": "id:2:initdefault:\n",
    ...more,
  };
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(tree + name), { recursive: true });
    fs.writeFileSync(tree + name, content);
  }
  return filesystemOf(tree, 16);
}

const examineDisk = async (file: string, bus?: DiskBus): Promise<Examined> =>
  examine(await findDisk(file, run, () => undefined), bus, run);

describe("what a converted guest says of its boot", function () {
  this.timeout(60_000);
  after(removeFolders);

  const CASES: [string, string[], Examined["hardware"]][] = [
    ["nvme", ["E1000"], { diskBus: "nvme", networkCard: "e1000" }],
    ["xen-blkfront", ["ATA_PIIX", "VIRTIO_NET"], { diskBus: "ide", networkCard: "virtio-net" }],
  ];
  for (const [driver, builtIn, hardware] of CASES) {
    it(`chooses ${hardware.diskBus} for ${driver} early and ${builtIn.join(", ")} built in`, async () => {
      const found = await examineDisk(await guestWith(driver, builtIn));
      assert.deepEqual(found, { hardware, expected: { dhcp: "/etc/network/interfaces" }, warnings: [] });
    });
  }

  it("expects no address where QEMU has no card for the guest, and where nothing promises one", async () => {
    assert.deepEqual((await examineDisk(await guestWith("nvme", []))).expected, {});
    const { expected, warnings } = await examineDisk(await guestWith("nvme", ["E1000"], {}));
    assert.deepEqual(expected, { dhcp: undefined });
    assert.match(warnings[0].found, /does not wait for that/);
  });

  it("tells which of the kernel's arguments HVM may not bear", async () => {
    const menu = `default 0\ntitle Linux\n\troot (hd0)\n\tkernel /boot/vmlinuz-${KERNEL} root=LABEL=x earlyprintk=xen acpi=off\n\tinitrd /boot/initrd.img-${KERNEL}\n`;
    const disk = await guestWith("nvme", ["E1000"], { ...DHCP, "/boot/grub/menu.lst": menu });
    const { expected } = await examineDisk(disk);
    assert.deepEqual(
      expected.suspects?.map(({ word }) => word),
      ["earlyprintk=xen", "acpi=off"],
    );
  });

  it("refuses a guest that QEMU has no disk for, unless the user names one", async () => {
    const disk = await guestWith("xen-blkfront", ["E1000"]);
    await assert.rejects(
      examineDisk(disk),
      (error) => error instanceof RefusedError && /cannot be rehearsed/.test(error.message),
    );
    assert.equal((await examineDisk(disk, "sata")).hardware.diskBus, "sata");
  });

  it("tries plain hardware on a disk whose guest cannot be read, and says so", async () => {
    const { hardware, warnings } = await examineDisk(blankDisk(4));
    assert.deepEqual(hardware, { diskBus: "ide", networkCard: "e1000" });
    assert.match(warnings[0].found, /its guest cannot be read/);
  });
});

import assert from "node:assert/strict";
import { chooseEntry, parseMenu } from "../../../converter/guest/menu/bootFile";
import { parseFstab } from "../../../converter/guest/configuration/fstab";
import { consoleInittab, guestFiles, INITRAMFS_FILES, menuList } from "../../../local/images/sampleFiles";

const text = (path: string) => guestFiles("6.1.0-1-amd64", "").find((file) => file.path === path)?.text ?? "";

describe("the sample's files", () => {
  it("name a kernel on Xen's disk and Xen's console, as PV-GRUB reads them", () => {
    const menu = parseMenu(menuList("6.1.0-1-amd64"));
    const { index } = chooseEntry(menu, 0, () => undefined);
    assert.deepEqual(menu.entries[index], {
      title: "Debian GNU/Linux, kernel 6.1.0-1-amd64",
      device: "(hd0)",
      initrdDevice: "(hd0)",
      roots: ["(hd0)"],
      kernel: "/boot/vmlinuz-6.1.0-1-amd64",
      initrd: "/boot/initrd.img-6.1.0-1-amd64",
      arguments: ["root=/dev/xvda1", "ro", "console=hvc0"],
    });
    assert.match(menuList("1"), /^root\t+\(hd0\)$/m);
  });

  for (const live of ["# groot=(hd0)", "# kopt=root=/dev/xvda1 ro", "# defoptions=console=hvc0"]) {
    it(`keep update-grub's live comment ${live}`, () => assert.ok(menuList("1").split("\n").includes(live)));
  }

  it("mount the root from xvda1, and an instance store whose absence does not stop a sysvinit guest", () => {
    const [root, store] = parseFstab(text("/etc/fstab"));
    assert.equal(root.device, "/dev/xvda1");
    assert.equal(store.device, "/dev/xvdb");
    assert.match(text("/etc/fstab"), /^\/dev\/xvdb\t.*\t0$/m);
  });

  it("leave NVMe out of the initramfs, so that a conversion has to make a new one", () => {
    const modules = INITRAMFS_FILES.find(({ path }) => path.endsWith("/modules"))?.text ?? "";
    assert.match(modules, /^xen-blkfront$/m);
    assert.doesNotMatch(modules, /nvme/);
  });

  it("put one terminal, on Xen's console, in place of the virtual ones", () => {
    const inittab =
      "id:2:initdefault:\n1:2345:respawn:/sbin/getty --noclear 38400 tty1\n2:23:respawn:/sbin/getty 38400 tty2\n";
    assert.equal(consoleInittab(inittab), "id:2:initdefault:\n\nco:2345:respawn:/sbin/getty 38400 hvc0\n");
  });

  it("name eth0 by the address of a card that is long gone", () => {
    assert.match(
      text("/etc/udev/rules.d/70-persistent-net.rules"),
      /ATTR\{address\}=="12:31:39:.*NAME="eth0"/,
    );
  });
});

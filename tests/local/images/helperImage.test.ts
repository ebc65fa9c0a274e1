import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { HELPER_PACKAGES } from "../../../components/steps/userData";
import { partitionTable } from "../../../local/images/bootableImage";
import { DISK_ID, helperFiles } from "../../../local/images/helperFiles";
import { imageNamedBy } from "../machines/launch";

const MIB = 1024 ** 2;

describe("the table of an image that boots", () => {
  it("has one partition behind the boot loader, under the signature that is asked for", () => {
    const filesystem = { label: "small", sizeBytes: 16 * MIB, features: [] };
    assert.equal(
      partitionTable({ diskId: "0123abcd", filesystem, modules: [] }),
      "label: dos\nlabel-id: 0x0123abcd\nunit: sectors\n1: start=2048, size=32768, type=83, bootable\n",
    );
  });
});

describe("the helper's image", () => {
  const image = () => imageNamedBy("PV_TO_HVM_HELPER_IMAGE");
  const ask = (request: string) =>
    execFileSync("debugfs", ["-R", request, `${image()}?offset=${MIB}`], { encoding: "utf8", stdio: "pipe" });

  it("boots by itself: GRUB's boot code and the disk's signature, and GRUB's core image behind them", () => {
    const start = Buffer.alloc(MIB);
    const file = fs.openSync(image(), "r");
    fs.readSync(file, start, 0, MIB, 0);
    fs.closeSync(file);
    assert.equal(start.readUInt16LE(510), 0xaa55);
    assert.ok(start.subarray(0, 440).includes("GRUB"));
    assert.equal(start.readUInt32LE(440), Number.parseInt(DISK_ID, 16));
    assert.ok(start.subarray(512).some((byte) => byte !== 0));
  });

  it("has a kernel where update-grub looks for it, and no initramfs", () => {
    const boot = ask("ls -p /boot");
    assert.match(boot, /\/vmlinuz-\d+\.\d+\.\d+\+deb13-cloud-amd64\//);
    assert.doesNotMatch(boot, /initrd/);
    assert.match(ask("stat /boot/grub/i386-pc"), /\.\.\/\.\.\/usr\/lib\/grub\/i386-pc/);
  });

  it("has every package that the user data would else install", () => {
    const status = ask("cat /var/lib/dpkg/status");
    const installed = [...status.matchAll(/^Package: (\S+)\nStatus: install ok installed$/gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(
      HELPER_PACKAGES.filter((name) => !installed.includes(name)),
      [],
    );
  });

  it("has no ssh host key: each helper's is its own", () => {
    assert.doesNotMatch(ask("ls -p /etc/ssh"), /ssh_host_/);
  });

  for (const { path, text } of helperFiles()) {
    it(`has ${path} as it is meant to be`, () => assert.equal(ask(`cat ${path}`), text));
  }
});

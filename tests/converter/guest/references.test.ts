import assert from "node:assert/strict";
import { findDeviceReferences, warnReferences } from "../../../converter/guest/references";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";

describe("finding files that name disks by where they are plugged in", () => {
  after(removePhonyGuests);

  it("names file and line, and passes over comments, edited files, binaries and links", () => {
    const tree = phonyGuest({
      "/etc/rc.local": "#!/bin/sh\n# mkfs /dev/xvdf\n  mkfs.ext4 /dev/xvdf1\n",
      "/etc/cron.d/trim": "0 0 * * * root fstrim /dev/sda1\n",
      "/etc/init/log.conf": "exec cat > /dev/hvc0\n",
      "/etc/fstab": "/dev/xvdb /mnt auto defaults 0 0\n",
      "/etc/program": Buffer.from("\x7fELF\0 /dev/sda1"),
      "/etc/rc.link": { link: "/etc/rc.local" },
      "/etc/circle": { link: "/etc/circle" },
      "/etc/sda": "nothing of /dev/sdX or x/dev/sda1\n",
      "/var/spool/cron/root": "@reboot swapon /dev/xvdb\n",
      "/home/user/notes": "/dev/xvdb\n",
    });
    assert.deepEqual(
      findDeviceReferences(tree).map(({ path, line, text }) => `${path}:${line}: ${text}`),
      [
        "/etc/cron.d/trim:1: 0 0 * * * root fstrim /dev/sda1",
        "/etc/init/log.conf:1: exec cat > /dev/hvc0",
        "/etc/rc.local:3: mkfs.ext4 /dev/xvdf1",
        "/var/spool/cron/root:1: @reboot swapon /dev/xvdb",
      ],
    );
  });

  it("stops at sixty lines, and reads no file over 128 KiB", () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`/etc/f${index}`, "/dev/sda1\n".repeat(3)]),
    );
    assert.equal(findDeviceReferences(phonyGuest(many)).length, 60);
    const large = phonyGuest({ "/etc/large": "/dev/sda1\n".repeat(20_000) });
    assert.deepEqual(findDeviceReferences(large), []);
  });

  it("cuts long lines", () => {
    const [found] = findDeviceReferences(
      phonyGuest({ "/etc/long": `mount /dev/sda1 ${"x".repeat(5000)}\n` }),
    );
    assert.equal(found.text.length, 120);
  });

  it("gives one advice a file, of bounded length, with every line", () => {
    const at = (line: number) => ({ path: "/etc/rc.local", line, text: `mount /dev/xvd${"b".repeat(100)}` });
    const advice = warnReferences([1, 2, 3, 4, 5, 6].map(at));
    assert.equal(advice.length, 1);
    assert.match(advice[0].found, /^line 1: mount .*; line 2: mount /);
    assert.ok(advice[0].found.length <= 400);
    assert.deepEqual(warnReferences(undefined), []);
  });
});

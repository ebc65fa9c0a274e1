/**
 * Preparations that are killed in an installation, and where the connection drops. The next run goes on, and ends as one that
 * nothing had disturbed. At each other moment in which something is written: `interrupted.rare.test.ts`.
 */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { isRoot, removeFolders } from "../converter/disk/images";
import { FAMILIES_TO_PREPARE } from "./familiesToPrepare";
import { COMMON, itWaitsForTheKernel, KILL, makeGuest } from "./interrupting";
import { hashOf, makeOldGuest, runIn } from "./oldGuest";
import { callsOf } from "./standIns";

(isRoot ? describe : describe.skip)("prepare, killed", function () {
  this.timeout(600_000);
  after(removeFolders);

  itWaitsForTheKernel(COMMON);

  it("together with apt-get in the midst of a package, lets dpkg end it", () => {
    const { guest, given } = FAMILIES_TO_PREPARE["Ubuntu 10.04"];
    const kernel = "linux-image-virtual-lts-backport-maverick";
    // Once: the second time the script runs to its end.
    const script = `[ -f /repo/once ] || { touch /repo/once; ${KILL}; kill -9 $$; }`;
    const root = makeGuest({
      ...guest,
      packages: { ...guest.packages, [kernel]: { ...guest.packages[kernel], script } },
    });
    assert.notEqual(runIn(root, "prepare").status, 0);
    const { status, lines } = runIn(root, "prepare");
    assert.equal(status, 0, lines.join("\n"));
    assert.ok(callsOf(root).some((call) => call.startsWith("dpkg --configure -a")));
    assert.ok(fs.existsSync(`${root}/boot/vmlinuz-${given}`));
  });
});

(isRoot ? describe : describe.skip)("prepare, where an installation fails", function () {
  this.timeout(60_000);
  after(removeFolders);

  it("puts back what boots today, says what the package manager said, and mends its packages the next time", () => {
    const { guest, today } = FAMILIES_TO_PREPARE["Ubuntu 10.04"];
    const kernel = "linux-image-virtual-lts-backport-maverick";
    const script = `[ -f /repo/once ] || { touch /repo/once; echo > /boot/grub/menu.lst; echo > /boot/vmlinuz-${today}; echo "dpkg: error processing ${kernel}"; exit 100; }`;
    const root = makeGuest({
      ...guest,
      packages: { ...guest.packages, [kernel]: { ...guest.packages[kernel], script } },
    });
    const files = ["/boot/grub/menu.lst", `/boot/vmlinuz-${today}`].map((name) => root + name);
    const original = files.map(hashOf);
    const { status, report, lines } = runIn(root, "prepare");
    assert.equal(status, 4, lines.join("\n"));
    assert.match(report.problems[0].found, /^apt-get could not install .*: dpkg: error processing/);
    assert.deepEqual(files.map(hashOf), original);
    const second = runIn(root, "prepare");
    assert.equal(second.status, 0, second.lines.join("\n"));
  });

  it("goes by what is installed where yum finds no package of that name, and ends with status 0", () => {
    const { guest, given, today } = FAMILIES_TO_PREPARE["CentOS 5"];
    const root = makeOldGuest(guest);
    fs.writeFileSync(`${root}/repo/kernel.gone`, "");
    const original = hashOf(`${root}/boot/vmlinuz-${today}`);
    const { status, report, lines } = runIn(root, "prepare");
    assert.equal(status, 4, lines.join("\n"));
    assert.match(report.problems[0].found, /^yum could not install kernel: No package kernel available\.$/);
    assert.match(report.problems[0].fix, /vault\.centos\.org/);
    assert.equal(hashOf(`${root}/boot/vmlinuz-${today}`), original);
    fs.rmSync(`${root}/repo/kernel.gone`);
    assert.equal(runIn(root, "prepare").status, 0);
    assert.ok(fs.existsSync(`${root}/boot/vmlinuz-${given}`));
  });
});

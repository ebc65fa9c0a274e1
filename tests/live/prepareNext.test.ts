/** An inspection that a preparation follows: it stops a migration for nothing that the preparation can mend. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { isRoot, removeFolders } from "../converter/disk/images";
import { CENTOS_6, UBUNTU_10_04 } from "./familiesToPrepare";
import { makeOldGuest, runIn } from "./oldGuest";

const XEN = ["--for", "xen"];

(isRoot ? describe : describe.skip)(
  "an inspection of a guest with nothing but a PV-only kernel",
  function () {
    this.timeout(60_000);
    after(removeFolders);

    it("is refused, and points to the preparation", () => {
      const { status, report } = runIn(makeOldGuest(UBUNTU_10_04), "inspect");
      assert.deepEqual([status, report.outcome], [3, "REFUSED"]);
      assert.match(report.problems[0].found, /2\.6\.32-305-ec2 is PV only/);
      assert.match(
        report.problems[0].fix,
        /source\.prepare: true.*Install linux-image-virtual-lts-backport-maverick/,
      );
    });

    it("passes where the preparation is next, with a warning", () => {
      const { status, report } = runIn(makeOldGuest(UBUNTU_10_04), "inspect", {
        words: [...XEN, "--prepare-next"],
      });
      assert.deepEqual([status, report.problems], [0, []]);
      assert.match(report.warnings.join("\n"), /2\.6\.32-305-ec2 is PV only .* Prepare is to mend that\.$/m);
    });

    it("is refused all the same where there is no package manager to prepare it", () => {
      const root = makeOldGuest(UBUNTU_10_04);
      fs.rmSync(`${root}/usr/bin/apt-get`);
      assert.equal(runIn(root, "inspect", { words: [...XEN, "--prepare-next"] }).status, 3);
    });

    it("is refused for 32 bits on Nitro, which no package mends", () => {
      const root = makeOldGuest(UBUNTU_10_04);
      fs.rmSync(`${root}/bin/sh`);
      fs.symlinkSync("busybox", `${root}/bin/sh`);
      fs.mkdirSync(`${root}/sbin`, { recursive: true });
      fs.writeFileSync(
        `${root}/sbin/init`,
        Buffer.concat([Buffer.from("\x7fELF\x01", "latin1"), Buffer.alloc(60)]),
      );
      const { status, report } = runIn(root, "inspect", { words: ["--prepare-next"] });
      assert.equal(status, 3);
      assert.match(report.problems[0].needed, /^x86_64: Nitro types start nothing else\.$/);
    });
  },
);

(isRoot ? describe : describe.skip)("an inspection of a guest without drivers for Nitro", function () {
  this.timeout(60_000);
  after(removeFolders);

  it("is refused where Nitro is wanted, and points to the preparation and to an entry", () => {
    const { status, report } = runIn(makeOldGuest(CENTOS_6), "inspect", { words: [] });
    assert.equal(status, 3);
    assert.match(
      report.problems[0].found,
      /2\.6\.32-220\.el6\.x86_64, which a conversion boots, has no nvme and ena/,
    );
    assert.match(
      report.problems[0].fix,
      /source\.prepare: true.*Install a kernel with nvme and ena .*, with an entry in \/boot\/grub\/menu\.lst, or leave the family out/,
    );
  });

  it("passes where the preparation is next, with a warning", () => {
    const { status, report } = runIn(makeOldGuest(CENTOS_6), "inspect", { words: ["--prepare-next"] });
    assert.deepEqual([status, report.problems], [0, []]);
    assert.match(report.warnings.join("\n"), /has no nvme and ena, .* Prepare is to mend that\.$/m);
  });

  it("passes on its own where Xen's types are all that is wanted", () => {
    const { status, report } = runIn(makeOldGuest(CENTOS_6), "inspect", { words: XEN });
    assert.deepEqual([status, report.problems], [0, []]);
  });
});

/** Preparations of guests in which somebody's installation was cut off before, and left no word of it. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { isRoot, removeFolders } from "../converter/disk/images";
import { FAMILIES_TO_PREPARE } from "./familiesToPrepare";
import { hashOf, makeOldGuest, runIn } from "./oldGuest";
import { callsOf, offer, write } from "./standIns";

const { guest, today, given } = FAMILIES_TO_PREPARE["Ubuntu 10.04"];
const STATE = "/var/lib/pv-to-hvm/live";

(isRoot ? describe : describe.skip)("prepare, where packages were left half-configured", function () {
  this.timeout(60_000);
  after(removeFolders);

  function makeGuest(): string {
    const root = makeOldGuest(guest);
    write(root, "/var/lib/half", "exim4\n");
    // Its script makes a menu of its own, as those of kernels do.
    offer(root, "exim4", () => undefined, "echo > /boot/grub/menu.lst");
    return root;
  }

  const bootFilesOf = (root: string) =>
    ["/boot/grub/menu.lst", `/boot/vmlinuz-${today}`].map((name) => hashOf(root + name));

  it("has dpkg finish them first, guards what boots today meanwhile, and tells of them", () => {
    const root = makeGuest();
    const { status, report, lines } = runIn(root, "prepare");
    assert.equal(status, 0, lines.join("\n"));
    assert.ok(report.packages.includes("exim4"), report.packages.join());
    const calls = callsOf(root);
    const finished = calls.findIndex((call) => call.startsWith("dpkg --configure -a"));
    const installed = calls.findIndex(
      (call) => / install /.test(call) && !/--simulate|-f install/.test(call),
    );
    assert.ok(finished >= 0 && finished < installed, calls.join("\n"));
    assert.ok(fs.existsSync(`${root}/boot/vmlinuz-${given}`));
    assert.match(fs.readFileSync(`${root}/boot/grub/menu.lst`, "utf8"), new RegExp(`vmlinuz-${today}`));
    assert.equal(runIn(root, "prepare").report.outcome, "NOCHANGE");
  });

  it("refuses where dpkg cannot, installs nothing, and begins anew the next time", () => {
    const root = makeGuest();
    write(root, "/var/lib/unmendable", "");
    const original = bootFilesOf(root);
    const { status, report } = runIn(root, "prepare");
    assert.equal(status, 3);
    assert.deepEqual(report.problems, [
      {
        found: "dpkg has begun and not finished exim4.",
        needed: "packages that are whole.",
        fix: "Run dpkg --configure -a and apt-get -f install, then run this again.",
      },
    ]);
    assert.deepEqual(bootFilesOf(root), original);
    assert.ok(!fs.existsSync(`${root}${STATE}/before`));
    assert.ok(!fs.existsSync(`${root}/boot/vmlinuz-${given}`));
    fs.rmSync(`${root}/var/lib/unmendable`);
    assert.equal(runIn(root, "prepare").status, 0);
  });
});

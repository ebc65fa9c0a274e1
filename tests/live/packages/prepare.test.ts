/** Preparations by real package managers: this machine's dnf, zypper and apt-get, in roots of their own, over tiny repositories. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { isRoot, removeFolders } from "../../converter/disk/images";
import { manifestOf } from "../oldGuest";
import type { LiveRun } from "../program";
import { freshGuest, hasManager, runInMachineGuest, scriptIn } from "./machineGuest";
import { MACHINE_GUESTS } from "./machineGuests";
import { todayOf } from "./todayOf";

const NITRO = { words: [] };

for (const [name, { guest, today, given }] of Object.entries(MACHINE_GUESTS))
  (isRoot && hasManager(guest.manager) ? describe : describe.skip)(
    `prepare of ${name} by the real ${guest.manager}, where an older kernel is installed`,
    function () {
      this.timeout(120_000);
      let root: string;
      let original: Record<string, string>;
      let run: LiveRun;

      before(() => {
        root = freshGuest(guest);
        original = todayOf(root, today);
        run = runInMachineGuest(root, "prepare", NITRO);
      });
      after(removeFolders);

      it("installs the newest one, and GRUB", () => {
        assert.deepEqual([run.status, run.report.problems], [0, []], run.lines.join("\n"));
        assert.equal(run.report.outcome, "CHANGED");
        assert.ok(fs.existsSync(`${root}/boot/vmlinuz-${given}`));
        assert.match(run.report.packages.join(" "), /kernel|linux-image/);
        assert.match(run.report.packages.join(" "), /grub/);
      });

      it("leaves kernel, initramfs and modules of today byte for byte", () =>
        assert.deepEqual(todayOf(root, today), original));

      it("leaves today's package installed, by the package manager's own word", () => {
        const asked =
          guest.manager === "apt-get" ? `dpkg -s linux-image-${today}` : `rpm -qf /boot/vmlinuz-${today}`;
        assert.match(scriptIn(root, asked), /install ok installed|^kernel/);
      });

      it("does nothing the second time, and writes nothing", () => {
        const first = manifestOf(root);
        const { status, report } = runInMachineGuest(root, "prepare", NITRO);
        assert.deepEqual([status, report.outcome], [0, "NOCHANGE"]);
        assert.deepEqual(manifestOf(root), first);
      });

      it("leaves this machine's own packages alone", () => assert.deepEqual(tracesOn(given), []));
    },
  );

/** What a preparation would have left on this machine itself, had it got out of its root. */
function tracesOn(given: string): string[] {
  const places = ["/boot", "/usr/lib/modules", "/var/lib/pv-to-hvm/live", "/usr/sbin/new-kernel-pkg"];
  const found = places.filter(
    (place) => fs.existsSync(place) && JSON.stringify(namesIn(place)).includes(given),
  );
  const database = "/var/lib/dpkg/status";
  return new RegExp(`^Package: .*${given}`, "m").test(fs.readFileSync(database, "utf8"))
    ? [...found, database]
    : found;
}

const namesIn = (place: string) => (fs.statSync(place).isDirectory() ? fs.readdirSync(place) : [place]);

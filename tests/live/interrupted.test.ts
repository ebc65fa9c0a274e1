/**
 * Preparations that are killed: at each step in which something is written, before, in and after an installation, and where the
 * connection drops. The next run goes on, and ends as one that nothing had disturbed.
 */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { isRoot, removeFolders } from "../converter/disk/images";
import { FAMILIES_TO_PREPARE, SLES_11 } from "./familiesToPrepare";
import { hashOf, makeOldGuest, manifestOf, type OldGuest, runIn, useDash } from "./oldGuest";
import { callsOf, writeScript } from "./standIns";

/** Programs by which the preparation writes to the disk. In each place where one is called the run is killed once. */
const WRITERS = ["cp", "mv", "sync", "mkdir", "chmod"];
const KILL = 'kill -9 "$(readlink /run/pv-to-hvm.lock | cut -d: -f1)"';

/** Each writer counts the preparation's own calls that touch the disk, and kills the preparation at the one in /tmp/at. */
function writeCountingWriters(root: string): void {
  for (const name of WRITERS)
    writeScript(
      root,
      `/wrapped/${name}`,
      `case "$*" in *dev/shm*|*/run/pv-to-hvm*) exec /bin/${name} "$@" ;; esac
grep -q pv-to-hvm.sh /proc/$PPID/cmdline || exec /bin/${name} "$@"
count=$(($(cat /tmp/count 2>/dev/null || echo 0) + 1))
echo $count > /tmp/count
[ "$count" != "$(cat /tmp/at 2>/dev/null)" ] || { ${KILL}; exit 1; }
exec /bin/${name} "$@"
`,
    );
}

/** Every third moment, from a first one that is another each time: all of them with PV_TO_HVM_ALL_KILLS=1. */
function chosenOf(moments: number): number[] {
  const all = Array.from({ length: moments }, (_, index) => index + 1);
  if (process.env.PV_TO_HVM_ALL_KILLS === "1") return all;
  const first = Number(process.env.PV_TO_HVM_FIRST_KILL ?? 1 + Math.floor(Math.random() * 3));
  console.log(`      every third moment of ${moments}: PV_TO_HVM_FIRST_KILL=${first}`);
  return all.filter((moment) => moment % 3 === first % 3);
}

const PATH = "/wrapped:/usr/bin:/usr/sbin:/bin";

function makeGuest(guest: OldGuest, touch: (root: string) => void = () => undefined): string {
  const root = makeOldGuest(guest);
  useDash(root);
  writeCountingWriters(root);
  touch(root);
  return root;
}

/** What is on the disk, without inodes: what was put back is another file with the same bytes. And without the log of both runs. */
function contentOf(root: string): Map<string, string> {
  const entries = [...manifestOf(root)].filter(([name]) => !/\/live\/log$|^\/wrapped/.test(name));
  return new Map(entries.map(([name, value]) => [name, value.replace(/ \d+ /, " ")]));
}

(isRoot ? describe : describe.skip)("prepare, killed", function () {
  this.timeout(600_000);
  after(removeFolders);

  it("at any moment in which it writes, ends the next time as if nothing had been", () => {
    const undisturbed = makeGuest(SLES_11);
    assert.equal(runIn(undisturbed, "prepare", { path: PATH }).status, 0);
    const moments = Number(fs.readFileSync(`${undisturbed}/tmp/count`, "utf8"));
    assert.ok(moments > 20, `${moments} moments`);
    for (const moment of chosenOf(moments)) assertTakenUp(moment, contentOf(undisturbed));
  });

  function assertTakenUp(moment: number, expected: Map<string, string>): void {
    const root = makeGuest(SLES_11);
    fs.writeFileSync(`${root}/tmp/at`, String(moment));
    const first = runIn(root, "prepare", { path: PATH });
    assert.notEqual(first.status, 0, `moment ${moment}`);
    const second = runIn(root, "prepare", { path: PATH });
    assert.equal(second.status, 0, `moment ${moment}: ${second.lines.join("\n")}`);
    assert.deepEqual(contentOf(root), expected, `moment ${moment}`);
    assert.equal(runIn(root, "prepare", { path: PATH }).report.outcome, "NOCHANGE", `moment ${moment}`);
    fs.rmSync(root, { recursive: true });
  }

  for (const [name, { guest, families, given }] of Object.entries(FAMILIES_TO_PREPARE)) {
    const kernel = Object.keys(guest.packages).find((one) => guest.packages[one].kernel);
    if (kernel === undefined) continue;
    const words = ["--for", families.join(",")];
    const script = guest.packages[kernel].script ?? "true";

    it(`while ${name}'s kernel is installed, which goes on without it, waits for that and goes on`, () => {
      // The package manager is left alone at work, for longer than the next run needs to begin.
      const root = makeGuest({
        ...guest,
        packages: {
          ...guest.packages,
          [kernel]: { ...guest.packages[kernel], script: `${KILL}; sleep 3; ${script}` },
        },
      });
      assert.notEqual(runIn(root, "prepare", { words, isDropped: true }).status, 0);
      const { status, lines } = runIn(root, "prepare", { words });
      assert.equal(status, 0, lines.join("\n"));
      assert.ok(
        lines.some((line) => /^Waiting for process \d+, which an interrupted run left at work$/.test(line)),
        lines.join("\n"),
      );
      assert.ok(fs.existsSync(`${root}/boot/vmlinuz-${given}`));
      assert.equal(runIn(root, "prepare", { words }).report.outcome, "NOCHANGE");
    });
  }

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

/** Guests whose preparation is killed on the way. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { FAMILIES_TO_PREPARE } from "./familiesToPrepare";
import { makeOldGuest, type OldGuest, runIn, useDash } from "./oldGuest";
import { writeScript } from "./standIns";

/** Programs by which the preparation writes to the disk. */
const WRITERS = ["cp", "mv", "sync", "mkdir", "chmod"];
export const KILL = 'kill -9 "$(readlink /run/pv-to-hvm.lock | cut -d: -f1)"';

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

/** Where the counting writers are found first. */
export const PATH = "/wrapped:/usr/bin:/usr/sbin:/bin";

/** An old guest whose writers count. */
export function makeGuest(guest: OldGuest, touch: (root: string) => void = () => undefined): string {
  const root = makeOldGuest(guest);
  useDash(root);
  writeCountingWriters(root);
  touch(root);
  return root;
}

export type Family = keyof typeof FAMILIES_TO_PREPARE;

/** All families that are prepared. */
export const FAMILIES = Object.keys(FAMILIES_TO_PREPARE) as Family[];

/** What `npm test` interrupts: one with apt-get, one with yum. */
export const COMMON: Family[] = ["Ubuntu 10.04", "CentOS 5"];

/** A test for each of these that installs a kernel: killed meanwhile, while the package manager goes on by itself. */
export function itWaitsForTheKernel(names: Family[]): void {
  for (const name of names) {
    const { guest, families, given } = FAMILIES_TO_PREPARE[name];
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
}

/** Preparations that are killed wherever they write, and in the installation of the families that `interrupted.test.ts` leaves out. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { isRoot, removeFolders } from "../converter/disk/images";
import { SLES_11 } from "./familiesToPrepare";
import { COMMON, FAMILIES, itWaitsForTheKernel, makeGuest, PATH } from "./interrupting";
import { manifestOf, runIn } from "./oldGuest";

/** Every third moment, from a first one that is another each time: all of them with PV_TO_HVM_ALL_KILLS=1. */
function chosenOf(moments: number): number[] {
  const all = Array.from({ length: moments }, (_, index) => index + 1);
  if (process.env.PV_TO_HVM_ALL_KILLS === "1") return all;
  const first = Number(process.env.PV_TO_HVM_FIRST_KILL ?? 1 + Math.floor(Math.random() * 3));
  console.log(`      every third moment of ${moments}: PV_TO_HVM_FIRST_KILL=${first}`);
  return all.filter((moment) => moment % 3 === first % 3);
}

/** What is on the disk, without inodes: what was put back is another file with the same bytes. And without the log of both runs. */
function contentOf(root: string): Map<string, string> {
  const entries = [...manifestOf(root)].filter(([name]) => !/\/live\/log$|^\/wrapped/.test(name));
  return new Map(entries.map(([name, value]) => [name, value.replace(/ \d+ /, " ")]));
}

(isRoot ? describe : describe.skip)("prepare, killed wherever it writes", function () {
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

  itWaitsForTheKernel(FAMILIES.filter((name) => !COMMON.includes(name)));
});

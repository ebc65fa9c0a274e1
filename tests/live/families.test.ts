/** Every family of PV guests, looked at by the live program and by the converter: the two have to say the same. */
import * as assert from "node:assert/strict";
import { RefusedError } from "../../converter/errors";
import { isRoot, removeFolders } from "../converter/disk/images";
import { GUESTS, type Guest } from "../converter/families/guests";
import { REFUSED_GUESTS } from "../converter/families/refusedGuests";
import { assertSame, converterFinds } from "./comparison";
import { type LiveRun, runLive, shellsHere } from "./program";
import { hasOwnBoot, withTree } from "./trees";

const REFUSED = new Set(REFUSED_GUESTS.map(({ folder }) => folder));

for (const guest of [...GUESTS, ...REFUSED_GUESTS])
  (isRoot ? describe : describe.skip)(`inspect of ${guest.folder}`, function () {
    this.timeout(60_000);
    after(removeFolders);

    it("finds the menu, the entry and the kernels that the converter finds, in every shell", () =>
      withTree(guest, (root) => assertAgreement(guest, root)));
  });

async function assertAgreement(guest: Guest, root: string): Promise<void> {
  const runs = shellsHere().map((shell) => runLive(shell, ["inspect", root, ...(guest.options ?? [])]));
  for (const one of runs) assert.equal(withoutSpace(one), withoutSpace(runs[0]));
  const found = await converterFinds(root, hasOwnBoot(guest)).catch((error: unknown) => {
    if (error instanceof RefusedError) return undefined;
    throw error;
  });
  if (found) assertSame(runs[0].report, found);
  assertOutcome(runs[0], REFUSED.has(guest.folder));
}

/** Room on the disk changes from one run to the next. */
function withoutSpace({ stdout }: LiveRun): string {
  return stdout.replace(/"mb": \d+/g, '"mb": 0');
}

function assertOutcome({ status, lines, report }: LiveRun, isRefused: boolean): void {
  assert.equal(report.outcome, isRefused ? "REFUSED" : "NOCHANGE", JSON.stringify(report.problems));
  assert.equal(status, isRefused ? 3 : 0);
  assert.equal(lines.at(-1), `${report.outcome}: ${report.summary}`);
  for (const { found, needed, fix } of report.problems)
    for (const text of [found, needed, fix]) assert.match(text, /.\.$/);
}

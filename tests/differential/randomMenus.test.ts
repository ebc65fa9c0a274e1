/**
 * Menus at random: what GRUB 0.97 starts from the source, what the report names and what GRUB 2 starts from the result are
 * the same kernel, or the guest is refused. PV_TO_HVM_RANDOM_MENUS gives how many, PV_TO_HVM_RANDOM_SEED the seed of the
 * first one; a failure says which seed plays it again.
 */
import assert from "node:assert/strict";
import { isRoot, removeFolders } from "../converter/disk/images";
import { describe as describeWays, disagreement } from "./disagreement";
import { MENU } from "./guest";
import { inTurn } from "./pool";
import { randomMenu } from "./randomMenu";
import { askThreeWays, type ThreeWays } from "./threeWays";

const COUNT = Number(process.env.PV_TO_HVM_RANDOM_MENUS ?? 20);
const FIRST_SEED = Number(process.env.PV_TO_HVM_RANDOM_SEED ?? 97);

async function play(seed: number): Promise<ThreeWays & { fault?: string }> {
  const { menu, files } = randomMenu(seed);
  const ways = await askThreeWays({ [MENU]: menu, ...files });
  const fault = disagreement(ways);
  if (fault === undefined) return ways;
  const again = `PV_TO_HVM_RANDOM_SEED=${seed} PV_TO_HVM_RANDOM_MENUS=1 npx mocha tests/differential/randomMenus.test.ts`;
  return { ...ways, fault: `${fault}\nplay it again: ${again}\n${describeWays(menu, ways)}` };
}

describe(`${COUNT} menus at random, from seed ${FIRST_SEED} on`, function () {
  this.timeout(60_000 + COUNT * 30_000);
  after(removeFolders);

  it("mean the same to GRUB 0.97, to the report and to GRUB 2, or are refused", async function () {
    if (!isRoot) this.skip();
    const seeds = Array.from({ length: COUNT }, (_, index) => FIRST_SEED + index);
    const played = await Promise.all(inTurn(seeds, play));
    const faults = played.flatMap(({ fault }) => fault ?? []);
    const converted = played.filter(({ result }) => result).length;
    assert.equal(faults.length, 0, `${faults.length} of ${COUNT} disagree:\n\n${faults.join("\n\n")}`);
    // A product that refuses everything would agree with everybody.
    assert.ok(COUNT < 10 || converted > COUNT / 4, `only ${converted} of ${COUNT} were converted`);
  });
});

/**
 * Menus at random: what GRUB 0.97 starts from the source, what the report names and what GRUB 2 starts from the result are
 * the same kernel, or the guest is refused.
 */
import assert from "node:assert/strict";
import { isRoot, removeFolders } from "../converter/disk/images";
import { describe as describeWays, disagreement } from "./disagreement";
import { MENU } from "./guest";
import { inTurn } from "./pool";
import { randomMenu } from "./randomMenu";
import { askThreeWays, type ThreeWays } from "./threeWays";

async function play(seed: number): Promise<ThreeWays & { fault?: string }> {
  const { menu, files } = randomMenu(seed);
  const ways = await askThreeWays({ [MENU]: menu, ...files });
  const fault = disagreement(ways);
  if (fault === undefined) return ways;
  const again = `PV_TO_HVM_RANDOM_SEED=${seed} PV_TO_HVM_RANDOM_MENUS=1 npx mocha tests/differential/randomMenus.test.ts`;
  return { ...ways, fault: `${fault}\nplay it again: ${again}\n${describeWays(menu, ways)}` };
}

/** A test of `count` menus, each from a seed of its own; a failure says which seed plays it again. */
export function playRandomMenus(count: number, firstSeed: number): void {
  describe(`${count} menus at random, from seed ${firstSeed} on`, function () {
    this.timeout(60_000 + count * 30_000);
    after(removeFolders);

    it("mean the same to GRUB 0.97, to the report and to GRUB 2, or are refused", async function () {
      if (!isRoot) this.skip();
      const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
      let done = 0;
      const played = await Promise.all(
        inTurn(seeds, async (seed) => {
          const ways = await play(seed);
          done += 1;
          // A run that says nothing for half an hour is taken to hang.
          if (done % 50 === 0) console.log(`      ${done} of ${count} menus played`);
          return ways;
        }),
      );
      const faults = played.flatMap(({ fault }) => fault ?? []);
      const converted = played.filter(({ result }) => result).length;
      assert.equal(faults.length, 0, `${faults.length} of ${count} disagree:\n\n${faults.join("\n\n")}`);
      // A product that refuses everything would agree with everybody.
      assert.ok(count < 10 || converted > count / 4, `only ${converted} of ${count} were converted`);
    });
  });
}

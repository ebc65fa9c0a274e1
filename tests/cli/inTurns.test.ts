import assert from "node:assert/strict";
import { inTurns } from "../../cli/inTurns";

describe("questions in turns", () => {
  it("are asked so many at once, and answered in their order", async () => {
    let [under, most] = [0, 0];
    const ask = async (question: number) => {
      most = Math.max(most, ++under);
      for (let turn = 0; turn < question; turn++) await Promise.resolve();
      under--;
      return question * 10;
    };
    const answers = await inTurns([5, 1, 4, 2, 3], ask, 2);
    assert.deepEqual(answers, [50, 10, 40, 20, 30]);
    assert.equal(most, 2);
  });

  it("end with the first error", async () => {
    const ask = (question: number) => Promise.reject(new Error(`no ${question}`));
    await assert.rejects(inTurns([1, 2], ask, 1), /no 1/);
  });
});

import assert from "node:assert/strict";
import { nearest } from "../../../components/checks/nearest";

const KEYS = ["source", "destination", "launch", "keyName", "until", "tags"];

describe("the key that was meant", () => {
  const ROWS: [word: string, meant: string | undefined][] = [
    ["destinaton", "destination"],
    ["Destination", "destination"],
    ["keyname", "keyName"],
    ["untill", "until"],
    ["lauch", "launch"],
    ["tag", "tags"],
    ["sauce", undefined],
    ["x", undefined],
    ["revision", undefined],
  ];
  for (const [word, meant] of ROWS) {
    it(`by ${word} is ${meant ?? "none of these"}`, () => assert.equal(nearest(word, KEYS), meant));
  }

  it("is none where there are none", () => assert.equal(nearest("a", []), undefined));
});

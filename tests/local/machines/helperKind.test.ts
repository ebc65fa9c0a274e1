import assert from "node:assert/strict";
import { helperKind, HELPERS_VARIABLE } from "../../../local/machines/helperKind";

describe("the kind of machine that helpers are", () => {
  const cases = [
    { named: undefined, accelerator: "kvm", kind: "virtual-machine" },
    { named: undefined, accelerator: "tcg", kind: "container" },
    { named: "", accelerator: "tcg", kind: "container" },
    { named: "container", accelerator: "kvm", kind: "container" },
    { named: "virtual-machine", accelerator: "tcg", kind: "virtual-machine" },
  ] as const;
  for (const { named, accelerator, kind } of cases) {
    it(`is ${kind} with ${accelerator} and ${named === undefined ? "nothing" : JSON.stringify(named)} said`, async () =>
      assert.equal(await helperKind({ [HELPERS_VARIABLE]: named }, async () => accelerator), kind));
  }

  it("is not tried out where it is named", async () => {
    const kind = await helperKind({ [HELPERS_VARIABLE]: "container" }, () => assert.fail("tried"));
    assert.equal(kind, "container");
  });

  it("is refused where it is another word, with those that there are", async () => {
    await assert.rejects(
      helperKind({ [HELPERS_VARIABLE]: "vm" }, async () => "tcg"),
      /PV_TO_HVM_HELPERS: "vm" is no kind of machine.*container or virtual-machine/,
    );
  });
});

import assert from "node:assert/strict";
import type { PvToHvmMigrationArgs } from "../../../components";
import { ARGS, LAUNCHING, register, type Registered } from "../mockEngine";
import { publishedImage, worldWith } from "../published/publishedImages";

const namesOf = (registered: Registered[], option: "protect" | "retainOnDelete") =>
  registered.filter((resource) => resource[option]).map(({ name }) => name.replace("web-", ""));

const ROWS: [title: string, asked: Partial<PvToHvmMigrationArgs>, isProtected: string[], isKept: string[]][] =
  [
    ["nothing where nothing is asked for", {}, [], []],
    ["nothing where it is declined", { protect: false, keepImage: false }, [], []],
    ["image, snapshot and instance by protect", { protect: true }, ["snapshot", "image", "instance"], []],
    ["image and snapshot by keepImage", { keepImage: true }, [], ["snapshot", "image"]],
    [
      "each by its own, where both are asked for",
      { protect: true, keepImage: true },
      ["snapshot", "image", "instance"],
      ["snapshot", "image"],
    ],
  ];

describe("what a migration is made for is kept:", () => {
  for (const [title, asked, isProtected, isKept] of ROWS) {
    it(title, async () => {
      const { registered } = await register({ ...LAUNCHING, ...asked });
      assert.deepEqual(namesOf(registered, "protect"), isProtected);
      assert.deepEqual(namesOf(registered, "retainOnDelete"), isKept);
    });
  }

  it("in a stack without a workbench as well", async () => {
    const args = { ...LAUNCHING, workbench: "removed", protect: true } as const;
    const { registered } = await register(args, worldWith([publishedImage()]));
    assert.deepEqual(namesOf(registered, "protect"), ["snapshot", "image", "instance"]);
  });

  it("and changes nothing else of any resource", async () => {
    const plain = (await register(ARGS)).registered;
    const kept = (await register({ ...ARGS, protect: true, keepImage: true })).registered;
    const withoutOptions = kept
      .filter(({ name }) => name !== "web")
      .map(({ protect: _, retainOnDelete: __, ...rest }) => rest);
    assert.deepEqual(
      withoutOptions,
      plain.filter(({ name }) => name !== "web"),
    );
  });
});

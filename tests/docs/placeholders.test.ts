/** Addresses that an example has in the place of the reader's own are refused as they stand, so each says what to do. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cidrProblem } from "../../components/checks/cidr";
import { DOCUMENTS, read, ROOT } from "./documents";

const FILES = [
  ...DOCUMENTS,
  ...readdirSync(join(ROOT, "stacks")).map((file) => `stacks/${file}`),
  ...["args", "sourceArgs", "program/pvToHvmMigration"].map((file) => `components/${file}.ts`),
];

/** Blocks of one address that the component refuses as a document's, with the line that they stand in. */
const PLACEHOLDERS = FILES.flatMap((file) =>
  read(file)
    .split("\n")
    .flatMap((line) => {
      const blocks = line.match(/(?<![\w.:])[\da-f.:]+\/(?:32|128)(?!\d)/g) ?? [];
      const refused = blocks.filter((block) =>
        cidrProblem("", block).some(({ reason }) => /is a placeholder/.test(reason)),
      );
      return refused.length > 0 && !/\(RFC \d+\)/.test(line) ? [{ file, line }] : [];
    }),
);

describe("an address of an example", () => {
  it("is found on the front page, in the first stack and in the arguments' docstrings", () => {
    const files = new Set(PLACEHOLDERS.map(({ file }) => file));
    for (const file of ["README.md", "stacks/Pulumi.dev.yaml", "components/args.ts"]) {
      assert.ok(files.has(file), file);
    }
  });

  it("says on its own line that the reader's own belongs there", () => {
    assert.deepEqual(
      PLACEHOLDERS.filter(({ line }) => !/put your own address here/.test(line)),
      [],
    );
  });
});

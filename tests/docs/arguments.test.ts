/** The page of the arguments against the schema, which comes about in another way: by Pulumi's own analyzer. */
import assert from "node:assert/strict";
import { HELPER_TYPES } from "../../components/lookups/offerings";
import { all, read } from "./documents";

interface Group {
  properties: Record<string, { $ref?: string }>;
}

const schema = JSON.parse(read("provider/schema.json")) as {
  resources: Record<string, Group & { inputProperties: Record<string, { $ref?: string }> }>;
  types: Record<string, Group | undefined>;
};
const component = schema.resources["pv-to-hvm:index:PvToHvmMigration"];
const [overview, outputs] = [/^\| argument[\s\S]*?\n\n/m, /^## Outputs[\s\S]*?\n### /m].map(
  (part) => part.exec(read("docs/arguments.md"))?.[0] ?? "",
);

describe("docs/arguments.md", () => {
  it("lists every argument of the schema's groups, and no other", () => {
    const expected = Object.entries(component.inputProperties).flatMap(([name, { $ref = "" }]) => {
      const inside = Object.keys(schema.types[$ref.replace("#/types/", "")]?.properties ?? {});
      return [name, ...inside.map((inner) => `${name}.${inner}`)];
    });
    const listed = all(/^\| \[`([\w.]+)`\]/gm, overview);
    const ofGroups = listed.filter((name) => name.split(".").length <= 2 && !name.startsWith("jumpHost"));
    assert.deepEqual(ofGroups.sort(), expected.sort());
  });

  it("lists every output", () => {
    assert.deepEqual(all(/^\| `(\w+)`/gm, outputs).sort(), Object.keys(component.properties).sort());
  });

  it("gives the helper the types that it has by default, in their order", () => {
    const names = HELPER_TYPES.map((type) => `\`${type}\``);
    const listed = `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
    assert.ok(read("docs/arguments.md").includes(listed), listed);
  });

  for (const [name, isPart] of [
    ["destination.sizeGb", true],
    ["guest.families", true],
    ["revision", true],
    ["helper.instanceType", false],
    ["image.name", false],
    ["workbench", false],
  ] as const) {
    it(`says that ${name} is ${isPart ? "" : "no "}part of the key`, () => {
      const row = overview.split("\n").find((line) => line.startsWith(`| [\`${name}\`]`));
      assert.equal(row?.split("|")[3].trim(), isPart ? "yes" : "");
    });
  }
});

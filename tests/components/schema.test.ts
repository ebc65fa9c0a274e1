import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { completeSchema } from "../../local/schema/complete";
import { readDocstrings } from "../../local/schema/docstrings";
import { inferSchema } from "../../local/schema/infer";
import type { PackageSchema, Properties } from "../../local/schema/schemaTypes";
import { COMPONENT } from "../../provider/migrationProvider";

const ROOT = join(__dirname, "..", "..");
const SCHEMA = join(ROOT, "provider", "schema.json");

describe("the component's schema, for every language of Pulumi,", function () {
  // Inference type-checks the whole program.
  this.timeout(180_000);

  it("is what the sources say (UPDATE_GOLDEN=1 writes provider/schema.json anew)", async () => {
    const schema = completeSchema(await inferSchema(ROOT), readDocstrings(ROOT, ["components"]));
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(SCHEMA, text);
    assert.equal(text, readFileSync(SCHEMA, "utf8"));
  });

  describe("says of", () => {
    const schema = JSON.parse(readFileSync(SCHEMA, "utf8")) as PackageSchema;
    const component = schema.resources[COMPONENT];
    const types = Object.entries(schema.types).map(([token, type]) => ({ name: lastWord(token), ...type }));
    /** Inputs and outputs, those of nested types included, each with the names of the required ones. */
    const groups: { name: string; properties: Properties; required: string[] }[] = [
      { name: "inputs", properties: component.inputProperties, required: component.requiredInputs },
      { name: "outputs", properties: component.properties, required: component.required },
      ...types.map(({ name, properties = {}, required = [] }) => ({ name, properties, required })),
    ];
    const all = groups.flatMap(({ name, properties, required }) =>
      Object.entries(properties).map(([field, property]) => ({
        name: `${name}.${field}`,
        optional: !required.includes(field),
        isInput: inputTypes(schema).has(name),
        description: property.description ?? "",
        isNumber: property.type === "number" || property.type === "integer",
      })),
    );

    it("every input, output and field what it means", () => {
      assert.deepEqual(named(all.filter(({ description }) => !/\S.*[.…`]$/s.test(description))), []);
      assert.ok(all.length > 100, `only ${all.length} of them`);
    });

    it("every type what it is, and every enum's value what it does", () => {
      const values = types.flatMap(({ name, enum: members = [] }) =>
        members.map((member) => ({ name: `${name}.${member.name}`, description: member.description })),
      );
      assert.deepEqual(named([...types, ...values].filter(({ description }) => !description)), []);
      assert.ok(values.length > 10, `only ${values.length} values`);
    });

    it("every optional input what it is when it is not given", () => {
      const optional = all.filter(({ isInput, optional }) => isInput && optional);
      assert.deepEqual(named(optional.filter(({ description }) => !/Default: /.test(description))), []);
    });

    it("every number its unit, or that it has none", () => {
      const unit = /\b(GiB|MiB|seconds|bytes|port|number)\b/i;
      assert.deepEqual(
        named(all.filter(({ isNumber, description }) => isNumber && !unit.test(description))),
        [],
      );
    });
  });
});

/** The types that inputs are made of, and the inputs themselves. */
function inputTypes({ resources, types }: PackageSchema): Set<string> {
  const reached = new Set<string>();
  const follow = (value: unknown): void =>
    [...JSON.stringify(value ?? {}).matchAll(/"#\/types\/([^"]+)"/g)].forEach(([, token]) => {
      if (reached.has(token)) return;
      reached.add(token);
      follow(types[token]);
    });
  follow(resources[COMPONENT].inputProperties);
  return new Set(["inputs", ...[...reached].map(lastWord)]);
}

function lastWord(token: string): string {
  return token.split(":").pop() ?? "";
}

function named(things: { name: string }[]): string[] {
  return things.map(({ name }) => name);
}

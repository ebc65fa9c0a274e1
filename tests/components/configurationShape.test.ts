/** The table of what a stack's configuration may hold, against the schema: every argument has a key, and none is made up. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ARGUMENTS, ENTRY, type ObjectShape, type Shape } from "../../components/configurationShape";

interface Property {
  type?: string;
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
}
interface SchemaType extends Property {
  properties?: { [name: string]: Property };
}
interface Schema {
  types: { [token: string]: SchemaType };
  resources: { [token: string]: { inputProperties: { [name: string]: Property } } };
}

const GOLDEN = join(__dirname, "..", "..", "provider", "schema.json");
const schema = JSON.parse(readFileSync(GOLDEN, "utf8")) as Schema;

/** What only a program can give: outputs of others. */
const FOR_PROGRAMS = ["waitFor"];

/** The schema's properties in the table's words, without those that are left out. */
function shapeOf(properties: { [name: string]: Property }, left = FOR_PROGRAMS): ObjectShape {
  const names = Object.keys(properties).filter((name) => !left.includes(name));
  return Object.fromEntries(names.map((name) => [name, kindOf(properties[name], left)]));
}

function kindOf(property: Property, left: string[]): Shape {
  if (property.type === "array") return "strings";
  if (property.additionalProperties) return "map";
  if (property.type === "integer") return "number";
  if (property.$ref === undefined) return property.type as Shape;
  const type = schema.types[property.$ref.replace("#/types/", "")];
  return type.properties ? shapeOf(type.properties, left) : (type.type as Shape);
}

/** The table without what stands for an argument in a file of configuration, its keys in order. */
function argumentsOf(shape: ObjectShape): ObjectShape {
  const names = Object.keys(shape).filter((name) => name !== "privateKeyFile");
  return Object.fromEntries(
    names.map((name) => {
      const inner = shape[name];
      return [name, typeof inner === "object" ? argumentsOf(inner) : inner];
    }),
  );
}

describe("the keys of a migration in a stack's configuration", () => {
  const { inputProperties } = schema.resources["pv-to-hvm:index:PvToHvmMigration"];

  it("are the component's arguments, each of its own kind, `enabled` and `formerName`", () => {
    const { enabled, formerName, ...rest } = argumentsOf(ENTRY);
    assert.deepEqual([enabled, formerName], ["boolean", "string"]);
    assert.deepEqual(rest, shapeOf(inputProperties));
  });

  it("and of the component's own arguments are all that the schema has", () => {
    assert.deepEqual(ARGUMENTS, shapeOf(inputProperties, []));
  });

  it("have a file beside every private key", () => {
    const lone = (shape: ObjectShape): string[] =>
      Object.entries(shape).flatMap(([name, inner]) => {
        if (typeof inner === "object") return lone(inner);
        return name === "privateKey" && shape.privateKeyFile !== "string" ? [JSON.stringify(shape)] : [];
      });
    assert.deepEqual(lone(ENTRY), []);
  });
});

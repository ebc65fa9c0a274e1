import assert from "node:assert/strict";
import { join } from "node:path";
import { ComponentProvider } from "@pulumi/pulumi/provider/experimental/provider";
import { PvToHvmMigration } from "../../components";
import { assertGolden } from "./golden";

interface Property {
  description?: string;
}
interface Schema {
  resources: Record<
    string,
    { inputProperties: Record<string, Property>; properties: Record<string, Property> }
  >;
  types: Record<string, { properties?: Record<string, Property> }>;
}

describe("the component's schema, for every language of Pulumi,", function () {
  // The analyzer type-checks the whole program.
  this.timeout(180_000);
  let schema: Schema;
  before(async () => {
    const dirname = join(__dirname, "..", "..");
    const provider = new ComponentProvider({ components: [PvToHvmMigration], dirname, name: "pv-to-hvm" });
    schema = JSON.parse(await provider.getSchema()) as Schema;
  });

  it("is this file", () => assertGolden("schema.json", `${JSON.stringify(schema, null, 2)}\n`));

  it("documents every argument and every output", () => {
    const component = schema.resources["pv-to-hvm:index:PvToHvmMigration"];
    const argumentTypes = Object.entries(schema.types).filter(([name]) => name.endsWith("Args"));
    const groups = { inputs: component.inputProperties, outputs: component.properties };
    const all = [
      ...Object.entries(groups),
      ...argumentTypes.map(([name, type]) => [name, type.properties ?? {}] as const),
    ];
    const undocumented = all.flatMap(([group, properties]) =>
      Object.entries(properties)
        .filter(([, { description }]) => !description)
        .map(([name]) => `${group}.${name}`),
    );
    assert.deepEqual(undocumented, []);
    assert.ok(argumentTypes.length >= 9, `only ${argumentTypes.length} types of arguments`);
  });
});

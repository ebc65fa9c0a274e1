import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Declared, readDeclarations } from "../../../docs/tools/reference/docstrings";
import { keyNames } from "../../../docs/tools/reference/keyNames";
import { sectionsOf } from "../../../docs/tools/reference/tree";
import { anchor, defaultWords, firstSentence, typeWords } from "../../../docs/tools/reference/words";

const SOURCE = `
/** Ways. */
export const Way = {
  /** The short one. */
  Short: "short",
  Long: "long",
} as const;

/** A host. */
export interface HostArgs {
  /** Its name. */
  name: pulumi.Input<string>;
}

/** All of it. */
export interface AllArgs {
  /**
   * Two lines of
   * one paragraph. And more.
   * @default "short"
   * @example
   * \`\`\`ts
   * { way: "long" }
   * \`\`\`
   */
  way?: pulumi.Input<Way>;
  names?: pulumi.Input<pulumi.Input<string>[]>;
  plain: boolean;
  host?: HostArgs;
  inner: { notAnInterface: string };
  deep: DeepArgs;
}

export interface DeepArgs {
  host: HostArgs;
}

export class Thing {
  /** Resolves late. */
  public readonly id: pulumi.Output<string | undefined>;
  private readonly secret: string;
}
`;

describe("docstrings", () => {
  let declared: Map<string, Declared>;
  before(() => {
    const folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-docs-"));
    const file = join(folder, "source.ts");
    writeFileSync(file, SOURCE);
    declared = readDeclarations([file]);
    rmSync(folder, { recursive: true });
  });

  const property = (type: string, name: string) => {
    const found = declared.get(type)?.properties.find((one) => one.name === name);
    assert.ok(found, `${type}.${name}`);
    return found;
  };

  it("give text, default and example", () => {
    const { text, default: value, examples } = property("AllArgs", "way");
    assert.equal(text, "Two lines of one paragraph. And more.");
    assert.equal(value, '"short"');
    assert.deepEqual(examples, ['```ts\n{ way: "long" }\n```']);
  });

  it("come with types freed of Input and Output", () => {
    assert.equal(property("AllArgs", "names").type, "string[]");
    assert.equal(property("Thing", "id").type, "string");
    assert.ok(property("Thing", "id").isOptional);
  });

  it("come with what is plain, and what is optional", () => {
    assert.ok(property("AllArgs", "plain").isPlain && !property("AllArgs", "plain").isOptional);
    assert.ok(!property("AllArgs", "way").isPlain && property("AllArgs", "way").isOptional);
  });

  it("leave private fields alone", () => {
    assert.deepEqual(
      declared.get("Thing")?.properties.map(({ name }) => name),
      ["id"],
    );
  });

  it("give the values of an enumeration", () => {
    assert.deepEqual(declared.get("Way")?.values, [
      { value: "short", text: "The short one." },
      { value: "long", text: "" },
    ]);
  });

  it("make one section, the last, of a group that stands in two places", () => {
    const sections = sectionsOf("AllArgs", declared);
    assert.deepEqual(
      sections.map(({ title, places }) => [title, places]),
      [
        ["", []],
        ["deep", []],
        ["host", ["host", "deep.host"]],
      ],
    );
  });
});

describe("the key's names", () => {
  it("are those arguments of which the key makes an entry", () => {
    const argument = (path: string) => ({ path, name: path.split(".").pop() ?? "" });
    const section = (title: string, ...names: string[]) => ({
      title,
      type: "",
      places: [],
      text: "",
      arguments: names.map((name) => ({
        ...argument(name),
        type: "string",
        isOptional: true,
        isPlain: true,
        text: "",
        examples: [],
      })),
    });
    const names = keyNames([
      section("", "source", "revision", "until"),
      section("source", "imageId"),
      section("helper", "subnetId"),
    ]);
    assert.deepEqual([...names].sort(), ["revision", "source.imageId"]);
  });
});

describe("the words of the reference", () => {
  const SENTENCES: [text: string, first: string][] = [
    ["One. Two.", "One."],
    ["No end", "No end"],
    ["Of `a.b` and c. More", "Of `a.b` and c."],
    ["Ends: (10.0.0.0/8). More", "Ends: (10.0.0.0/8)."],
  ];
  for (const [text, first] of SENTENCES) {
    it(`take "${first}" for the first sentence of "${text}"`, () => assert.equal(firstSentence(text), first));
  }

  const DEFAULTS: [value: string | undefined, isOptional: boolean, words: string][] = [
    [undefined, false, "needed"],
    [undefined, true, "none"],
    ['"gp3"', true, "`gp3`"],
    ["22", true, "`22`"],
    ['["xen", "nitro"]', true, '`["xen", "nitro"]`'],
    ["false; true where there is a `jumpHost`", true, "false; true where there is a `jumpHost`"],
  ];
  for (const [value, isOptional, words] of DEFAULTS) {
    it(`say ${words} for the default ${value}${isOptional ? "" : " of what is needed"}`, () => {
      const rest = { name: "x", type: "string", isPlain: true, text: "", examples: [] };
      assert.equal(defaultWords({ ...rest, isOptional, default: value }), words);
    });
  }

  it("say a list, a map, an enumeration and a group in words", () => {
    const way = {
      name: "Way",
      text: "",
      examples: [],
      properties: [],
      values: [
        { value: "a", text: "" },
        { value: "b", text: "" },
      ],
    };
    const group = { ...way, name: "Group", values: [] };
    const declared = new Map<string, Declared>([
      ["Way", way],
      ["Group", group],
    ]);
    const link = (type: string) => `[${type}]`;
    assert.equal(typeWords("string[]", declared, link), "a list of `string`");
    assert.equal(typeWords("{ [key: string]: string }", declared, link), "a map of strings");
    assert.equal(typeWords("Way", declared, link), "`a`, `b`");
    assert.equal(typeWords("Group", declared, link), "[Group]");
  });

  it("make the anchors that GitHub makes", () => {
    assert.equal(anchor("launch.connection.user"), "launchconnectionuser");
    assert.equal(anchor("What goes wrong, in the field"), "what-goes-wrong-in-the-field");
  });
});

import assert from "node:assert/strict";
import { drawGraph } from "../../../docs/tools/graph/drawing";
import { LANES, WIDTH } from "../../../docs/tools/graph/lanes";
import { layOut, type Node } from "../../../docs/tools/graph/layout";
import {
  describe as describeGraph,
  everyResource,
  type Resource,
  withoutImplied,
} from "../../../docs/tools/graph/resources";
import { resourceRow } from "../../../components/resources";
import { all, read } from "../documents";

describe("the drawing of the graph", () => {
  let resources: Resource[];
  let nodes: Node[];
  before(async () => {
    resources = await everyResource();
    ({ nodes } = layOut(resources));
  });

  it("has every resource once", () => {
    const drawn = all(/class="role"[^>]*>([^<]+)</g, drawGraph(resources));
    assert.deepEqual(drawn.sort(), resources.map(({ role }) => role).sort());
  });

  it("has each of them in one lane alone", () => {
    const roles = LANES.flatMap(({ groups }) => groups.flatMap((group) => group.roles));
    assert.deepEqual(
      roles.filter((role, index) => roles.indexOf(role) !== index),
      [],
    );
  });

  it("keeps all boxes inside, and apart from each other", () => {
    for (const one of nodes) {
      assert.ok(one.x >= 0 && one.x + one.width <= WIDTH, `${one.role} ends at ${one.x + one.width}`);
      const touching = nodes.filter((other) => other !== one && overlap(one, other)).map(({ role }) => role);
      assert.deepEqual(touching, [], one.role);
    }
  });

  it("has an arrow for every dependency that another does not imply", () => {
    const arrows = drawGraph(resources).match(/<path class="arrow-line"/g) ?? [];
    const expected = resources.reduce((sum, { after, isGate }) => sum + after.length + (isGate ? 1 : 0), 0);
    // And one in the legend.
    assert.equal(arrows.length, expected + 1);
  });

  it("shows as optional what the smallest arguments do not ask for", () => {
    const optional = resources.filter(({ isOptional }) => isOptional).map(({ role }) => role);
    assert.ok(optional.includes("instance") && optional.includes("boot-proof"), optional.join(", "));
    assert.ok(!optional.includes("rehearse"));
  });

  it("refuses a resource that belongs to no step", () => {
    const stranger = { role: "stranger", after: [], isOptional: false, isGate: false };
    assert.throws(() => layOut([...resources, stranger]), /stranger: in no lane/);
  });
});

function overlap(one: Node, other: Node): boolean {
  const apart =
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y ||
    other.y + other.height <= one.y;
  return !apart;
}

describe("what a resource waits for", () => {
  const CASES: [name: string, waits: Record<string, string[]>, expected: string[]][] = [
    ["itself, where nothing implies it", { c: ["a", "b"], a: [], b: [] }, ["a", "b"]],
    ["not what another one of them waits for", { c: ["a", "b"], b: ["a"], a: [] }, ["b"]],
    ["not what is implied over several", { c: ["a", "b"], b: ["x"], x: ["a"], a: [] }, ["b"]],
    ["nothing, where it waits for nothing", { c: [] }, []],
  ];
  for (const [name, waits, expected] of CASES) {
    it(`is ${name}`, () => {
      assert.deepEqual(withoutImplied("c", new Map(Object.entries(waits))), expected);
    });
  }
});

describe("a resource that all others wait for", () => {
  const SMALLEST = { keys: [], volume: [], helper: ["keys", "volume"] };
  const all = { check: [], ...SMALLEST, keys: ["check"], volume: ["check"] };
  const asMap = (waits: Record<string, string[]>) => new Map(Object.entries(waits));

  it("has one arrow for all of them", () => {
    const resources = describeGraph(asMap(SMALLEST), asMap(all));
    assert.deepEqual(
      resources.map(({ role, after, isGate }) => [role, after, isGate]),
      [
        ["check", [], true],
        ["keys", [], false],
        ["volume", [], false],
        ["helper", ["keys", "volume"], false],
      ],
    );
  });

  it("is none that only some wait for", () => {
    const resources = describeGraph(asMap(SMALLEST), asMap({ ...all, volume: [] }));
    assert.deepEqual(
      resources.filter(({ isGate, after }) => isGate || after.includes("check")).map(({ role }) => role),
      ["keys"],
    );
  });
});

describe("the table of the seven steps", () => {
  it("has every resource of the graph in its step", async () => {
    const rows = read("docs/how-it-works.md")
      .split(/^## /m)[2]
      .split("\n")
      .filter((line) => /^\| [1-7] /.test(line));
    assert.equal(rows.length, 7);
    const made = (await everyResource()).map(({ role }) => role);
    rows.forEach((row, index) => {
      const ofStep = made.filter((role) => resourceRow(role)?.step === index + 1);
      assert.deepEqual(all(/`([\w-]+)`/g, row.split("|")[2]).sort(), ofStep.sort());
    });
  });
});

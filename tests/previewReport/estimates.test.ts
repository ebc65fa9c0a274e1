/** Rough figures: what they grow with, and how they are told. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDollars, formatDollarSpan } from "../../cli/dollars";
import { formatSeconds, formatSpan, inLanes, type Span, sumOf } from "../../previewReport/duration";
import { type Story, storiesOf } from "../../previewReport/story";
import { previewOf, whole } from "./made";

const storyOf = (gb: number, more = {}): Story => storiesOf(previewOf({ web: whole("create", gb, more) }))[0];
const durationOf = (gb: number, more = {}): Span => storyOf(gb, more).duration as Span;

describe("how long a migration takes, roughly", () => {
  it("grows with the disk, at its best as well as at its worst", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 16000 }), fc.integer({ min: 1, max: 1000 }), (gb, more) => {
        const [small, large] = [durationOf(gb), durationOf(gb + more)];
        assert.ok(small.from < small.to && small.from < large.from && small.to < large.to);
      }),
    );
  });

  it("is of the order that its assumptions say: 20 GiB, read twice at 125 MiB/s or at 5", () => {
    const { from, to } = durationOf(21);
    assert.ok(from > (2 * 20 * 1024) / 125 && from < 30 * 60, String(from));
    assert.ok(to > (2 * 20 * 1024) / 5 && to < 5 * 3600, String(to));
  });

  it("is less without a rehearsal, and for a dry run", () => {
    const without = { ...whole("create", 8) };
    delete without.rehearse;
    const [story] = storiesOf(previewOf({ web: without }));
    const dry = storiesOf(previewOf({ web: { "": "create", helper: "create", inspect: "create" } }))[0];
    assert.ok((story.duration as Span).to < durationOf(8).to);
    assert.ok((dry.duration as Span).to < (story.duration as Span).to);
  });

  it("is not told where a disk's size is not known", () => {
    const unknown = { op: "create", new: { inputs: { size: "3eeb2bf0-c639-47a8-9e75-3b44932eb421" } } };
    assert.equal(storyOf(8, { source: unknown, destination: unknown }).duration, undefined);
  });

  it("is not told of what takes no time that anybody waits for", () => {
    const tags = { op: "update", changed: ["tags.owner"] };
    assert.equal(storiesOf(previewOf({ web: { "": "update", image: tags } }))[0].duration, undefined);
  });
});

describe("migrations side by side", () => {
  const span = (minutes: number): Span => ({ from: minutes * 60, to: minutes * 120 });
  const CASES: [what: string, minutes: number[], lanes: number | undefined, together: number][] = [
    ["none takes no time", [], undefined, 0],
    ["without a limit the longest counts", [5, 20, 10], undefined, 20],
    ["one after the other they add up", [5, 20, 10], 1, 35],
    ["each waits for the one so many places before it", [5, 20, 10], 2, 20],
    ["even where another is through earlier", [20, 5, 5, 5], 2, 25],
    ["more lanes than migrations are no help", [5, 5], 9, 5],
  ];
  for (const [what, minutes, lanes, together] of CASES) {
    it(what, () => assert.deepEqual(inLanes(minutes.map(span), lanes), span(together)));
  }

  it("never take longer than one after the other, nor less than the longest", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100), { minLength: 1 }),
        fc.integer({ min: 1, max: 20 }),
        (minutes, lanes) => {
          const { to } = inLanes(minutes.map(span), lanes);
          assert.ok(to <= sumOf(minutes.map(span)).to && to >= Math.max(...minutes) * 120);
        },
      ),
    );
  });
});

describe("what a migration costs, roughly", () => {
  it("is the helper's hours and its address's, while it works", () => {
    const { cost, duration } = storyOf(21);
    const hours = (duration as Span).to / 3600;
    assert.ok(Math.abs((cost?.work?.to ?? 0) - hours * (0.096 + 0.005)) < 1e-9);
  });

  it("is three volumes and a snapshot afterwards: 20 + 20 + 21 GiB at 8 cents, 21 at 5", () => {
    const monthly = storyOf(21).cost?.monthly.map(({ dollars }) => Number(dollars.toFixed(4)));
    assert.deepEqual(monthly, [4.88, 1.05]);
  });

  it("counts a helper that keeps running, and a launched machine", () => {
    const running = { op: "create", new: { inputs: { state: "running" } } };
    const instance = { op: "create", new: { inputs: { instanceType: "t3.micro" } } };
    const told = storyOf(21, { workbench: running, instance }).cost?.monthly.map(({ what }) => what);
    assert.deepEqual(told, [
      "the helper, which keeps running, and its volumes",
      "the snapshot",
      "the launched machine (t3.micro)",
    ]);
  });

  it("says that it is not known for a type that is not in the table, and counts the rest", () => {
    const helper = {
      op: "create",
      new: { inputs: { instanceType: "x99.mega", rootBlockDevice: { volumeSize: 20 } } },
    };
    const { cost } = storyOf(21, { helper });
    assert.deepEqual([cost?.unknown, cost?.work, cost?.monthly.length], [["x99.mega"], undefined, 2]);
  });

  it("does not take a property of every object for a type", () => {
    const helper = { op: "create", new: { inputs: { instanceType: "constructor" } } };
    assert.deepEqual(storyOf(21, { helper }).cost?.unknown, ["constructor"]);
  });
});

describe("figures", () => {
  const SECONDS: [seconds: number, told: string][] = [
    [0, "1 min"],
    [90, "2 min"],
    [9 * 60, "9 min"],
    [13 * 60, "15 min"],
    [80 * 60, "80 min"],
    [100 * 60, "1.5 h"],
    [5 * 3600, "5 h"],
    [30 * 3600, "30 h"],
    [72 * 3600, "3 days"],
  ];
  for (const [seconds, told] of SECONDS) {
    it(`say ${told} for ${seconds} s`, () => assert.equal(formatSeconds(seconds), told));
  }

  const SPANS: [span: Span, told: string][] = [
    [{ from: 360, to: 2100 }, "6 to 35 min"],
    [{ from: 360, to: 7200 }, "6 min to 2 h"],
    [{ from: 360, to: 370 }, "6 min"],
  ];
  for (const [span, told] of SPANS) it(`say ${told}`, () => assert.equal(formatSpan(span), told));

  const DOLLARS: [dollars: number, told: string][] = [
    [0, "$0.00"],
    [0.0001, "$0.01"],
    [1.234, "$1.23"],
    [78.6, "$79"],
  ];
  for (const [dollars, told] of DOLLARS) it(`say ${told}`, () => assert.equal(formatDollars(dollars), told));

  it("say one of two that are the same", () => {
    assert.equal(formatDollarSpan({ from: 0.001, to: 0.002 }), "$0.01");
  });
});

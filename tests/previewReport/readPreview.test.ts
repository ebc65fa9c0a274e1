/** What is no preview is refused with a sentence; what a newer engine adds is not. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { RefusedError } from "../../converter/errors";
import { COMMENT_LIMIT } from "../../previewReport/fit";
import { readPreview } from "../../cli/preview/readPreview";
import { reportOf } from "../../previewReport/report";
import { readRecording } from "./fixtures";

const NEW = readRecording("new");
const EVENT = '{"sequence":0,"timestamp":1764000000,"preludeEvent":{"config":{}}}';

const REFUSED: [what: string, text: string, sentence: RegExp][] = [
  ["nothing", "", /^p\.json: is empty\. .*standard error/],
  ["blanks", " \n\n", /is empty/],
  [
    "the text for people",
    "Previewing update (prod):\n",
    /is no JSON: it begins with "Previewing update \(prod\):"\. .*--json/,
  ],
  ["a web page", "<html>", /is no JSON: it begins with "<html>"/],
  [
    "half a preview",
    NEW.slice(0, NEW.length / 2),
    /is cut off: its JSON ends in the middle, after \d+ characters\. .*[Pp]review again/,
  ],
  ["a preview without its end", NEW.trimEnd().slice(0, -1), /is cut off/],
  ["two previews", NEW + NEW, /is no JSON/],
  ["a list", "[]", /is JSON, but a list and no object/],
  ["null", "null", /is no JSON|is JSON, but null/],
  ["an empty object", "{}", /it has nothing in it, and no steps/],
  ["another program's JSON", '{"Reservations": []}', /it has Reservations, and no steps/],
  ["an exported state", '{"version": 3, "deployment": {}}', /exported state of a stack/],
  [
    "a streaming preview",
    `${EVENT}\n${EVENT}\n`,
    /stream of the engine's events.*Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW/,
  ],
  ["one event", EVENT, /one of the engine's events/],
  ["--output json", '{"result": "succeeded", "summary": {}}', /--output json.*`pulumi preview --json`/],
  ["steps that are no list", '{"steps": {}}', /p\.json: steps: must be a list, found object/],
  [
    "a step without an operation",
    '{"steps": [{"urn": "urn:pulumi:a::b::c::d"}]}',
    /steps\[0\]: has no op and urn/,
  ],
  ["a step that is a text", '{"steps": ["create"]}', /steps\[0\]/],
];

describe("reading a preview", () => {
  for (const [what, text, sentence] of REFUSED) {
    it(`refuses ${what}, and says what it found`, () => {
      assert.throws(
        () => readPreview(text, "p.json"),
        (error: Error) => error instanceof RefusedError && sentence.test(error.message),
      );
    });
  }

  it("never fails in another way, wherever the text is cut off", () => {
    fc.assert(
      fc.property(fc.nat(NEW.length - 2), (length) => {
        assert.throws(() => readPreview(NEW.slice(0, length), "p.json"), RefusedError);
      }),
    );
  });

  it("never fails in another way for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          reportOf(readPreview(JSON.stringify(value), "p.json"), COMMENT_LIMIT);
        } catch (error) {
          assert.ok(error instanceof RefusedError, String(error));
        }
      }),
    );
  });

  it("never fails for steps whose parts are anything", () => {
    const state = fc.oneof(
      fc.jsonValue(),
      fc.record({ inputs: fc.jsonValue(), outputs: fc.jsonValue(), parent: fc.string() }),
    );
    const name = fc.constantFrom(
      "web",
      "web-helper",
      "web-image",
      "web-instance",
      "web-destination",
      "other",
    );
    const type = fc.constantFrom("pv-to-hvm:index:PvToHvmMigration", "aws:ec2/instance:Instance", "a");
    const step = fc.record({
      op: fc.constantFrom("create", "same", "replace", "delete", "update", "melt"),
      urn: fc.tuple(type, name).map(([of, called]) => `urn:pulumi:prod::p::${of}::${called}`),
      oldState: state,
      newState: state,
      detailedDiff: fc.jsonValue(),
      diffReasons: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(step), fc.jsonValue(), (steps, config) => {
        assert.match(
          reportOf(readPreview(JSON.stringify({ steps, config }), "p.json"), COMMENT_LIMIT),
          /^## Migrations/,
        );
      }),
    );
  });

  it("takes a preview that failed before its first step", () => {
    const preview = readPreview(
      '{"diagnostics": [{"severity": "error", "message": "error: no"}], "duration": 1}',
      "p.json",
    );
    assert.match(
      reportOf(preview, COMMENT_LIMIT),
      /The preview failed.*```text\n> no\n.*before it came to a migration/s,
    );
  });

  it("takes a byte order mark, and null for a list", () => {
    assert.deepEqual(readPreview('\uFEFF{"steps": null, "diagnostics": null}', "p.json").steps, []);
  });
});

describe("a preview of a newer engine", () => {
  const newer = JSON.parse(readRecording("nothing")) as {
    steps: { op: string; urn: string }[];
    weather?: string;
  };
  newer.weather = "fine";
  for (const step of newer.steps) if (step.urn.endsWith("::web-helper")) step.op = "hibernate";
  const report = reportOf(readPreview(JSON.stringify(newer), "p.json"), COMMENT_LIMIT);

  it("is told as far as it is known, and what is not known is said", () => {
    assert.match(report, /`helper`: `hibernate`, an operation that this version does not know/);
    assert.match(
      report,
      /comes from a newer engine: this version does not know the operations `hibernate` \(1\)/,
    );
    assert.match(report, /has fields that this version does not know: `weather`/);
  });

  it("is not taken for one without changes", () => {
    assert.doesNotMatch(report, /unchanged/);
  });
});

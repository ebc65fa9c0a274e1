/** What is printed of a record. */
import assert from "node:assert/strict";
import { changesOf } from "../../discover/changes";
import { withStage } from "../../discover/conversions";
import { formatCsv } from "../../discover/output/csv";
import { formatPage } from "../../discover/output/page";
import { remediesOf } from "../../discover/output/summary";
import { formatTable } from "../../discover/output/table";
import type { Conversion, FoundImage, Inspection, Referrer, Stage } from "../../discover/types";
import { fleetOf, HOSTILE, imageOf } from "./made";

const USER: Referrer = { kind: "instance", id: "i-1", detail: "running", isActive: true };
const refused = (subject: string, found: string): Inspection => ({
  verdict: "refused",
  reasons: [{ subject, found, advice: "Install a later kernel." }],
});

describe("lines for a spreadsheet", () => {
  for (const name of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]) {
    it(`have no formula in a cell: ${JSON.stringify(name)}`, () => {
      const [, line] = formatCsv(fleetOf([imageOf(1, { name })])).split(/\n(?=123456789012)/);
      const cell = line.split(",ami-00000000000000001,")[1];
      assert.match(cell, /^"?'/);
    });
  }

  it("quote what has a comma, a quote or a newline in it", () => {
    const text = formatCsv(fleetOf([imageOf(1, { name: 'a, "b"\nc' })]));
    assert.ok(text.includes('"a, ""b""\nc"'), text);
  });
});

describe("the table", () => {
  it("has a line for each image, whatever its name is", () => {
    const lines = formatTable(fleetOf([imageOf(1, { name: "one\ntwo\t three" }), imageOf(2)])).split("\n");
    assert.match(lines[1], /^ami-0+1 {2}one two three {2}/);
    assert.match(lines[2], /^ami-0+2 /);
  });

  it("says in a sentence that nothing was found", () => {
    const text = formatTable(fleetOf([]));
    assert.equal(text, "No paravirtual image was found.\n\nNo paravirtual instance was found.\n");
  });

  it("has one line for all images with the same reason, the most first, without what is each one's own", () => {
    const images = [
      imageOf(1, { inspection: refused("ami-00000000000000001", "it has no kernel.") }),
      imageOf(2, { inspection: refused("/boot", "ami-00000000000000002 boots from /dev/md0.") }),
      imageOf(3, { inspection: refused("snap-00000000000000003", "it has no kernel.") }),
    ];
    assert.deepEqual(
      remediesOf(fleetOf(images)).map(({ found, imageIds }) => [found, imageIds.length]),
      [
        ["it has no kernel.", 2],
        ["/boot: … boots from /dev/md0.", 1],
      ],
    );
  });
});

describe("the page", () => {
  it("escapes what others say, and lets nothing in from elsewhere", () => {
    const page = formatPage(fleetOf([imageOf(1, { name: HOSTILE, tags: { [HOSTILE]: HOSTILE } })]));
    assert.ok(!page.includes("<img"), page);
    assert.match(
      page,
      /Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-/,
    );
    assert.equal([...page.matchAll(/<script/g)].length, 1);
    assert.doesNotMatch(page, /<[^>]*\s(src|href)=/);
  });
});

describe("how far an image has come", () => {
  const conversion = (more: Partial<Conversion>): Conversion => ({
    ...{ imageId: "ami-9", accountId: "123456789012", region: "us-east-1", isUnproven: false, referrers: [] },
    ...more,
  });
  const lastLaunchedAt = "2026-11-01T00:00:00.000Z";
  const read: Inspection = {
    ...{ verdict: "convertible", snapshotId: "snap-1", inspectedAt: "2026-11-01T00:00:00.000Z" },
    ...{ converter: "0.1.0", warnings: [] },
  };
  const CASES: [stage: Stage, image: Partial<FoundImage>][] = [
    ["found", {}],
    ["found", { inspection: refused("x", "a licence.") }],
    ["inspected", { inspection: read }],
    ["converted", { conversions: [conversion({})], referrers: [USER] }],
    ["launched", { conversions: [conversion({ lastLaunchedAt })], referrers: [USER] }],
    ["in use", { conversions: [conversion({ referrers: [USER] })], referrers: [USER] }],
    ["done", { conversions: [conversion({ referrers: [USER] })] }],
  ];
  for (const [stage, image] of CASES) {
    it(`is told by what refers to what: ${stage} (${Object.keys(image).join(", ") || "nothing"})`, () =>
      assert.equal(withStage(imageOf(1, image)).stage, stage));
  }
});

describe("what has changed", () => {
  const [at, place] = ["2026-11-20T00:00:00.000Z", fleetOf([]).places[0]];

  it("is told of images that are new, gone, converted, used and used no more", () => {
    const before = [imageOf(1, { referrers: [USER] }), imageOf(2), imageOf(3), imageOf(5)];
    const now = [
      imageOf(1),
      imageOf(2, { stage: "converted" }),
      imageOf(3, { referrers: [USER] }),
      imageOf(4, { name: "new one" }),
    ];
    const changes = changesOf([{ ...place, images: now }], [{ at, place: { ...place, images: before } }]);
    assert.deepEqual(
      changes?.map(({ id, what, since }) => [id.slice(-1), what, since]),
      [
        ["1", "nobody refers to it any more", at],
        ["2", "stage: found → converted", at],
        ["3", "1 reference more", at],
        ["4", "new", at],
        ["5", "gone", at],
      ],
    );
  });

  it("is not told of a place that has no record before", () => {
    assert.equal(changesOf([place], [{ at, place: { ...place, region: "eu-west-1" } }]), undefined);
  });
});

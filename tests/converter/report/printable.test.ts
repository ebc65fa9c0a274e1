import assert from "node:assert/strict";
import fc from "fast-check";
import { visible } from "../../../components/visible";
import { cutText, printReport } from "../../../converter/report/printable";
import type { StepReport } from "../../../converter/types";
import { INSPECTED, PLAN } from "./reports";

const LIMIT = 16 * 1024;

function withLine(line: string): StepReport {
  const edits = [{ path: "/boot/grub/menu.lst", action: "edit" as const, why: ["why"], diff: [line, "+b"] }];
  return { ...INSPECTED, plan: { ...PLAN, edits } };
}

describe("a report as JSON", () => {
  it("is the record itself where no line of it is too long", () => {
    const printed = printReport(withLine("-a"));
    assert.deepEqual(JSON.parse(printed), JSON.parse(JSON.stringify(withLine("-a"))));
    assert.ok(printed.endsWith("}\n"));
  });

  const LONG: [string, string][] = [
    ["plain letters", "x".repeat(100_000)],
    ["what JSON escapes", "\u0001".repeat(20_000)],
    ["letters of two bytes", "ü".repeat(20_000)],
    ["characters of four bytes", "🐧".repeat(20_000)],
  ];
  for (const [what, line] of LONG) {
    it(`has no line over 16 KiB, although the guest has one: ${what}`, () => {
      const printed = printReport(withLine(line));
      assert.ok(printed.split("\n").every((printedLine) => Buffer.byteLength(printedLine) < LIMIT));
      const [first, second] = (JSON.parse(printed) as StepReport).plan?.edits[0].diff ?? [];
      assert.match(first, / … \(\d+ characters in all\)$/);
      assert.ok(visible(line).startsWith(first.slice(0, first.indexOf(" … "))));
      assert.equal(second, "+b");
    });
  }

  it("cuts any text to what was asked for, between its characters, and marks that", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const cut = cutText(text, 100);
        if (Buffer.byteLength(JSON.stringify(text)) <= 100) return cut === text;
        const kept = cut.slice(0, cut.lastIndexOf(" … ("));
        return (
          text.startsWith(kept) &&
          Buffer.byteLength(JSON.stringify(kept)) <= 100 &&
          Buffer.from(kept).toString() === kept
        );
      }),
    );
  });
});

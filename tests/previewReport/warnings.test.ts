/** What a preview warns of, as a reviewer reads it. The recorded previews have real warnings (`new-from-instance`). */
import assert from "node:assert/strict";
import { visible } from "../../components/visible";
import { noteOnHostKeys } from "../../components/findings/notes";
import { COMMENT_LIMIT } from "../../previewReport/fit";
import { reportOf } from "../../previewReport/report";
import { migrationUrn, previewOf, whole } from "./made";

const STACK = "urn:pulumi:prod::project::pulumi:pulumi:Stack::project-prod";

/** The report of a preview that has these warnings, of as many migrations as they name. */
function reportWith(warnings: [message: string, urn?: string][], names = ["web"]): string {
  const diagnostics = warnings.map(([message, urn]) => ({
    severity: "warning",
    message: `<{%fg 3%}>warning: <{%reset%}>${message}\n`,
    urn,
  }));
  const same = Object.fromEntries(names.map((name) => [name, whole("same", 8)]));
  return reportOf(previewOf(same, { diagnostics }), COMMENT_LIMIT);
}

describe("the warnings of a preview", () => {
  it("stand above everything that is folded away, of a migration that does not change as well", () => {
    const report = reportWith([["mind the gap", migrationUrn("web")]]);
    assert.match(report, /\n> \[!WARNING\]\n> \*\*The preview warns:\*\*\n>\n> - `web`: mind the gap\n/);
    assert.equal(report.split("mind the gap").length, 2);
  });

  it("have the one about a host without its key", () => {
    const connection = { host: "old.example", user: "root", privateKey: "" };
    const source = { imageId: "ami-1", connection };
    const [{ text }] = noteOnHostKeys({ source, helper: {} } as never, true);
    const report = reportWith([[text, migrationUrn("web")]]);
    assert.match(
      report,
      /> - `web`: source\.connection: no hostKey is given, .* says whether it is the right one\.\n/,
    );
  });

  it("are told once, with the names that they are of", () => {
    const names = Array.from({ length: 7 }, (_, index) => `web${index}`);
    const report = reportWith(
      names.map((name) => ["the same", migrationUrn(name)]),
      names,
    );
    assert.match(report, /> - `web0`, `web1`, `web2`, `web3`, `web4`, 2 more: the same\n/);
  });

  it("are the stack's own where they are of no resource", () => {
    const report = reportWith([
      ["of the program", undefined],
      ["of the stack", STACK],
    ]);
    assert.match(report, /> - of the program\n> - of the stack\n/);
  });

  it("are as many, and as long, as one reads", () => {
    const report = reportWith(
      Array.from({ length: 50 }, (_, index) => [`${index} ${"x".repeat(5000)}`, STACK]),
    );
    assert.equal(report.match(/^> - \d+ x{700,800}…$/gm)?.length, 10);
    assert.match(report, /\n> - and 40 more\n/);
    assert.ok(report.length < 10 * 900 + 1000);
  });

  it("end no list, call nobody and colour nothing, whatever they say", () => {
    const report = visible(
      reportWith([["a\n\n# b @everybody <img> ::set-output::\u001b[31m<{%x%}>", STACK]]),
    );
    assert.match(report, /\n> - a # b &#64;everybody &lt;img&gt; [^\n]*\n/);
    assert.doesNotMatch(report, /\u001b|<\{%|@everybody|<img/);
  });
});

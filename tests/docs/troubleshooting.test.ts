/** Every message that the program has is on the page for them, and the page has no other. */
import assert from "node:assert/strict";
import { masked } from "../../components/masked";
import { read } from "./documents";
import { collectMessages, type Message } from "./messages/collect";
import { isQuoteOf, readRows } from "./messages/rows";

const PAGE = read("docs/troubleshooting.md");

describe("docs/troubleshooting.md", function () {
  // Every source is read by the compiler.
  this.timeout(120_000);

  const rows = readRows(PAGE);
  let messages: Message[];
  before(() => {
    messages = collectMessages();
  });

  it("has a row for each message that a user can get", () => {
    const quotes = rows.flatMap((row) => row.quotes);
    const without = messages.filter((message) => !quotes.some((quote) => isQuoteOf(quote, message)));
    assert.deepEqual(
      without.map(({ at, text }) => `${at}: ${text}`),
      [],
    );
  });

  it("quotes no message that the program does not have", () => {
    const stale = rows.flatMap(({ line, quotes }) =>
      quotes
        .filter((quote) => !messages.some((message) => isQuoteOf(quote, message)))
        .map((quote) => `line ${line}: ${quote}`),
    );
    assert.deepEqual(stale, []);
  });

  it("is of messages none of which is taken for a secret when it is shown", () => {
    const changed = messages.filter(({ text }) => masked(text) !== text);
    assert.deepEqual(
      changed.map(({ at, text }) => `${at}: ${masked(text)}`),
      [],
    );
  });

  it("says of each why it comes and what to do", () => {
    const lacking = rows.filter(({ quotes, cause, cure }) => quotes.length === 0 || !cause || !cure);
    assert.deepEqual(
      lacking.map(({ line }) => line),
      [],
    );
  });

  it("begins with ten, each of which leads to its row", () => {
    const [, likely] = /## The ten most likely\n([\s\S]*?)\n## /.exec(PAGE) ?? [];
    const anchors = [...(likely ?? "").matchAll(/^\| \[[^\]]*\]\(#([\w-]+)\)/gm)].map(([, name]) => name);
    assert.equal(anchors.length, 10);
    assert.deepEqual(
      anchors.filter((name) => !new RegExp(`^\\| <a id="${name}"></a>\``, "m").test(PAGE)),
      [],
    );
  });
});

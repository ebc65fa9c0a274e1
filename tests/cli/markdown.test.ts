/** Texts of others stay texts. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { block, code, folded, htmlCode, plain, table } from "../../cli/markdown";

/** What a reader of Markdown takes for inline code: as many backticks at its end as at its beginning. */
function contentOf(inline: string): string | undefined {
  const [, fence, content] = /^(`+)(.*?)(?<!`)\1(?!`)$/s.exec(inline) ?? [];
  return fence === undefined ? undefined : content;
}

describe("a text as inline code", () => {
  const CASES: [text: string, markdown: string][] = [
    ["web", "`web`"],
    ["a|b", "`a\\|b`"],
    ["a`b", "`` a`b ``"],
    ["`", "`` ` ``"],
    ["a\nb", "`a b`"],
    ["@everybody #12", "`@everybody #12`"],
    ["", "`(empty)`"],
  ];
  for (const [text, markdown] of CASES) {
    it(`is ${markdown} for ${JSON.stringify(text)}`, () => assert.equal(code(text), markdown));
  }

  it("is one run of code in one line, with no bar that ends a cell, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => text.trim() !== ""),
        (text) => {
          const inline = code(text);
          assert.doesNotMatch(inline, /[\n\r]/);
          assert.doesNotMatch(inline, /(?<!\\)\|/);
          assert.notEqual(contentOf(inline), undefined);
        },
      ),
    );
  });

  it("is cut where it is longer than a name can be, between two characters", () => {
    const inline = code("😀".repeat(400));
    assert.ok(inline.length < 310);
    assert.doesNotMatch(inline, /[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });
});

describe("a text as plain words", () => {
  const CASES: [what: string, text: string, markdown: RegExp][] = [
    ["calls nobody", "@octocat", /^&#64;octocat$/],
    ["links no issue", "see #12 and GH-7", /^see &#35;12 and GH&#45;7$/],
    ["is no HTML", "<b onclick=x>", /^&lt;b onclick=x&gt;$/],
    ["is no link", "[a](http://b.c) www.d.e", /^\\\[a\\\]\(http&#58;\/\/b\.c\) www&#46;d\.e$/],
    ["has no marks", "*a* _b_ `c`", /^\\\*a\\\* \\_b\\_ \\`c\\`$/],
    ["ends no cell and no line", "a|b\nc", /^a\\\|b c$/],
    ["keeps entities as they are written", "&amp;", /^&amp;amp;$/],
  ];
  for (const [what, text, markdown] of CASES) {
    it(what, () => assert.match(plain(text), markdown));
  }
});

describe("a text behind a fence", () => {
  it("cannot end it", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(9), (text, ticks) => {
        const [first, ...rest] = block(`${text}\n${"`".repeat(ticks)}\n<b>`).split("\n");
        const fence = /^`+/.exec(first)?.[0] ?? "";
        assert.equal(rest.filter((line) => line.startsWith(fence)).length, 1);
        assert.equal(rest.at(-1), fence);
      }),
    );
  });
});

describe("tables and folded parts", () => {
  it("have a header and a line for each row", () => {
    assert.equal(table(["a", "b"], [["1", "2"]]), "| a | b |\n| --- | --- |\n| 1 | 2 |");
  });

  it("have their summary in HTML, and their content in Markdown", () => {
    assert.equal(
      folded(htmlCode("<web> @a"), "**b**"),
      "<details>\n<summary><code>&lt;web&gt; &#64;a</code></summary>\n\n**b**\n\n</details>",
    );
  });
});

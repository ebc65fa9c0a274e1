/** The pictures of the documents, as a browser and GitHub's image proxy will take them. */
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { all, DOCUMENTS, proseOf, read, ROOT } from "./documents";

const IMAGES = readdirSync(join(ROOT, "docs/images")).map((name) => `docs/images/${name}`);

/** The first tag that is closed without being open, or left open; undefined where all are in order. */
function strayTag(xml: string): string | undefined {
  const open: string[] = [];
  for (const [, close, name, selfClosed] of xml.matchAll(/<(\/?)([a-z]\w*)(?:\s[^<>]*?)?(\/?)>/gi)) {
    if (selfClosed) continue;
    if (!close) open.push(name);
    else if (open.pop() !== name) return name;
  }
  return open[0];
}

for (const image of IMAGES) {
  describe(image, () => {
    const xml = read(image);

    it("is one whole element, with a title for those who hear it", () => {
      assert.match(xml, /^<svg [^>]*viewBox="0 0 \d+ \d+"[^>]*>\n<title id="t">[^<]+<\/title>/);
      assert.equal(strayTag(xml), undefined);
      assert.doesNotMatch(xml.replace(/&(amp|lt|gt|quot);/g, ""), /&/);
    });

    it("fetches nothing, runs nothing, and is small", () => {
      assert.doesNotMatch(xml, /<script|<foreignObject|href=|@import|url\((?!#)/);
      assert.ok(statSync(join(ROOT, image)).size < 60_000);
    });

    it("has colours for light and for dark, each on a ground of its own", () => {
      assert.match(xml, /prefers-color-scheme:dark/);
      assert.match(xml, /<rect class="ground/);
    });

    it("is shown by a document, with words in its place", () => {
      const shown = DOCUMENTS.flatMap((file) => all(/!\[[^\]]+\]\(([^)]+)\)/g, proseOf(read(file))));
      assert.ok(shown.some((path) => image.endsWith(path)));
    });
  });
}

describe("a stray tag", () => {
  const CASES: [xml: string, stray: string | undefined][] = [
    ["<a><b/><c>x</c></a>", undefined],
    ["<a><b></a>", "a"],
    ["<a>", "a"],
  ];
  for (const [xml, stray] of CASES) it(`is ${stray} in ${xml}`, () => assert.equal(strayTag(xml), stray));
});

/** What the documents point at is there. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchor } from "../../docs/tools/reference/words";
import { all, DOCUMENTS, proseOf, read, ROOT } from "./documents";

const LINK = /\]\((?!https?:|mailto:)([^)\s]+)\)/g;

/** A page's anchors: of its headings as GitHub makes them, a second one of the same words with a number; and its own. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...proseOf(page).matchAll(/^#+ +(.+?) *$/gm)].map(([, heading]) => heading);
  const named = headings.map((heading) => {
    const name = anchor(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  });
  return new Set([...named, ...all(/<a id="([\w-]+)">/g, page)]);
}

for (const file of DOCUMENTS) {
  describe(file, () => {
    const text = read(file);
    const links = all(LINK, proseOf(text));

    it("links to files that exist", () => {
      const missing = links
        .map((link) => link.split("#")[0])
        .filter((path) => path !== "" && !existsSync(join(ROOT, dirname(file), path)));
      assert.deepEqual(missing, []);
    });

    it("links to headings that exist", () => {
      const missing = links.filter((link) => {
        const [path, heading] = link.split("#");
        const page = path === "" ? file : normalize(join(dirname(file), path));
        if (heading === undefined || !page.endsWith(".md") || !existsSync(join(ROOT, page))) return false;
        return !anchorsOf(read(page)).has(heading);
      });
      assert.deepEqual(missing, []);
    });

    it("names paths that exist", () => {
      const paths = all(
        /`((?:cli|components|converter|local|tests|stacks|docs|live|sweep|snapshots|preflight|discover|policies|examples|previewReport|stackReport|provider)\/[\w./-]*|\w+\.ya?ml|index\.ts)`/g,
        text,
      );
      // Stacks are a reader's own as well.
      const isThere = (path: string) =>
        /^stacks\/Pulumi\.\w+\.yaml$/.test(path) ||
        ["", "stacks", dirname(file)].some((at) => existsSync(join(ROOT, at, path)));
      assert.deepEqual(
        paths.filter((path) => !isThere(path)),
        [],
      );
    });
  });
}

describe("the index of the documents", () => {
  it("leads to every page of docs/", () => {
    const linked = all(LINK, read("docs/README.md")).map((path) => `docs/${path}`);
    const pages = DOCUMENTS.filter((file) => file.startsWith("docs/") && file !== "docs/README.md");
    assert.deepEqual(
      pages.filter((page) => !linked.includes(page)),
      [],
    );
  });
});

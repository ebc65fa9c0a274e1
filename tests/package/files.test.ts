import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packedFiles, ROOT } from "./installed";

/** All but those that follow from the sources' files, one each. */
const FILES = [
  "CHANGELOG.md",
  "LICENSE",
  "PulumiPlugin.yaml",
  "README.md",
  "dist/bin.cjs",
  "dist/preview-report.cjs",
  "dist/pv-to-hvm.cjs",
  "dist/pv-to-hvm.sh",
  "dist/sweep.cjs",
  "package.json",
];

describe("the npm package", function () {
  this.timeout(60_000);
  let files: string[];
  before(() => (files = packedFiles()));
  const below = (folder: string) => files.filter((file) => file.startsWith(`${folder}/`));

  it("has these files, and no tests, sources or local cloud", () => {
    const folders = ["dist/components", "dist/provider", "dist/types", "docs", "policies"];
    const others = files.filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)));
    assert.deepEqual(others, FILES);
  });

  it("has every file of the component and of its provider as JavaScript", () => {
    for (const room of ["components", "provider"]) {
      const sources = filesBelow(room).filter((file) => file.endsWith(".ts"));
      const compiled = sources.map((file) => `dist/${file.replace(/\.ts$/, ".js")}`);
      const schema = room === "provider" ? ["dist/provider/schema.json"] : [];
      assert.deepEqual(below(`dist/${room}`), [...compiled, ...schema].sort());
    }
  });

  it("has the types of what its entry exports, and no more", () => {
    assert.deepEqual(
      below("dist/types").filter(
        (file) => !file.startsWith("dist/types/components/") || !file.endsWith(".d.ts"),
      ),
      [],
    );
    assert.ok(files.includes("dist/types/components/index.d.ts"));
    assert.ok(!files.some((file) => file.includes("types/components/lookups/")));
  });

  it("has the documents, their pictures and the policies", () => {
    const wanted = filesBelow("docs").filter((file) => /^docs\/([^/]*\.md|images\/.*)$/.test(file));
    assert.deepEqual(below("docs"), wanted.sort());
    assert.deepEqual(below("policies"), filesBelow("policies").sort());
    assert.ok(wanted.includes("docs/embedding.md"));
  });

  it("names an entry for each way of loading it, and all of them are there", () => {
    const text = readFileSync(join(ROOT, "package.json"), "utf8");
    const paths = [...text.matchAll(/"(?:\.\/)?(dist\/[^"*]*\.\w+)"/g)].map(([, path]) => path);
    assert.deepEqual(
      paths.filter((path) => !files.includes(path)),
      [],
    );
    assert.ok(paths.length >= 5, paths.join(", "));
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
}

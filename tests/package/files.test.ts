import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { all, proseOf } from "../docs/documents";
import { packedBytes, packedFiles, packedText, ROOT } from "./installed";

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
  "dist/report.cjs",
  "dist/with-ec2.cjs",
  "package.json",
];

interface PackManifest {
  dependencies: Record<string, string>;
}

describe("the npm package", function () {
  this.timeout(180_000);
  let files: string[];
  before(() => (files = packedFiles()));
  const below = (folder: string) => files.filter((file) => file.startsWith(`${folder}/`));

  it("has these files, and no tests, sources or local cloud", () => {
    const folders = [
      "dist/components",
      "dist/policy-pack",
      "dist/provider",
      "dist/types",
      "docs",
      "policies",
    ];
    const others = files.filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)));
    assert.deepEqual(others, FILES);
  });

  it("is small, and its package.json has nothing that a user's npm would run, or take for a tool", () => {
    assert.ok(packedBytes() < 6e6, `${packedBytes()} bytes`);
    const { scripts, dependencies, devDependencies, ...rest } = JSON.parse(
      packedText("package.json"),
    ) as Record<string, unknown>;
    assert.deepEqual(
      { scripts, dependencies, devDependencies },
      {
        scripts: undefined,
        dependencies: undefined,
        devDependencies: undefined,
      },
    );
    const { peerDependencies, private: isPrivate } = rest;
    assert.equal(isPrivate, undefined);
    assert.deepEqual(Object.keys(peerDependencies as object), [
      "@pulumi/aws",
      "@pulumi/command",
      "@pulumi/pulumi",
      "@pulumi/tls",
    ]);
  });

  it("is not packed by npm pack in the checkout, which says how it is", () => {
    const { status, stderr } = spawnSync("npm", ["pack", "--dry-run"], { cwd: ROOT, encoding: "utf8" });
    assert.notEqual(status, 0);
    assert.match(stderr, /this is the checkout, .* Run instead: npm run pack$/m);
  });

  it("has documents whose links lead to files of the package", () => {
    const dead = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) =>
        all(/\]\((?!\w+:|#)([^)#\s]+)/g, proseOf(packedText(file))).map((to) => join(dirname(file), to)),
      )
      .filter((target) => !files.some((file) => file === target || file.startsWith(`${target}/`)));
    assert.deepEqual(dead, []);
  });

  it("says of what is in the checkout alone where it is", () => {
    assert.match(packedText("docs/README.md"), /; examples of the repository in four of them/);
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
    const rights = filesBelow("policies").filter((file) => !file.startsWith("policies/pack/"));
    assert.deepEqual(below("policies"), rights.sort());
    assert.ok(wanted.includes("docs/embedding.md"));
  });

  it("has the policy pack as a folder that runs by itself", () => {
    const pack = ["PulumiPolicy.yaml", "index.js", "package.json"];
    assert.deepEqual(
      below("dist/policy-pack"),
      pack.map((file) => `dist/policy-pack/${file}`),
    );
    const { dependencies } = JSON.parse(packedText("dist/policy-pack/package.json")) as PackManifest;
    assert.deepEqual(Object.keys(dependencies), ["@pulumi/policy", "@pulumi/pulumi"]);
    const required = [...packedText("dist/policy-pack/index.js").matchAll(/require\("(@pulumi\/[^"/]+)/g)];
    assert.deepEqual([...new Set(required.map(([, name]) => name))].sort(), Object.keys(dependencies));
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

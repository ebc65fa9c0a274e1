import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { indexRepository, indexStanza, repositorySource } from "../../../local/images/repository";

describe("a repository of packages in an image", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "repository-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function makePackage(name: string): void {
    const tree = join(folder, `${name}.tree`);
    mkdirSync(join(tree, "DEBIAN"), { recursive: true });
    const control = `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b>\nDescription: d\n`;
    writeFileSync(join(tree, "DEBIAN", "control"), control);
    execFileSync("dpkg-deb", ["--build", tree, join(folder, `${name}_1_all.deb`)], { stdio: "pipe" });
    rmSync(tree, { recursive: true });
  }

  it("lists each package with its own fields, its file and its digest", () => {
    const stanza = indexStanza("Package: a\nVersion: 1\n", "a_1_all.deb", Buffer.from("bytes"));
    const digest = createHash("sha256").update("bytes").digest("hex");
    const place = `Filename: ./a_1_all.deb\nSize: 5\nSHA256: ${digest}\n`;
    assert.equal(stanza, `Package: a\nVersion: 1\n${place}`);
  });

  it("is one that apt takes without a complaint, and finds the packages of", async () => {
    ["one", "other"].forEach(makePackage);
    await indexRepository(folder);
    writeFileSync(join(folder, "sources.list"), repositorySource(folder));
    const own = apt(folder);
    assert.doesNotMatch(own("apt-get", "update"), /^(E|W|Err)/m);
    const shown = own("apt-cache", "search", "--names-only", ".");
    assert.deepEqual(shown.trim().split("\n").sort(), ["one - d", "other - d"]);
  });

  it("is found by apt by the folder's own name, unsigned as it is", () => {
    assert.equal(repositorySource("/var/local/debian"), "deb [trusted=yes] file:/var/local/debian ./\n");
  });

  it("has an index that names nothing where there is no package", async () => {
    await indexRepository(folder);
    assert.equal(readFileSync(join(folder, "Packages"), "utf8"), "");
  });
});

/** apt with state and sources of its own, below a folder. */
function apt(folder: string): (...command: string[]) => string {
  for (const name of ["state/lists/partial", "cache/archives/partial", "parts"])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "status"), "");
  const options = [
    ...[`Dir::State=${folder}/state`, `Dir::State::status=${folder}/status`, `Dir::Cache=${folder}/cache`],
    ...[`Dir::Etc::sourcelist=${folder}/sources.list`, `Dir::Etc::sourceparts=${folder}/parts`],
    "APT::Sandbox::User=root",
  ].flatMap((option) => ["-o", option]);
  return (program, ...rest) =>
    execFileSync(program, [...options, ...rest], { encoding: "utf8", stdio: "pipe" });
}

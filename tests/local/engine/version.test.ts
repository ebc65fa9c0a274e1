import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goProblem } from "../../../local/engine/build";
import { CHECKSUMS, requirePublished, sourceOf } from "../../../local/engine/download";
import { isAtLeast } from "../../../local/engine/version";

describe("versions", () => {
  for (const { version, minimum, enough } of [
    { version: "3.248.0", minimum: "3.248.0", enough: true },
    { version: "v3.259.0", minimum: "3.248.0", enough: true },
    { version: "3.214.9", minimum: "3.248.0", enough: false },
    { version: "4.0.0", minimum: "3.248.0", enough: true },
    { version: "3.1000.0-alpha.1", minimum: "3.248.0", enough: true },
    { version: "go1.21", minimum: "1.21.0", enough: true },
    { version: "go1.19.8", minimum: "1.21.0", enough: false },
    { version: "no version", minimum: "1.0.0", enough: false },
  ]) {
    it(`${version} is ${enough ? "" : "not "}at least ${minimum}`, () =>
      assert.equal(isAtLeast(version, minimum), enough));
  }
});

describe("an engine that cannot be built", () => {
  for (const { installed, says } of [
    { installed: undefined, says: /there is no Go to build it with \(1\.25\.11 needed/ },
    { installed: "go1.19.8\n", says: /Go 1\.19\.8 is too old to build it \(1\.25\.11 needed/ },
  ]) {
    it(`with ${installed?.trim() ?? "no Go"} says what was found, what is needed and what helps`, () => {
      const problem = goProblem(installed, "1.25.11") ?? "";
      assert.match(problem, says);
      for (const help of [/install Pulumi \(https/, /install Go 1\.25\.11/, /PULUMI_BINARY=/])
        assert.match(problem, help);
    });
  }

  it("is no problem with a Go that fetches newer ones by itself", () => {
    assert.equal(goProblem("go1.22.1", "1.25.11"), undefined);
  });
});

it("the download is named for the machine's architecture", () => {
  assert.match(sourceOf("x64"), /pulumi-v3\.259\.0-linux-x64\.tar\.gz$/);
  assert.match(sourceOf("arm64"), /-linux-arm64\.tar\.gz$/);
});

describe("what was downloaded", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "download-test-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const checked = (bytes: string, wanted: string) => {
    const archive = join(folder, "pulumi.tar.gz");
    writeFileSync(archive, bytes);
    return requirePublished(archive, wanted);
  };
  // The SHA-256 of "abc" is the standard's own example (FIPS 180-4).
  const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  it("is what was published", () => checked("abc", ABC));

  it("is not unpacked where it is anything else", () =>
    assert.rejects(
      checked("abcd", ABC),
      new RegExp(
        `^Error: its SHA-256 is 88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589, and Pulumi has published ${ABC}`,
      ),
    ));

  it("has a checksum of its own for each machine", () => {
    const sums = Object.values(CHECKSUMS);
    assert.equal(new Set(sums).size, 2);
    for (const sum of sums) assert.match(sum, /^[0-9a-f]{64}$/);
  });
});

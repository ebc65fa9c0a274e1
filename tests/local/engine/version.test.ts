import assert from "node:assert/strict";
import { goProblem } from "../../../local/engine/build";
import { sourceOf } from "../../../local/engine/download";
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

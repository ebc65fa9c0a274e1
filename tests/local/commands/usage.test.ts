import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..", "..");

describe("npm run cloud -- --help", () => {
  it("tells what there is, needs no root, and is no mistake", () => {
    const words = ["-r", "ts-node/register/transpile-only", "local/commands/cloud.ts", "--help"];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^usage: npm run cloud /);
    for (const word of ["pulumi", "list", "empty", "launch-source", "product-codes", "give-away", "rights"]) {
      assert.ok(stdout.includes(`npm run cloud -- ${word}`), word);
    }
  });
});

/** The package as a plugin: Pulumi's node host installs what it needs into the package's own folder, and starts it there. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OLDEST_PEERS } from "../../../components/program/peers";
import { startProvider } from "../../../local/commands/pluginHost";
import { ROOT, unpackPackage } from "../installed";
import { copiesIn } from "./userProject";

describe("the npm package, unpacked and named to `pulumi package add`,", function () {
  this.timeout(1_800_000);
  let folder: string;
  before("as the host does (sdk/nodejs/npm/npm.go of Pulumi)", () => {
    folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-plugin-"));
    unpackPackage(folder);
    const words = ["install", "--loglevel=error", "--production", "--prefer-offline"];
    execFileSync("npm", words, { cwd: folder, stdio: "pipe" });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("gets a copy of each package beside it, and no tools", () => {
    const peers = Object.keys(OLDEST_PEERS);
    assert.deepEqual(copiesIn(folder, peers).sort(), peers.map((peer) => `node_modules/${peer}`).sort());
    const ours = readdirSync(join(folder, "node_modules"));
    assert.deepEqual(
      ["esbuild", "eslint", "mocha", "prettier"].filter((tool) => ours.includes(tool)),
      [],
    );
  });

  it("answers with its schema", async () => {
    const { schema } = await startProvider(folder, folder);
    assert.deepEqual(
      JSON.parse(schema),
      JSON.parse(readFileSync(join(ROOT, "provider", "schema.json"), "utf8")),
    );
  });
});

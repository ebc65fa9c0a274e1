/** The packages beside the component, before any of them is loaded. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  checkPeers,
  OLDEST_PEERS,
  type Peer,
  peerProblems,
  rangeOf,
} from "../../../components/program/peers";

const ROOT = join(__dirname, "..", "..", "..");
const PEERS = Object.keys(OLDEST_PEERS) as Peer[];

/** The versions with which it works, but for these. */
const beside = (versions: { [peer in Peer]?: string }) => (peer: Peer) =>
  peer in versions ? versions[peer] : OLDEST_PEERS[peer];

describe("the packages beside the component", () => {
  const { peerDependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  ) as { peerDependencies: Record<string, string>; devDependencies: Record<string, string> };

  it("are named in package.json by the ranges that the component asks for", () => {
    assert.deepEqual(peerDependencies, Object.fromEntries(PEERS.map((peer) => [peer, rangeOf(peer)])));
  });

  it("are those of the tests at exact versions, which fit", () => {
    assert.deepEqual(peerProblems(beside(devDependencies)), []);
  });

  it("are the oldest engine's that Pulumi.yaml takes", () => {
    for (const file of ["Pulumi.yaml", "PulumiPlugin.yaml"]) {
      const [, oldest] =
        /requiredPulumiVersion: ">=([\d.]+)"/.exec(readFileSync(join(ROOT, file), "utf8")) ?? [];
      assert.equal(oldest, OLDEST_PEERS["@pulumi/pulumi"], file);
    }
  });

  const FIT = ["3.248.0", "3.248.1", "3.276.0", "3.1000.0", "3.249.0-alpha.1"];
  for (const version of FIT) {
    it(`fit with @pulumi/pulumi ${version}`, () =>
      assert.deepEqual(peerProblems(beside({ "@pulumi/pulumi": version })), []));
  }

  // As the package.json of @pulumi/tls 5.0.1 has it on npm.
  it("fit where a version begins with a v", () => {
    assert.deepEqual(peerProblems(beside({ "@pulumi/tls": "v5.0.1" })), []);
    assert.equal(peerProblems(beside({ "@pulumi/tls": "v4.11.1" })).length, 1);
  });

  const MISFITS: [version: string | undefined, found: string][] = [
    ["3.247.9", "is version 3.247.9"],
    ["3.99.0", "is version 3.99.0"],
    ["2.300.0", "is version 2.300.0"],
    ["4.0.0", "is version 4.0.0"],
    [undefined, "is not installed"],
  ];
  for (const [version, found] of MISFITS) {
    it(`do not fit where @pulumi/pulumi ${found}`, () => {
      const [{ path, reason, fix }, ...others] = peerProblems(beside({ "@pulumi/pulumi": version }));
      assert.deepEqual(
        { path, reason, fix, others },
        {
          path: "@pulumi/pulumi",
          reason: `${found}, and pv-to-hvm needs 3.248.0 or newer, below 4.0.0`,
          fix: "Run: npm install @pulumi/pulumi@^3.248.0",
          others: [],
        },
      );
    });
  }

  it("are told all at once", () => {
    const problems = peerProblems(beside({ "@pulumi/aws": "6.83.4", "@pulumi/tls": undefined }));
    assert.throws(() => checkPeers(problems), {
      message: [
        "pv-to-hvm does not fit the packages beside it:",
        "  @pulumi/aws is version 6.83.4, and pv-to-hvm needs 7.20.0 or newer, below 8.0.0. Run: npm install @pulumi/aws@^7.20.0",
        "  @pulumi/tls is not installed, and pv-to-hvm needs 5.0.1 or newer, below 6.0.0. Run: npm install @pulumi/tls@^5.0.1",
      ].join("\n"),
    });
  });
});

describe("a program beside packages that do not fit", () => {
  let folder: string;
  before("the component as it is built, beside packages that are nothing but a version", () => {
    folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-peers-"));
    for (const peer of PEERS) install(peer, peer === "@pulumi/pulumi" ? "3.142.0" : OLDEST_PEERS[peer]);
    const target = join(folder, "node_modules", "pv-to-hvm");
    mkdirSync(target, { recursive: true });
    execFileSync("cp", ["-r", join(ROOT, "dist", "components"), join(ROOT, "dist", "provider"), target]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Loading any of its code would fail, and in other words. */
  function install(peer: string, version: string): void {
    const file = join(folder, "node_modules", peer, "package.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ name: peer, version, main: "broken.js" }));
    writeFileSync(join(dirname(file), "broken.js"), 'throw new Error("loaded before it was judged");\n');
  }

  for (const entry of ["components/index.js", "provider/main.js"]) {
    it(`is told so before anything of them is loaded: ${entry}`, () => {
      const program = `try { require("./node_modules/pv-to-hvm/${entry}"); } catch (error) { console.log(error.message); }`;
      const { stdout } = spawnSync(process.execPath, ["--eval", program], { cwd: folder, encoding: "utf8" });
      assert.equal(
        stdout,
        "pv-to-hvm does not fit the packages beside it:\n" +
          "  @pulumi/pulumi is version 3.142.0, and pv-to-hvm needs 3.248.0 or newer, below 4.0.0. Run: npm install @pulumi/pulumi@^3.248.0\n",
      );
    });
  }
});

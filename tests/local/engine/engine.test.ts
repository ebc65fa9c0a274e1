import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findEngine, hasNodeLanguageHost } from "../../../local/engine/engine";

describe("finding an engine", () => {
  let folder: string;
  const saved = { PATH: process.env.PATH, PULUMI_BINARY: process.env.PULUMI_BINARY };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "find-engine-"));
    process.env.PATH = "/usr/bin:/bin";
    delete process.env.PULUMI_BINARY;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    process.env.PATH = saved.PATH;
    if (saved.PULUMI_BINARY !== undefined) process.env.PULUMI_BINARY = saved.PULUMI_BINARY;
  });

  /** A program that answers `pulumi version`. */
  function pulumi(path: string, version: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n[ "$1" = version ] && echo v${version}\n`, { mode: 0o755 });
    return file;
  }
  async function find() {
    const lines: string[] = [];
    return {
      engine: await findEngine({ cache: join(folder, "cache"), log: (line) => void lines.push(line) }),
      lines,
    };
  }

  it("takes the one on the PATH", async () => {
    const file = pulumi("bin/pulumi", "3.250.1");
    process.env.PATH = `${dirname(file)}:/usr/bin:/bin`;
    assert.deepEqual((await find()).engine, { pulumi: file, version: "3.250.1", from: "path" });
  });

  it("passes over one on the PATH that does not know replacementTrigger, and says so", async () => {
    const old = pulumi("bin/pulumi", "3.200.0");
    process.env.PATH = `${dirname(old)}:/usr/bin:/bin`;
    const built = pulumi("cache/engine/built/pulumi", "3.259.0");
    const { engine, lines } = await find();
    assert.deepEqual(engine, { pulumi: built, version: "3.259.0", from: "built" });
    assert.deepEqual(lines, [`${old}: version 3.200.0, at least 3.248.0 needed. Looking for another.`]);
  });

  it("takes what was downloaded before rather than what was built", async () => {
    pulumi("cache/engine/built/pulumi", "3.259.0");
    const downloaded = pulumi("cache/engine/download/pulumi", "3.259.0");
    assert.deepEqual((await find()).engine, { pulumi: downloaded, version: "3.259.0", from: "download" });
  });

  it("takes the one that PULUMI_BINARY names before all others", async () => {
    const onPath = pulumi("bin/pulumi", "3.259.0");
    process.env.PATH = `${dirname(onPath)}:/usr/bin:/bin`;
    process.env.PULUMI_BINARY = pulumi("mine", "3.250.0");
    assert.equal((await find()).engine.pulumi, process.env.PULUMI_BINARY);
  });

  it("refuses a PULUMI_BINARY that does not exist", async () => {
    process.env.PULUMI_BINARY = join(folder, "nowhere");
    await assert.rejects(find(), /^Error: PULUMI_BINARY: .*nowhere does not exist\. Name a pulumi/);
  });

  it("knows whether the language host for Node lies beside it", async () => {
    const engine = { pulumi: pulumi("bin/pulumi", "3.259.0"), version: "3.259.0", from: "built" as const };
    assert.equal(await hasNodeLanguageHost(engine), false);
    pulumi("bin/pulumi-language-nodejs", "3.259.0");
    assert.equal(await hasNodeLanguageHost(engine), true);
  });
});

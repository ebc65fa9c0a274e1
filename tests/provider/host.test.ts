/** The provider by itself, and as Pulumi's node host starts it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { startProvider } from "../../local/commands/pluginHost";
import { hasNodeLanguageHost } from "../../local/engine/engine";
import { prepareLocalCloud } from "../../local/prepare";
import { MigrationProvider } from "../../provider/migrationProvider";
import { checkPlainInputs } from "../../provider/plainInputs";
import { unpackPackage } from "../package/installed";

const ROOT = join(__dirname, "..", "..");
const SCHEMA = readFileSync(join(ROOT, "provider", "schema.json"), "utf8");

describe("the provider", () => {
  it("serves the schema that lies beside it, and its version", () => {
    const provider = new MigrationProvider();
    assert.equal(provider.schema, SCHEMA);
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    assert.equal(provider.version, version);
  });

  it("names what it has, when it is asked for another resource", async () => {
    const asked = new MigrationProvider().construct("web", "pv-to-hvm:index:Fleet", {}, {});
    await assert.rejects(
      asked,
      /Fleet is no resource of pv-to-hvm. It has one: pv-to-hvm:index:PvToHvmMigration\./,
    );
  });

  it("is started by the SDK's host, and answers GetSchema before it knows of any stack", async function () {
    this.timeout(60_000);
    const { schema } = await startProvider(ROOT, ROOT);
    assert.deepEqual(JSON.parse(schema), JSON.parse(SCHEMA));
  });
});

describe("an input that shapes the graph", () => {
  const { resources, types } = JSON.parse(SCHEMA) as {
    resources: { [type: string]: { inputProperties: { [name: string]: object } } };
    types: { [type: string]: { properties?: { [name: string]: object } } };
  };
  const [{ inputProperties }] = Object.values(resources);
  const output = pulumi.output("value");

  const REFUSED: [inputs: pulumi.Inputs, path: string][] = [
    [{ until: output }, "until"],
    [{ launch: pulumi.secret({ instanceType: "t3.micro" }) }, "launch"],
    [{ source: { instanceId: "i-1", stopFirst: output } }, "source.stopFirst"],
    [{ rehearsal: { skip: output } }, "rehearsal.skip"],
    [{ launch: { connection: { jumpHost: output } } }, "launch.connection.jumpHost"],
  ];
  for (const [inputs, path] of REFUSED) {
    it(`is refused as an output: ${path}`, () => {
      const problems = checkPlainInputs(inputs, inputProperties, types);
      assert.deepEqual(
        problems.map((problem) => problem.path),
        [path],
      );
    });
  }

  const ALLOWED: pulumi.Inputs[] = [
    {},
    { source: { imageId: output }, helper: { subnetId: output, allowedCidrs: output }, tags: output },
    { launch: { instanceType: output, connection: { privateKey: pulumi.secret("key") } }, revision: output },
  ];
  for (const inputs of ALLOWED) {
    it(`may have outputs as its fields: ${Object.keys(inputs).join(", ") || "none"}`, () => {
      assert.deepEqual(checkPlainInputs(inputs, inputProperties, types), []);
    });
  }
});

describe("Pulumi's own node host", function () {
  this.timeout(600_000);

  it("installs the package's dependencies, starts it and gets its schema (needs pulumi-language-nodejs)", async function () {
    const directory = join(ROOT, ".cache", "embed-cloud");
    const local = await prepareLocalCloud({ root: ROOT, directory, log: () => undefined });
    if (!(await hasNodeLanguageHost(local.engine))) return this.skip();
    // By itself: whatever it needs, the host has to install.
    const folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-plugin-"));
    const plugin = join(folder, "plugin");
    unpackPackage(plugin);
    try {
      const path = [dirname(local.engine.pulumi), process.env.PATH].join(delimiter);
      const env = { ...process.env, ...local.env, PATH: path };
      const words = ["package", "get-schema", plugin];
      const said = execFileSync(local.engine.pulumi, words, {
        cwd: folder,
        env,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      const schema = JSON.parse(said.slice(said.indexOf("{"))) as { types: object };
      assert.deepEqual(Object.keys(schema.types).sort(), Object.keys(types()).sort());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const types = () => (JSON.parse(SCHEMA) as { types: object }).types;
});

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { remote } from "@pulumi/command";
import { LocallySignedCert, PrivateKey } from "@pulumi/tls";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { findEngine } from "../../../local/engine/engine";
import { startSshd, type TestServer } from "./sshd";
import { operationsOf, prepareEngine, type TestEngine } from "./stack";

const CACHE = join(__dirname, "../../../.cache");

describe("the stand-ins on the real engine", function () {
  // Where no engine is to be had it is built: six minutes.
  this.timeout(900_000);
  let engine: TestEngine;
  let server: TestServer;
  before(async () => {
    engine = await prepareEngine(await findEngine({ cache: CACHE, log: (line) => console.log(line) }));
    server = await startSshd();
  });
  after(() => {
    server?.stop();
    engine?.remove();
  });

  async function up(stack: Stack) {
    const events: EngineEvent[] = [];
    const result = await stack.up({ onEvent: (event) => void events.push(event) });
    return { outputs: result.outputs, operations: operationsOf(events), events };
  }

  /** One key and one command whose script, trigger and address the tests change. */
  function program(settings: { create: string; trigger: string; port?: number; frozen?: boolean }) {
    return async () => {
      const key = new PrivateKey("key", { algorithm: "ED25519" });
      const step = new remote.Command(
        "step",
        {
          connection: { ...server.connection, port: settings.port ?? server.connection.port },
          create: settings.create,
          triggers: [settings.trigger, key.publicKeyFingerprintSha256],
        },
        { ignoreChanges: settings.frozen ? ["connection", "create"] : [] },
      );
      return { stdout: step.stdout, key: key.publicKeyOpenssh, pem: key.privateKeyPem };
    };
  }

  it("makes a key and runs a command, does nothing on a second run, and replaces for a changed trigger", async () => {
    const count = join(server.folder, "runs");
    const settings = { create: `echo run >> ${count}; wc -l < ${count}`, trigger: "a" };
    const stack = await engine.stack("life", program(settings));

    const first = await up(stack);
    assert.deepEqual(first.operations.sort(), ["create key", "create step"]);
    assert.equal(first.outputs.stdout.value, "1");
    assert.equal(first.outputs.stdout.secret, false);
    assert.match(first.outputs.key.value, /^ssh-ed25519 /);
    assert.equal(first.outputs.pem.secret, true);

    assert.deepEqual((await up(stack)).operations, []);

    settings.trigger = "b";
    const third = await up(stack);
    assert.deepEqual(third.operations, ["create-replacement step", "replace step", "delete-replaced step"]);
    assert.equal(third.outputs.stdout.value, "2");

    await stack.refresh();
    assert.deepEqual((await up(stack)).operations, []);
    await stack.destroy();
    assert.deepEqual((await stack.exportStack()).deployment.resources ?? [], []);
  });

  it("leaves a finished command alone whose connection and script are ignored, and uses the new ones when it is replaced", async () => {
    const settings = {
      create: "echo old",
      trigger: "a",
      frozen: true,
      port: undefined as number | undefined,
    };
    const stack = await engine.stack("frozen", program(settings));
    await up(stack);

    Object.assign(settings, { create: "echo new", port: 1 });
    assert.deepEqual((await up(stack)).operations, []);

    Object.assign(settings, { trigger: "b", port: undefined });
    assert.equal((await up(stack)).outputs.stdout.value, "new");
    await stack.destroy();
  });

  it("runs create again as an update where a script that is not ignored changed", async () => {
    const settings = { create: "echo one", trigger: "a" };
    const stack = await engine.stack("update", program(settings));
    await up(stack);
    settings.create = "echo two";
    const second = await up(stack);
    assert.deepEqual(second.operations, ["update step"]);
    assert.equal(second.outputs.stdout.value, "two");
    await stack.destroy();
  });

  it("shows a failed command with its output, records nothing, and goes on from there", async () => {
    const settings = { create: "echo so far >&2; exit 3", trigger: "a" };
    const stack = await engine.stack("failing", program(settings));
    await assert.rejects(up(stack), (error: Error) => {
      assert.match(
        error.message,
        /Process exited with status 3: running "echo so far >&2; exit 3":\s+so far/,
      );
      assert.doesNotMatch(error.message, /Unknown error|at .*\.[jt]s:\d+/);
      return true;
    });
    settings.create = "echo mended";
    const second = await up(stack);
    assert.deepEqual(second.operations, ["create step"]);
    assert.equal(second.outputs.stdout.value, "mended");
    await stack.destroy();
  });

  it("shows what a command prints below it while it runs", async () => {
    const stack = await engine.stack(
      "lines",
      program({ create: "echo first line; sleep 0.2; echo second >&2", trigger: "a" }),
    );
    const { events } = await up(stack);
    const lines = events
      .map((event) => event.diagnosticEvent)
      .filter((line) => line?.urn?.endsWith("::step"));
    const seen = lines.map(
      (line) => `${line?.severity} ${line?.ephemeral} ${line?.message.replace(/<\{%.*?%\}>/g, "").trim()}`,
    );
    assert.deepEqual(seen, ["info true first line", "info true second"]);
    await stack.destroy();
  });

  it("shows in a preview as unknown what only the update will tell", async () => {
    // What is applied to an unknown value does not run.
    const known: string[] = [];
    const note = (name: string, output: pulumi.Output<unknown>) => output.apply(() => known.push(name));
    const stack = await engine.stack("preview", async () => {
      const { stdout, key } = await program({ create: "echo x", trigger: "a" })();
      const create = pulumi.interpolate`echo ${stdout}`;
      const dependent = new remote.Command("dependent", { connection: server.connection, create });
      note("stdout", stdout);
      note("public key", key);
      note("dependent script", dependent.create);
      note(
        "dependent port",
        dependent.connection.apply((connection) => connection?.port),
      );
    });
    const preview = await stack.preview();
    assert.deepEqual(known, ["dependent port"]);
    assert.equal(preview.changeSummary.create, 4);
  });

  it("copies a file once, and again where its bytes changed", async () => {
    const target = join(server.folder, "copied");
    let text = "one";
    const stack = await engine.stack("copy", async () => {
      new remote.CopyToRemote("copy", {
        connection: server.connection,
        source: new pulumi.asset.StringAsset(text),
        remotePath: target,
      });
    });
    assert.deepEqual((await up(stack)).operations, ["create copy"]);
    assert.equal(readFileSync(target, "utf8"), "one");
    assert.deepEqual((await up(stack)).operations, []);
    text = "two";
    assert.deepEqual((await up(stack)).operations, ["update copy"]);
    assert.equal(readFileSync(target, "utf8"), "two");
    await stack.destroy();
    assert.ok(existsSync(target));
  });

  it("refuses what it does not have, by name", async () => {
    const stack = await engine.stack("unknown", async () => {
      const key = { certRequestPem: "", caPrivateKeyPem: "", caCertPem: "" };
      new LocallySignedCert("cert", { ...key, validityPeriodHours: 1, allowedUses: [] });
    });
    await assert.rejects(
      up(stack),
      /tls:index\/locallySignedCert:LocallySignedCert: the local tls provider does not have it/,
    );
  });
});

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Connection } from "../../../local/providers/command/connection";
import { copyToRemote } from "../../../local/providers/command/copyToRemote";
import { remoteCommand } from "../../../local/providers/command/remoteCommand";
import type { Context, Properties } from "../../../local/providers/provider";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  SIGNATURE_KEY,
} from "../../../local/providers/server/signatures";
import { freePort, makeKey, startSshd, type TestServer } from "./sshd";

/** Keeps the lines that the user would see. */
function recording(options: Partial<Context> = {}): Context & { lines: string[] } {
  const lines: string[] = [];
  const signal = new AbortController().signal;
  return { urn: "urn:pulumi:s::p::t::step", lines, log: (line) => void lines.push(line), signal, ...options };
}

/** Linux's number of it in /proc/net/tcp: 0 is none, 1 waits for an answer. */
const KEEPALIVE = "02";

/** The timers of this machine's connections to a port of the loopback. */
async function timersOf(port: number): Promise<string[]> {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = (await readFile("/proc/net/tcp", "utf8")).split("\n").map((row) => row.trim().split(/\s+/));
  return rows.filter((row) => row[2] === remote).map((row) => row[5].slice(0, 2));
}

describe("remote.Command", () => {
  let server: TestServer;
  before(async () => (server = await startSshd()));
  after(() => server?.stop());

  const create = (inputs: Properties, context: Context = recording()) =>
    remoteCommand.create({ connection: server.connection, ...inputs }, context);

  it("keeps both outputs without their last newline, and takes the resource's name into its id", async () => {
    const { id, state } = await create({ create: "echo one; echo; echo two >&2" });
    assert.match(id, /^step[0-9a-f]{8}$/);
    assert.equal(state.stdout, "one\n");
    assert.equal(state.stderr, "two");
  });

  it("says how a command failed, which one it was, and all that it printed", async () => {
    const failing = create({ create: 'echo "out"; echo err >&2; exit 3' });
    await assert.rejects(failing, (error: Error) => {
      assert.match(
        error.message,
        /^Process exited with status 3: running "echo \\"out\\"; echo err >&2; exit 3":\n/,
      );
      assert.ok(error.message.includes("out\n") && error.message.includes("err\n"));
      return true;
    });
  });

  it("names the signal that ended a command", async () => {
    await assert.rejects(
      create({ create: "kill -TERM $$" }),
      /^Error: Process exited with status 143 from signal TERM: running/,
    );
  });

  it("says so when the connection ends before the command does, with what it had printed", async () => {
    const [fifo, lines] = [join(server.folder, "cut-now"), [] as string[]];
    // The shell's parent is the server of this one session.
    const command = `mkfifo ${fifo}; echo begun; cat ${fifo}; kill -KILL $PPID; cat`;
    const cut = assert.rejects(
      create({ create: command }, recording({ log: (line) => void lines.push(line) })),
      {
        message: `wait: remote command exited without exit status or exit signal: running "${command}":\nbegun\n`,
      },
    );
    while (lines.length === 0) await setImmediate();
    writeFileSync(fifo, "");
    await cut;
  });

  it("asks a machine that says nothing for a sign of life, so that one which was cut off is noticed", async () => {
    const [fifo, lines] = [join(server.folder, "go-on"), [] as string[]];
    const context = recording({ log: (line) => void lines.push(line) });
    const silent = create({ create: `mkfifo ${fifo}; echo begun; cat ${fifo}` }, context);
    while (lines.length === 0) await setImmediate();
    while (!(await timersOf(server.connection.port)).includes(KEEPALIVE)) await setImmediate();
    writeFileSync(fifo, "on\n");
    assert.equal((await silent).state.stdout, "begun\non");
  });

  const logs = [
    { logging: undefined, lines: ["err", "out"] },
    { logging: "stdoutAndStderr", lines: ["err", "out"] },
    { logging: "stdout", lines: ["out"] },
    { logging: "stderr", lines: ["err"] },
    { logging: "none", lines: [] },
  ];
  for (const { logging, lines } of logs) {
    it(`shows ${lines.join(" and ") || "nothing"} while it runs with logging ${logging}`, async () => {
      const context = recording();
      const { state } = await create({ create: "echo out; echo err >&2; sleep 0.1", logging }, context);
      assert.deepEqual(context.lines.sort(), lines);
      assert.deepEqual([state.stdout, state.stderr], ["out", "err"]);
    });
  }

  it("shows lines while the command still runs, not after it", async () => {
    const seen: number[] = [];
    const context = recording({ log: () => void seen.push(Date.now()) });
    await create({ create: "echo first; sleep 0.5; echo second" }, context);
    assert.ok(seen[1] - seen[0] > 300, `the lines came ${seen[1] - seen[0]} ms apart`);
  });

  it("survives one line of a megabyte", async () => {
    const { state } = await create({ create: "head -c 1000000 /dev/zero | tr '\\0' x" });
    assert.equal(String(state.stdout).length, 1_000_000);
  });

  it("passes standard input and the environment on", async () => {
    const { state } = await create({
      create: 'cat; echo " $GREETING"',
      stdin: "hello",
      environment: { GREETING: "you" },
    });
    assert.equal(state.stdout, "hello you");
  });

  it("refuses a variable that the server does not accept, and says what to do", async () => {
    const refused = create({ create: "true", environment: { SECRET_SAUCE: "1" } });
    await assert.rejects(refused, /could not set environment variable "SECRET_SAUCE".*AcceptEnv/);
  });

  it("runs update, or else create, and knows what was printed before", async () => {
    const state = { stdout: "before", stderr: "" };
    const run = (inputs: Properties) =>
      remoteCommand.update!("id", { connection: server.connection, ...inputs }, {}, state, recording());
    assert.equal((await run({ create: "echo created", update: "echo updated" })).stdout, "updated");
    assert.equal((await run({ create: "echo after $PULUMI_COMMAND_STDOUT" })).stdout, "after before");
    assert.equal(
      (await run({ create: "echo ${PULUMI_COMMAND_STDOUT-none}", addPreviousOutputInEnv: false })).stdout,
      "none",
    );
    assert.equal((await run({})).stdout, "before");
  });

  it("dials nobody on deletion unless there is a delete command", async () => {
    const nobody = { ...server.connection, port: 1 };
    await remoteCommand.delete("id", { connection: nobody, create: "true" }, recording());
    const marker = join(server.folder, "deleted");
    await remoteCommand.delete(
      "id",
      { connection: server.connection, delete: `touch ${marker}` },
      recording(),
    );
    assert.ok(existsSync(marker));
    await assert.rejects(
      remoteCommand.delete("id", { connection: nobody, delete: "true" }, recording()),
      /connection refused/,
    );
  });

  const changes = [
    { change: { triggers: ["b"] }, changed: ["triggers"], replaces: ["triggers"] },
    { change: { create: "new" }, changed: ["create"], replaces: [] },
    { change: { connection: { host: "b" } }, changed: ["connection"], replaces: [] },
    { change: {}, changed: [], replaces: [] },
  ];
  for (const { change, changed, replaces } of changes) {
    it(`a change of ${changed.join() || "nothing"} replaces ${replaces.join() || "nothing"}`, async () => {
      const olds = { connection: { host: "a" }, create: "old", triggers: ["a"] };
      assert.deepEqual(await remoteCommand.diff!("id", olds, { ...olds, ...change }, {}), {
        changed,
        replaces,
      });
    });
  }

  it("fills the connection's defaults in and names what is missing", async () => {
    const { inputs } = await remoteCommand.check!({ connection: { host: "h" } }, undefined, recording());
    assert.deepEqual(inputs.connection, {
      host: "h",
      port: 22,
      user: "root",
      dialErrorLimit: 10,
      perDialTimeout: 15,
    });
    const { failures } = await remoteCommand.check!(
      { connection: {}, logging: "loud" },
      undefined,
      recording(),
    );
    assert.deepEqual(
      failures.map((failure) => failure.property),
      ["connection.host", "logging"],
    );
  });
});

describe("remote connections", () => {
  let server: TestServer;
  before(async () => (server = await startSshd()));
  after(() => server?.stop());

  const run = (connection: Partial<Connection>, context: Context = recording()) =>
    remoteCommand.create(
      { connection: { ...server.connection, ...connection }, create: "echo reached" },
      context,
    );

  it("refuses a machine with another host key than the pinned one", async () => {
    const { publicKeyOpenssh } = await makeKey("ED25519");
    await assert.rejects(
      run({ hostKey: publicKeyOpenssh }),
      /after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch/,
    );
  });

  it("takes any host key where none is pinned", async () => {
    assert.equal((await run({ hostKey: undefined })).state.stdout, "reached");
  });

  it("says so when no key is let in", async () => {
    const { privateKeyOpenssh } = await makeKey("ED25519");
    await assert.rejects(run({ privateKey: privateKeyOpenssh }), /unable to authenticate/);
  });

  it("tries again, counting aloud, until the limit is reached", async () => {
    const context = recording();
    const port = await freePort();
    await assert.rejects(run({ port, dialErrorLimit: 2 }, context), (error: Error) => {
      assert.equal(
        error.message,
        `after 2 failed attempts: dial tcp 127.0.0.1:${port}: connect: connection refused`,
      );
      return true;
    });
    assert.deepEqual(context.lines, ["Dial 1/2 failed: retrying", "Dial 2/2 failed: retrying"]);
  });

  it("stops dialling when the engine cancels", async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 300);
    const endless = run({ port: await freePort(), dialErrorLimit: -1 }, recording({ signal: cancel.signal }));
    await assert.rejects(endless, /^Error: context canceled: dial tcp .* connection refused$/);
  });

  it("stops dialling when the resource's time is over", async () => {
    const endless = run({ port: await freePort(), dialErrorLimit: -1 }, recording({ timeoutSeconds: 0.3 }));
    await assert.rejects(endless, /context deadline exceeded/);
  });

  it("goes through a proxy, whose failures it names as such", async () => {
    const far = await startSshd();
    try {
      assert.equal((await run({ ...far.connection, proxy: server.connection })).state.stdout, "reached");
      await assert.rejects(
        run({ proxy: { ...server.connection, port: 1 } }),
        /^Error: proxy: after 0 failed attempts: dial tcp/,
      );
    } finally {
      far.stop();
    }
  });

  it("reaches a server with the key exchange, host key and MAC of CentOS 5 and no newer ones", async () => {
    const old = await startSshd("RSA", [
      "KexAlgorithms diffie-hellman-group14-sha1",
      "HostKeyAlgorithms ssh-rsa",
      "PubkeyAcceptedAlgorithms +ssh-rsa",
      "MACs hmac-sha1",
      "Ciphers aes128-ctr",
    ]);
    try {
      assert.equal((await run(old.connection)).state.stdout, "reached");
    } finally {
      old.stop();
    }
  });

  it("reads a private key in PKCS#8, as tls.PrivateKey's privateKeyPem is for ED25519", async () => {
    assert.match(server.client.privateKeyPem, /^-----BEGIN PRIVATE KEY-----/);
    assert.equal((await run({ privateKey: server.client.privateKeyPem })).state.stdout, "reached");
  });
});

describe("remote.CopyToRemote", () => {
  let server: TestServer;
  before(async () => (server = await startSshd()));
  after(() => server?.stop());

  const file = (path: string, hash = "1") => ({ [SIGNATURE_KEY]: ASSET_SIGNATURE, path, hash });
  const text = (value: string) => ({ [SIGNATURE_KEY]: ASSET_SIGNATURE, text: value, hash: "t" });
  const archive = (path: string) => ({ [SIGNATURE_KEY]: ARCHIVE_SIGNATURE, path, hash: "a" });
  const inFolder = (name: string) => join(server.folder, name);
  const copy = (source: unknown, remotePath: string) =>
    copyToRemote.create({ connection: server.connection, source, remotePath }, recording());

  it("copies a file of five megabytes byte for byte, and makes the folders above it", async () => {
    const bytes = Buffer.alloc(5_000_000, "some bytes");
    writeFileSync(inFolder("big"), bytes);
    await copy(file(inFolder("big")), inFolder("new/folder/copy"));
    assert.ok(readFileSync(inFolder("new/folder/copy")).equals(bytes));
  });

  it("copies into a folder that exists, and over a file that exists", async () => {
    writeFileSync(inFolder("one"), "1");
    mkdirSync(inFolder("there"));
    await copy(file(inFolder("one")), inFolder("there"));
    assert.equal(readFileSync(inFolder("there/one"), "utf8"), "1");
    writeFileSync(inFolder("one"), "2");
    await copy(file(inFolder("one")), inFolder("there/one"));
    assert.equal(readFileSync(inFolder("there/one"), "utf8"), "2");
  });

  it("copies a text, but into no folder", async () => {
    await copy(text("words"), inFolder("text"));
    assert.equal(readFileSync(inFolder("text"), "utf8"), "words");
    await assert.rejects(copy(text("words"), server.folder), /is a directory; when using a text asset/);
  });

  it("copies a folder, with a slash at its end only what is in it", async () => {
    mkdirSync(inFolder("tree/branch"), { recursive: true });
    writeFileSync(inFolder("tree/branch/leaf"), "green");
    await copy(archive(inFolder("tree")), inFolder("garden"));
    assert.equal(readFileSync(inFolder("garden/tree/branch/leaf"), "utf8"), "green");
    await copy(archive(`${inFolder("tree")}/`), inFolder("bed"));
    assert.equal(readFileSync(inFolder("bed/branch/leaf"), "utf8"), "green");
  });

  it("copies again where bytes or place differ, not where only the connection does", async () => {
    writeFileSync(inFolder("again"), "x");
    const [source, remotePath] = [file(inFolder("again")), inFolder("target")];
    const state = { connection: server.connection, source, remotePath };
    const nobody = { ...server.connection, port: 1 };
    const update = (news: Properties) =>
      copyToRemote.update!("id", { ...state, ...news }, state, state, recording());
    assert.deepEqual(await update({ connection: nobody }), { ...state, connection: nobody });
    assert.ok(!existsSync(remotePath));
    await update({ source: file(inFolder("again"), "2") });
    assert.equal(readFileSync(remotePath, "utf8"), "x");
  });

  it("replaces for triggers alone, and takes equal bytes at another path for the same", async () => {
    const olds = { source: file("/a", "same"), triggers: ["1"] };
    const diff = (news: Properties) => copyToRemote.diff!("id", olds, { ...olds, ...news }, {});
    assert.deepEqual(await diff({ source: file("/b", "same") }), { changed: [], replaces: [] });
    assert.deepEqual(await diff({ source: file("/a", "other") }), { changed: ["source"], replaces: [] });
    assert.deepEqual(await diff({ triggers: ["2"] }), { changed: ["triggers"], replaces: ["triggers"] });
  });

  const wrong = [
    { source: undefined, reason: /either asset or archive/ },
    {
      source: { [SIGNATURE_KEY]: ASSET_SIGNATURE, uri: "https://example.com/x" },
      reason: /path-based file asset or a text asset/,
    },
    { source: { [SIGNATURE_KEY]: ARCHIVE_SIGNATURE, assets: {} }, reason: /path to a file or directory/ },
  ];
  for (const { source, reason } of wrong) {
    it(`refuses a source that is ${JSON.stringify(source)}`, async () => {
      const inputs = { connection: { host: "h" }, source, remotePath: "/x" };
      const { failures } = await copyToRemote.check!(inputs, undefined, recording());
      assert.match(failures[0].reason, reason);
    });
  }
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import {
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type CallOptions,
  type ServiceError,
} from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { InvalidArguments, UNKNOWN, type Provider } from "../../../local/providers/provider";
import { listen } from "../../../local/providers/server";
import { differencesAt } from "../../../local/providers/server/differences";
import { engineAddressOf } from "../../../local/providers/server/lifetime";

const URN = "urn:pulumi:stack::project::component$test:index:Thing::name";
const struct = (value: object) => Struct.fromJavaScript(value as Record<string, JavaScriptValue>);

/** A provider of one resource that does what its inputs say. */
const provider: Provider = {
  name: "test",
  version: "1.2.3",
  resources: {
    "test:index:Thing": {
      outputs: ["address", "size"],
      async check(inputs) {
        const failures = inputs.size === "huge" ? [{ property: "size", reason: "too big" }] : [];
        return { inputs: { region: "here", ...inputs }, failures };
      },
      async create(inputs, context) {
        if (inputs.fail) throw new Error(String(inputs.fail));
        if (inputs.wait) await new Promise((done) => context.signal.addEventListener("abort", done));
        context.log("working");
        context.log("odd", "warning");
        return {
          id: "thing-1",
          state: { ...inputs, address: "127.0.0.1", waited: context.timeoutSeconds, absent: undefined },
        };
      },
      async read(id, state) {
        return id === "gone" ? undefined : { id, state: { ...state, address: "127.0.0.2" }, inputs: {} };
      },
      async delete() {},
    },
  },
  functions: {
    "test:index:find": async ({ name }) => {
      if (!name) throw new InvalidArguments([{ property: "name", reason: "missing" }]);
      return { id: `id of ${String(name)}` };
    },
  },
};

describe("the provider server", () => {
  let client: ResourceProviderClient;
  let stop: () => void;
  const logged: LogRequest[] = [];
  before(async () => {
    const engine = new Server();
    engine.addService(EngineService, {
      log: (call: { request: LogRequest }, done: (error: null, answer: Empty) => void) => {
        logged.push(call.request);
        done(null, new Empty());
      },
    });
    const enginePort = await new Promise((done) =>
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_error, port) => done(port)),
    );
    const { port, close } = await listen(provider, `127.0.0.1:${enginePort}`);
    client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    stop = () => {
      close();
      engine.forceShutdown();
    };
  });
  after(() => {
    client.close();
    stop();
  });

  type Done<Response> = (error: ServiceError | null, response: Response) => void;

  /** One call, as a promise. */
  function call<Request, Response>(
    method: (
      request: Request,
      metadata: Metadata,
      options: Partial<CallOptions>,
      done: Done<Response>,
    ) => unknown,
    request: Request,
  ): Promise<Response> {
    return new Promise((done, fail) =>
      method.call(client, request, new Metadata(), {}, (error, response) =>
        error ? fail(error) : done(response),
      ),
    );
  }
  const create = (inputs: object, preview = false) =>
    call(
      client.create,
      new messages.CreateRequest()
        .setUrn(URN)
        .setProperties(struct(inputs))
        .setPreview(preview)
        .setTimeout(7),
    );

  it("asks the engine for plain values and offers previews", async () => {
    const handshake = await call(client.handshake, new messages.ProviderHandshakeRequest());
    assert.deepEqual([handshake.getAcceptSecrets(), handshake.getAcceptResources()], [false, false]);
    const configured = await call(client.configure, new messages.ConfigureRequest());
    assert.deepEqual([configured.getAcceptsecrets(), configured.getSupportspreview()], [false, true]);
    assert.equal((await call(client.getPluginInfo, new Empty())).getVersion(), "1.2.3");
  });

  it("passes checked inputs and failures on", async () => {
    const request = new messages.CheckRequest().setUrn(URN).setNews(struct({ size: "huge" }));
    const response = await call(client.check, request);
    assert.deepEqual(response.getInputs()?.toJavaScript(), { region: "here", size: "huge" });
    assert.deepEqual(
      response.getFailuresList().map((one) => one.toObject()),
      [{ property: "size", reason: "too big" }],
    );
  });

  it("creates, with the time-out that the user gave, and leaves absent values out", async () => {
    const response = await create({ a: 1 });
    assert.equal(response.getId(), "thing-1");
    assert.deepEqual(response.getProperties()?.toJavaScript(), { a: 1, address: "127.0.0.1", waited: 7 });
  });

  it("delivers a resource's lines before the end of its operation: information as a status, warnings for good", async () => {
    logged.length = 0;
    await create({});
    const lines = logged.map((line) => [
      line.getUrn(),
      line.getMessage(),
      line.getSeverity(),
      line.getEphemeral(),
    ]);
    assert.deepEqual(lines, [
      [URN, "working", 1, true],
      [URN, "odd", 2, false],
    ]);
  });

  it("creates nothing in a preview, and marks outputs that are not known yet", async () => {
    const response = await create({ size: 1, fail: "not in a preview" }, true);
    assert.equal(response.getId(), "");
    assert.deepEqual(response.getProperties()?.toJavaScript(), {
      size: 1,
      fail: "not in a preview",
      address: UNKNOWN,
    });
  });

  it("answers a failure with its message alone", async () => {
    await assert.rejects(
      create({ fail: "volume: 1 GiB found, 2 needed. Grow it." }),
      (error: ServiceError) => {
        assert.equal(error.details, "volume: 1 GiB found, 2 needed. Grow it.");
        return true;
      },
    );
  });

  const unknown = [
    {
      what: "type",
      run: () => call(client.diff, new messages.DiffRequest().setUrn(URN.replace("Thing", "Other"))),
      names: /^test:index:Other: .* It has test:index:Thing\.$/,
    },
    {
      what: "function",
      run: () => call(client.invoke, new messages.InvokeRequest().setTok("test:index:lose")),
      names: /^test:index:lose: .* It has test:index:find\.$/,
    },
  ];
  for (const { what, run, names } of unknown) {
    it(`refuses an unknown ${what} and lists what there is`, async () => {
      await assert.rejects(run(), (error: ServiceError) => names.test(error.details));
    });
  }

  const diffs = [
    { title: "nothing", olds: { a: 1, b: [1, 2] }, news: { b: [1, 2], a: 1 }, changes: 1, paths: {} },
    {
      title: "an element of a list",
      olds: { b: ["x", "y"] },
      news: { b: ["x", "z"] },
      changes: 2,
      paths: { "b[1]": 4 },
    },
    { title: "a property that is gone", olds: { a: 1 }, news: {}, changes: 2, paths: { a: 2 } },
    { title: "a property that is new", olds: {}, news: { a: { c: 1 } }, changes: 2, paths: { a: 0 } },
    { title: "what the user ignores", olds: { c: 1 }, news: { c: 2 }, changes: 1, paths: {} },
  ];
  for (const { title, olds, news, changes, paths } of diffs) {
    it(`finds, by the paths of what differs: ${title}`, async () => {
      const request = new messages.DiffRequest()
        .setUrn(URN)
        .setOldInputs(struct(olds))
        .setNews(struct(news))
        .setIgnorechangesList(["c"]);
      const response = await call(client.diff, request);
      assert.equal(response.getChanges(), changes);
      const found = response.getDetaileddiffMap().toObject(false, messages.PropertyDiff.toObject) as [
        string,
        { kind: number },
      ][];
      assert.deepEqual(Object.fromEntries(found.map(([path, { kind }]) => [path, kind])), paths);
    });
  }

  it("reads what is there, and answers with an empty id for what is gone", async () => {
    const read = (id: string) =>
      call(
        client.read,
        new messages.ReadRequest()
          .setUrn(URN)
          .setId(id)
          .setProperties(struct({ a: 1 })),
      );
    assert.deepEqual((await read("there")).getProperties()?.toJavaScript(), { a: 1, address: "127.0.0.2" });
    assert.equal((await read("gone")).getId(), "");
  });

  it("answers an invoke, or names the arguments at fault", async () => {
    const invoke = (args: object) =>
      call(client.invoke, new messages.InvokeRequest().setTok("test:index:find").setArgs(struct(args)));
    assert.deepEqual((await invoke({ name: "x" })).getReturn()?.toJavaScript(), { id: "id of x" });
    assert.deepEqual(
      (await invoke({})).getFailuresList().map((one) => one.toObject()),
      [{ property: "name", reason: "missing" }],
    );
  });

  it("tells an operation that the engine has cancelled", async () => {
    const waiting = create({ wait: true });
    await call(client.cancel, new Empty());
    assert.equal((await waiting).getId(), "thing-1");
  });
});

describe("a provider's process", () => {
  const main = resolve(__dirname, "../../../local/providers/tls/main.ts");
  const start = (...args: string[]) =>
    spawn(process.execPath, ["-r", "./tests/compile.cjs", main, ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });

  for (const { how, end } of [
    { how: "closes its standard input", end: (child: ReturnType<typeof start>) => child.stdin?.end() },
    { how: "interrupts it", end: (child: ReturnType<typeof start>) => child.kill("SIGINT") },
  ]) {
    it(`prints its port first and ends when the engine ${how}`, async () => {
      const child = start("127.0.0.1:1");
      const first = await new Promise<string>((done) =>
        child.stdout?.once("data", (text) => done(String(text))),
      );
      assert.match(first, /^\d+\n$/);
      const code = new Promise((done) => child.on("exit", done));
      end(child);
      assert.equal(await code, 0);
    });
  }

  for (const { argv, address } of [
    { argv: ["127.0.0.1:4000"], address: "127.0.0.1:4000" },
    { argv: ["--logtostderr", "-v=9", "127.0.0.1:4000", "--tracing=http://x:1"], address: "127.0.0.1:4000" },
    { argv: [], address: undefined },
  ]) {
    it(`takes ${address ?? "no address"} from ${JSON.stringify(argv)}`, () =>
      assert.equal(engineAddressOf(argv), address));
  }
});

describe("differences", () => {
  for (const { old, now, expected } of [
    {
      old: { b: { "c d": 1 } },
      now: { b: { "c d": 2 } },
      expected: [{ path: 'a.b["c d"]', kind: "update" }],
    },
    { old: [1], now: [1, 2], expected: [{ path: "a[1]", kind: "add" }] },
    { old: [1], now: { 0: 1 }, expected: [{ path: "a", kind: "update" }] },
    { old: "x", now: "x", expected: [] },
  ]) {
    it(`between ${JSON.stringify(old)} and ${JSON.stringify(now)}: ${expected.map(({ path }) => path).join() || "none"}`, () => {
      assert.deepEqual(differencesAt("a", old, now), expected);
    });
  }
});

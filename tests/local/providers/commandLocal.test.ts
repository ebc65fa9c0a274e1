import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { localCommand } from "../../../local/providers/command/localCommand";
import type { Context, Properties } from "../../../local/providers/provider";

function context(signal = new AbortController().signal): Context {
  return { urn: "urn:pulumi:s::p::t::step", log: () => undefined, signal };
}
const create = async (inputs: Properties) => (await localCommand.create(inputs, context())).state;

describe("local.Command", () => {
  for (const { title, inputs, stdout } of [
    { title: "runs in /bin/sh", inputs: { create: "echo $0" }, stdout: "/bin/sh" },
    {
      title: "runs with the given interpreter",
      inputs: { create: "console.log(6 * 7)", interpreter: ["node", "-e"] },
      stdout: "42",
    },
    {
      title: "runs in the given folder",
      inputs: { create: "pwd -P", dir: tmpdir() },
      stdout: realpathSync(tmpdir()),
    },
    {
      title: "passes standard input and the environment on",
      inputs: { create: "cat; echo $A", stdin: "in ", environment: { A: "out" } },
      stdout: "in out",
    },
    { title: "runs nothing without create", inputs: {}, stdout: "" },
  ]) {
    it(title, async () => assert.equal((await create(inputs)).stdout, stdout));
  }

  it("says how a command failed and what it printed", async () => {
    await assert.rejects(create({ create: "echo no >&2; exit 4" }), {
      message: 'exit status 4: running "echo no >&2; exit 4":\nno\n',
    });
  });

  it("ends the process when the engine cancels", async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 100);
    await assert.rejects(
      localCommand.create({ create: "exec sleep 60" }, context(cancel.signal)),
      /aborted|signal: SIGTERM/,
    );
  });

  it("refuses what only the real provider does", async () => {
    const { failures } = await localCommand.check!(
      { create: "true", assetPaths: ["*"] },
      undefined,
      context(),
    );
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["assetPaths"],
    );
  });
});

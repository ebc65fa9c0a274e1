import { strict as assert } from "node:assert";
import { FailedError, RefusedError } from "../../converter/errors";
import type { Runner } from "../../converter/run";
import { readBackend } from "../../sweep/backend";
import { deployment, id } from "./made";

const OPTIONS = { env: { PATH: "/bin", EMPTY: undefined }, cwd: "/project" };

/** A `pulumi` that answers by its first words, and notes what it was asked. */
function pulumi(answers: Record<string, string>) {
  const asked: string[] = [];
  const environments: Record<string, string>[] = [];
  const runner: Runner = async (command, { env }) => {
    asked.push(command.join(" "));
    environments.push(env ?? {});
    const answer = Object.entries(answers).find(([start]) => command.slice(1).join(" ").startsWith(start));
    if (!answer)
      throw new FailedError(`asking the Pulumi backend: ${command.join(" ")} ended with exit code 255`);
    return {
      ...{ command, exitCode: 0, signal: null, timedOut: false, durationMs: 1, stderr: "" },
      stdout: answer[1],
    };
  };
  return { asked, environments, runner };
}

const EXPORT = (held: string[]) => JSON.stringify({ version: 3, deployment: deployment(held) });
const LISTED = JSON.stringify([{ name: "organization/images/prod" }, { name: "organization/images/dev" }]);

describe("reading the backend", () => {
  it("reads every stack that it shows, without any secret", async () => {
    const { asked, environments, runner } = pulumi({
      whoami: JSON.stringify({ url: "s3://states" }),
      "stack ls": LISTED,
      "stack export --stack organization/images/prod": EXPORT(["i-1"]),
      "stack export --stack organization/images/dev": JSON.stringify({ version: 3, deployment: null }),
    });
    const backend = await readBackend({ ...OPTIONS, runner });
    assert.deepEqual(asked, [
      "pulumi whoami --verbose --json --non-interactive --cwd /project",
      "pulumi stack ls --all --json --non-interactive --cwd /project",
      "pulumi stack export --stack organization/images/prod --non-interactive --cwd /project",
      "pulumi stack export --stack organization/images/dev --non-interactive --cwd /project",
    ]);
    assert.deepEqual(environments[0], { PULUMI_SKIP_UPDATE_CHECK: "true", PATH: "/bin" });
    assert.equal(backend.url, "s3://states");
    assert.deepEqual(backend.locks, { seen: false });
    const [prod, dev] = backend.stacks;
    assert.deepEqual([prod.tag, [...prod.holds.keys()]], ["images/prod", [id("i-1")]]);
    assert.deepEqual([dev.tag, dev.holds.size], ["images/dev", 0]);
  });

  it("looks for locks before it reads a state: an update that ends in between has written what it made", async () => {
    const { asked, runner } = pulumi({ whoami: JSON.stringify({ url: "file:///dev/null" }) });
    await assert.rejects(readBackend({ ...OPTIONS, runner }), /ENOTDIR/);
    assert.equal(asked.length, 1);
  });

  it("keeps what Pulumi's service says of updates", async () => {
    const stacks = [
      { name: "acme/images/prod", updateInProgress: true },
      { name: "acme/images/dev", updateInProgress: false },
    ];
    const { runner } = pulumi({
      whoami: JSON.stringify({ url: "https://app.pulumi.com/me" }),
      "stack ls": JSON.stringify(stacks),
      "stack export": EXPORT([]),
    });
    const backend = await readBackend({ ...OPTIONS, runner });
    assert.deepEqual(
      backend.stacks.map(({ updateInProgress }) => updateInProgress),
      [true, false],
    );
  });

  it("refuses to go on with a state that cannot be read", async () => {
    const { runner } = pulumi({
      whoami: JSON.stringify({ url: "s3://states" }),
      "stack ls": LISTED,
      "stack export --stack organization/images/prod": EXPORT([]),
    });
    await assert.rejects(readBackend({ ...OPTIONS, runner }), (error: Error) => {
      assert.ok(error instanceof RefusedError);
      assert.match(
        error.message,
        /^organization\/images\/dev: its state could not be read: .*exit code 255/s,
      );
      assert.match(error.message, /would pass for left over/);
      return true;
    });
  });

  it("says where there is no pulumi", async () => {
    await assert.rejects(
      readBackend({ env: { PATH: "/nonexistent" }, cwd: "/" }),
      /^Error: pulumi: not found on the PATH\. Install it/,
    );
  });
});

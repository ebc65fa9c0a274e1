/** What no stack holds any more, found by its tags and taken away: `pv-to-hvm sweep`, before the local cloud. */
import { strict as assert } from "node:assert";
import { serveEc2 } from "../../local/ec2Api/server";
import { readBackend } from "../../sweep/backend";
import { openEc2 } from "../../sweep/ec2";
import { sweep } from "../../sweep/sweep";
import type { Environment } from "./environment";

/**
 * Lists what is orphaned, and removes it. Answers with the roles of what was removed, sorted: `helper`, `image` …
 * @throws where a listing alone changes something, or something cannot be removed.
 */
export async function sweepOrphans(environment: Environment): Promise<string[]> {
  const listed = await sweepOnce(environment, false);
  const again = await sweepOnce(environment, false);
  assert.deepEqual(idsToRemove(again), idsToRemove(listed), "listing has removed something");
  const { removals = [], exitStatus } = await sweepOnce(environment, true);
  assert.deepEqual(
    removals.filter(({ error }) => error !== undefined),
    [],
  );
  assert.deepEqual(removals.map(({ item }) => item.id).sort(), idsToRemove(listed));
  assert.equal(exitStatus, 0, "something is left over");
  return removals.map(({ item }) => item.role ?? item.kind).sort();
}

type Swept = Awaited<ReturnType<typeof sweep>>;

function idsToRemove({ verdicts }: Swept): string[] {
  return verdicts
    .filter(({ fate }) => fate === "remove")
    .map(({ item }) => item.id)
    .sort();
}

async function sweepOnce({ cloud, local }: Environment, remove: boolean): Promise<Swept> {
  const api = await serveEc2(cloud);
  try {
    const ec2 = openEc2({
      region: "us-east-1",
      endpoint: api.url,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const backend = () => readBackend({ env: { ...process.env, ...local.env }, cwd: local.home });
    return await sweep({ ec2, backend, olderThanSeconds: 0, gone: [], remove, images: true });
  } finally {
    await api.close();
  }
}

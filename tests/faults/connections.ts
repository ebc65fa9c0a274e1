/** The helper and the way to it: its end, and the end of a connection, while it works. */
import { strict as assert } from "node:assert";
import { signal } from "./processes";
import type { Scenario } from "./scenario";
import { sample } from "./sample";
import { named, type Environment } from "./environment";

export const CONNECTION_SCENARIOS: Scenario[] = [
  { name: "the ssh connection cut in the copy", inQuickPart: true, run: cutInTheCopy },
  { name: "the helper's machine killed in the copy", inQuickPart: false, run: machineKilled },
];

/** The server's end is killed: the program notices only that nothing comes any more. */
async function cutInTheCopy(environment: Environment): Promise<void> {
  const update = environment.start("up", sample());
  const { helper, converter } = await environment.atStep(update, "copy");
  signal(helper.sshSessionOf(converter).pid, "SIGKILL");
  const cut = await environment.ended(update);
  environment.saw(cut, /remote command exited without exit status/);
  const went = await environment.goOn(sample());
  assert.deepEqual(named(went, "create").slice(0, 2), ["sample-copy", "sample-configure"]);
}

/** As a host's failure: EC2 shows the helper stopped and its address gone. Nothing is dialled that is not there. */
async function machineKilled(environment: Environment): Promise<void> {
  const update = environment.start("up", sample());
  const { helper } = await environment.atStep(update, "copy");
  helper.kill();
  const killed = await environment.ended(update);
  assert.notEqual(killed.error, undefined);
  environment.saw(killed, /sample-copy/);
  const went = await environment.goOn(sample());
  assert.ok(named(went, "create").includes("sample-helper-start"), "it was not started again");
  assert.deepEqual(
    ["sample-inspect", "sample-partition"].filter((name) => named(went, "create").includes(name)),
    [],
    "what had finished was begun again",
  );
  const { instanceId } = (await environment.helper()).instance;
  assert.equal(instanceId, helper.id, "it is the same helper, started again");
}

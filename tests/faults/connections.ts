/** The helper and the way to it: its end, and the end of a connection, while it works. */
import { strict as assert } from "node:assert";
import { signal } from "./processes";
import type { Row } from "./row";
import { sample } from "./sample";
import { named, type Stage } from "./stage";

export const CONNECTION_ROWS: Row[] = [
  { name: "the ssh connection cut in the copy", inQuickPart: true, run: cutInTheCopy },
  { name: "the helper's machine killed in the copy", inQuickPart: false, run: machineKilled },
];

/** The server's end is killed: the program notices only that nothing comes any more. */
async function cutInTheCopy(stage: Stage): Promise<void> {
  const update = stage.start("up", sample());
  const { helper, converter } = await stage.atStep(update, "copy");
  signal(helper.sshSessionOf(converter).pid, "SIGKILL");
  const cut = await stage.ended(update);
  stage.saw(cut, /remote command exited without exit status/);
  const went = await stage.goOn(sample());
  assert.deepEqual(named(went, "create").slice(0, 2), ["sample-copy", "sample-configure"]);
}

/** As a host's failure: EC2 shows the helper stopped and its address gone. Nothing is dialled that is not there. */
async function machineKilled(stage: Stage): Promise<void> {
  const update = stage.start("up", sample());
  const { helper } = await stage.atStep(update, "copy");
  helper.kill();
  const killed = await stage.ended(update);
  assert.notEqual(killed.error, undefined);
  stage.saw(killed, /sample-copy/);
  const went = await stage.goOn(sample());
  assert.ok(named(went, "create").includes("sample-helper-start"), "it was not started again");
  assert.deepEqual(
    ["sample-inspect", "sample-partition"].filter((name) => named(went, "create").includes(name)),
    [],
    "what had finished was begun again",
  );
  const { instanceId } = (await stage.helper()).instance;
  assert.equal(instanceId, helper.id, "it is the same helper, started again");
}

import { strict as assert } from "node:assert";
import { lockHolder } from "../../../local/stack";

const MESSAGE = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end.
  file:///state/.pulumi/locks/organization/pv-to-hvm/local/754c.json: created by root@vm (pid 24286) at 2026-11-22T17:52:07Z`;

describe("the lock of a stack", () => {
  it("is somebody's while its process lives", () => {
    assert.equal(
      lockHolder(MESSAGE, (pid) => pid === 24286),
      24286,
    );
  });

  it("is nobody's once its process is gone", () => {
    assert.equal(
      lockHolder(MESSAGE, () => false),
      undefined,
    );
  });

  it("is nobody's where the engine names no process", () => {
    assert.equal(
      lockHolder("currently locked by 1 lock(s)", () => true),
      undefined,
    );
  });
});

import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Candidate } from "../../../components/together/candidate";
import { Round } from "../../../components/together/round";

describe("a round of migrations that are judged together", () => {
  let closed: Candidate[] | undefined;
  let round: Round;
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    closed = undefined;
    round = new Round(100, (candidates) => (closed = candidates));
  });
  afterEach(() => mock.timers.reset());

  function add(stage: Candidate["stage"]): Candidate {
    const candidate = { stage } as Candidate;
    round.add(candidate);
    return candidate;
  }

  it("is closed when nothing has come for a while", () => {
    const first = add("judged");
    mock.timers.tick(99);
    const second = add("judged");
    mock.timers.tick(99);
    assert.equal(closed, undefined);
    mock.timers.tick(1);
    assert.deepEqual(closed, [first, second]);
    assert.ok(round.isClosed);
  });

  it("waits for what EC2 says, however long", () => {
    const candidate = add("asking");
    mock.timers.tick(3_600_000);
    assert.equal(closed, undefined);
    candidate.stage = "judged";
    round.review();
    assert.deepEqual(closed, [candidate]);
  });

  it("is not closed by an answer while others may still come", () => {
    const candidate = add("asking");
    mock.timers.tick(50);
    candidate.stage = "judged";
    round.review();
    assert.equal(closed, undefined);
    mock.timers.tick(50);
    assert.deepEqual(closed, [candidate]);
  });

  it("does not wait for arguments that come of a resource", () => {
    const candidate = add("depending");
    mock.timers.tick(100);
    assert.deepEqual(closed, [candidate]);
  });

  it("waits ten seconds for arguments of promises, which may hang on what waits for it", () => {
    const candidate = add("waiting");
    mock.timers.tick(9_999);
    assert.equal(closed, undefined);
    mock.timers.tick(1);
    assert.deepEqual(closed, [candidate]);
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { withoutStacks } from "../../components/withoutStacks";

const framesOf = (error: Error) => (error.stack ?? "").split("\n    at ").length - 1;

describe("making resources without stacks", () => {
  const saved = { limit: Error.stackTraceLimit, leaks: process.env.PULUMI_DEBUG_PROMISE_LEAKS };
  beforeEach(() => {
    Error.stackTraceLimit = 7;
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  });
  afterEach(() => {
    Error.stackTraceLimit = saved.limit;
    if (saved.leaks !== undefined) process.env.PULUMI_DEBUG_PROMISE_LEAKS = saved.leaks;
    else delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  });

  it("writes none down meanwhile, and as many as the user has set before and after", () => {
    assert.equal(framesOf(withoutStacks(() => new Error())), 0);
    assert.equal(Error.stackTraceLimit, 7);
    assert.throws(
      () =>
        withoutStacks(() => {
          throw new Error("broken");
        }),
      /broken/,
    );
    assert.equal(Error.stackTraceLimit, 7);
  });

  it("still lets the SDK find out where a resource was made", () => {
    const { stackTrace } = pulumi.Resource as unknown as {
      stackTrace(skip: number): ({ uri: string } | undefined)[];
    };
    const places = withoutStacks(() => stackTrace(0));
    assert.ok(places.some((place) => place?.uri.endsWith("/components/withoutStacks.ts")));
  });

  it("writes them down where PULUMI_DEBUG_PROMISE_LEAKS is to show them", () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "1";
    assert.ok(framesOf(withoutStacks(() => new Error())) > 0);
  });
});

/** What a transformation of the user's gets of the children, and may make of them. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration } from "../../components";
import { CLASSES } from "../../components/steps/child";
import { ARGS, child, mocks, recordRegistrations, type Registered } from "./mockEngine";

type Seen = pulumi.ResourceTransformationArgs;

/** Registers a migration with a transformation. */
async function registerWith(transform: (args: Seen) => pulumi.Inputs | undefined) {
  await pulumi.runtime.setMocks(mocks({}), "project", "stack");
  const registered = recordRegistrations();
  const seen: Seen[] = [];
  const transformation = (args: Seen) => {
    if (args.type in CLASSES) seen.push(args);
    const props = transform(args);
    return props && { props, opts: args.opts };
  };
  const { imageId } = new PvToHvmMigration("web", ARGS, { transformations: [transformation] });
  await new Promise((resolve) => imageId.apply(resolve));
  await pulumi.runtime.disconnect();
  return { seen, registered };
}

describe("a transformation of the user's", function () {
  this.timeout(60_000);
  let seen: Seen[];
  let registered: Registered[];
  before(async () => {
    ({ seen, registered } = await registerWith(({ name, props }) =>
      name === "web-helper" ? { ...props, monitoring: true } : undefined,
    ));
  });

  it("gets each child as one of its class, with the properties that it is given", () => {
    assert.ok(seen.length > 15);
    for (const { type, name, resource, props } of seen) {
      assert.ok(resource instanceof CLASSES[type as keyof typeof CLASSES], name);
      const given = Object.keys(props).filter((property) => props[property] !== undefined);
      const asked = Object.keys(child(registered, name.replace("web-", "")).inputs);
      const unasked = asked.filter((property) => !given.includes(property) && property !== "monitoring");
      assert.deepEqual(unasked, [], name);
    }
  });

  it("may give a child a property that this package does not", () => {
    assert.equal(child(registered, "helper").inputs.monitoring, true);
  });
});

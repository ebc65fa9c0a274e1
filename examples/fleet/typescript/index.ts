/** Old machines from a list, migrated to HVM, a few at a time. */
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration, type SourceArgs } from "pv-to-hvm";

/** One line of the list: an image, or the instance itself, which `stopFirst` stops for its snapshot and starts again. */
type Machine = { name: string } & SourceArgs;

const config = new pulumi.Config();
const machines = config.requireObject<Machine[]>("machines");
const helpersAtOnce = config.requireNumber("helpersAtOnce");
const helper = {
  subnetId: config.require("helperSubnetId"),
  allowedCidrs: config.requireObject<string[]>("allowedCidrs"),
};

const fleet: PvToHvmMigration[] = [];
for (const { name, ...source } of machines) {
  // The migration so many places before: once its helper is at rest, the next may have one. The list's first wait for none;
  // with 0, no limit, nobody does.
  const before = helpersAtOnce > 0 ? fleet.at(-helpersAtOnce) : undefined;
  const waitFor = before && [before.helperId];
  fleet.push(new PvToHvmMigration(name, { source, helper: { ...helper, waitFor } }));
}

export const imageIds = Object.fromEntries(machines.map(({ name }, index) => [name, fleet[index].imageId]));

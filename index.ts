/**
 * The stack program: one migration for each entry of the stack's `migrations` (stacks/Pulumi.<stack>.yaml). Run by
 * `pulumi up` and by the Automation API alike.
 */
import * as pulumi from "@pulumi/pulumi";
import { type ConversionPlan, PvToHvmMigration } from "./components";
import { readMigrations } from "./components/configuration";

/** What a person wants to know of a migration. */
function summary(migration: PvToHvmMigration) {
  return {
    imageId: migration.imageId,
    snapshotId: migration.snapshotId,
    instanceId: migration.instanceId,
    address: migration.instanceAddress,
    bootProof: migration.bootProof,
    report: migration.report,
    plan: migration.plan.apply(withoutReported),
  };
}

/** The plan without what the report tells as well. */
function withoutReported(plan: ConversionPlan | undefined) {
  if (!plan) return undefined;
  const { kernel, initrd, why, menuFile, rebuiltInitramfs, layout } = plan;
  return { kernel, initrd, why, menuFile, rebuiltInitramfs, layout };
}

export = async () => {
  const entries = readMigrations(new pulumi.Config("pv-to-hvm").requireObject("migrations"));
  return Object.fromEntries(entries.map(([name, args]) => [name, summary(new PvToHvmMigration(name, args))]));
};

/**
 * The stack program: one migration for each entry of the stack's `migrations` (stacks/Pulumi.<stack>.yaml). Run by
 * `pulumi up` and by the Automation API alike.
 */
import * as pulumi from "@pulumi/pulumi";
import { type ConversionPlan, PvToHvmMigration, type PvToHvmMigrationArgs } from "./components";
import { readConfiguration } from "./components/configuration";
import { noteMigration } from "./components/lookups/run";

/** What a person wants to know of a migration. */
function summary(migration: PvToHvmMigration) {
  return {
    imageId: migration.imageId,
    snapshotId: migration.snapshotId,
    instanceId: migration.instanceId,
    address: migration.instanceAddress,
    bootProof: migration.bootProof,
    sourceReport: migration.sourceReport,
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

/**
 * The migrations in their order, so many at once: each waits for the helper of the one that many places before it.
 * Without a limit none waits.
 */
async function migrateInLanes(entries: [name: string, args: PvToHvmMigrationArgs][], lanes = entries.length) {
  const migrations: PvToHvmMigration[] = [];
  // A migration that asks whether another was renamed has to know of those after it, too.
  entries.forEach(([name]) => noteMigration(name));
  for (const [name, { helper, ...args }] of entries) {
    const before = migrations.at(-lanes);
    const waitFor = before && migrations.length >= lanes ? [before.helperId] : undefined;
    const migration = new PvToHvmMigration(name, { ...args, helper: { ...helper, waitFor } });
    migrations.push(migration);
    await known(migration);
  }
  return migrations;
}

/** Resolves once the engine knows of it (of nothing below it): a hundred begun in one go take twice the memory. */
function known({ urn }: PvToHvmMigration): Promise<void> {
  return new Promise((resolve) => void urn.apply(() => resolve()));
}

export = async () => {
  const { migrations: entries, helpersAtOnce } = readConfiguration(pulumi.runtime.allConfig());
  const migrations = await migrateInLanes(entries, helpersAtOnce);
  return Object.fromEntries(entries.map(([name], index) => [name, summary(migrations[index])]));
};

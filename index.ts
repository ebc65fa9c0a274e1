/**
 * The stack program: one migration for each entry of the stack's `migrations` (stacks/Pulumi.<stack>.yaml). Run by
 * `pulumi up` and by the Automation API alike.
 */
import * as pulumi from "@pulumi/pulumi";
import { type ConversionPlan, PvToHvmMigration, type PvToHvmMigrationArgs, Workbench } from "./components";
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
 * The migrations in their order, and no more helpers running at once than that: each migration waits until the helper of the
 * one so many places before it is stopped. One whose helper shall keep running has a place of its own. Without a limit none
 * waits.
 */
async function migrateInLanes(
  entries: [name: string, args: PvToHvmMigrationArgs][],
  helpersAtOnce = entries.length,
) {
  const migrations: PvToHvmMigration[] = [];
  const stopping: PvToHvmMigration[] = [];
  const lanes = helpersAtOnce - entries.filter(([, args]) => keepsRunning(args)).length;
  // A migration that asks whether another was renamed has to know of those after it, too.
  entries.forEach(([name]) => noteMigration(name));
  for (const [name, { helper, ...args }] of entries) {
    const before = keepsRunning(args) ? undefined : stopping[stopping.length - lanes];
    const waitFor = before && [before.helperId];
    const migration = new PvToHvmMigration(name, { ...args, helper: { ...helper, waitFor } });
    migrations.push(migration);
    if (!keepsRunning(args)) stopping.push(migration);
    await known(migration);
  }
  return migrations;
}

function keepsRunning({ workbench }: Pick<PvToHvmMigrationArgs, "workbench">): boolean {
  return workbench === Workbench.Running;
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

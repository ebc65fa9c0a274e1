/**
 * The stack program: one migration for each entry of the stack's `migrations` (stacks/Pulumi.<stack>.yaml). Run by
 * `pulumi up` and by the Automation API alike.
 */
import * as pulumi from "@pulumi/pulumi";
import { type ConversionPlan, PvToHvmMigration, type PvToHvmMigrationArgs, Workbench } from "./components";
import { readConfiguration } from "./components/configuration";
import { thisProgram } from "./components/lookups/run";

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
function migrateInLanes(
  entries: [name: string, args: PvToHvmMigrationArgs][],
  helpersAtOnce = entries.length,
) {
  const migrations: PvToHvmMigration[] = [];
  const stopping: PvToHvmMigration[] = [];
  const lanes = helpersAtOnce - entries.filter(([, args]) => keepsRunning(args)).length;
  for (const [name, { helper, ...args }] of entries) {
    const before = keepsRunning(args) ? undefined : stopping[stopping.length - lanes];
    // Without a helper it is refused for that.
    const withTurn = before && helper ? { ...helper, waitFor: [before.helperId] } : helper;
    const migration = new PvToHvmMigration(name, { ...args, helper: withTurn });
    migrations.push(migration);
    if (!keepsRunning(args)) stopping.push(migration);
  }
  return migrations;
}

function keepsRunning({ workbench }: Pick<PvToHvmMigrationArgs, "workbench">): boolean {
  return workbench === Workbench.Running;
}

export = async () => {
  const { migrations: entries, refused, helpersAtOnce } = readConfiguration(pulumi.runtime.allConfig());
  // They are told together with what is wrong with the others, and nothing of those is made either.
  const gates = refused.map(({ name, problems }) => thisProgram().enter(name, problems).gate);
  const migrations = migrateInLanes(entries, helpersAtOnce);
  await Promise.all(gates);
  return Object.fromEntries(entries.map(([name], index) => [name, summary(migrations[index])]));
};

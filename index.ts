/**
 * The stack program: one migration for each entry of the stack's `migrations` (stacks/Pulumi.<stack>.yaml). Run by
 * `pulumi up` and by the Automation API alike.
 */
import * as pulumi from "@pulumi/pulumi";
import { type ConversionPlan, PvToHvmMigration, type PvToHvmMigrationArgs, Workbench } from "./components";
import { readConfiguration, type StackConfiguration } from "./components/program/configuration";
import { noteEntries, thisProgram } from "./components/lookups/run";
import { exportedProtection, tellRemovals } from "./components/published/removals";

/** What a person wants to know of a migration. */
function summary(migration: PvToHvmMigration, args: PvToHvmMigrationArgs) {
  return {
    ...exportedProtection(args),
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
  const { kernel, initrd, why, menuFile, rebuiltInitramfs, layout, hostKeys } = plan;
  return { kernel, initrd, why, menuFile, rebuiltInitramfs, layout, ...(hostKeys && { hostKeys }) };
}

/**
 * The migrations in their order, and no more helpers running at once than that: each migration waits until the helper of the
 * one so many places before it is stopped. One whose helper shall keep running has a place of its own. Without a limit none
 * waits.
 */
function migrateInLanes({ migrations: entries, formerNames, helpersAtOnce }: StackConfiguration) {
  const migrations: PvToHvmMigration[] = [];
  const stopping: PvToHvmMigration[] = [];
  const lanes = (helpersAtOnce ?? entries.length) - entries.filter(([, args]) => keepsRunning(args)).length;
  for (const [name, { helper, ...args }] of entries) {
    const before = keepsRunning(args) ? undefined : stopping[stopping.length - lanes];
    // Without a helper it is refused for that.
    const withTurn = before && helper ? { ...helper, waitFor: [before.helperId] } : helper;
    const migration = new PvToHvmMigration(
      name,
      ...renamed({ ...args, helper: withTurn }, formerNames[name]),
    );
    migrations.push(migration);
    if (!keepsRunning(args)) stopping.push(migration);
  }
  return migrations;
}

function keepsRunning({ workbench }: Pick<PvToHvmMigrationArgs, "workbench">): boolean {
  return workbench === Workbench.Running;
}

/** An entry that had another name takes over what it has made; the image keeps the name that begins so. */
function renamed(
  args: PvToHvmMigrationArgs,
  former: string | undefined,
): [args: PvToHvmMigrationArgs, options: pulumi.ComponentResourceOptions] {
  if (former === undefined) return [args, {}];
  return [{ ...args, image: { name: former, ...args.image } }, { aliases: [{ name: former }] }];
}

export = async () => {
  const configuration = readConfiguration(pulumi.runtime.allConfig());
  const { migrations: entries, refused, formerNames } = configuration;
  noteEntries();
  // They are told together with what is wrong with the others, and nothing of those is made either.
  const gates = refused.map(({ name, problems }) => thisProgram().enter(name, problems).gate);
  const migrations = migrateInLanes(configuration);
  if (refused.length === 0) await tellRemovals(entries, formerNames);
  await Promise.all(gates);
  return Object.fromEntries(entries.map(([name, args], index) => [name, summary(migrations[index], args)]));
};

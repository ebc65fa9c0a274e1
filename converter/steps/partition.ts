/** Step `partition`: the first that writes, so it inspects again. The partition table, and the record of the plan. */
import { withDisk } from "../disk/bytes";
import { makeEfiSystemPartition } from "../disk/table/efiSystem";
import { writePartitionTable } from "../disk/table/partitionTable";
import { readRecord } from "../disk/record";
import { formatBytes } from "../disk/sizes";
import type { DiskRecord, PartitionPlan, StepReport } from "../types";
import type { ConversionContext } from "./context";
import { type Inspection, accept, inspectDisks } from "./inspect";
import { type StepResult, runStep, saveRecord } from "./step";

/**
 * Partitions the destination. `inspection`: where it was made just now, so that it is not made twice. Throws
 * `RefusedError` before anything is written.
 */
export async function partition(context: ConversionContext, inspection?: Inspection): Promise<StepReport> {
  const found = await withDisk(context.destination.path, "read", readRecord);
  if (!found || found.fingerprint !== context.fingerprint) {
    const { plan } = accept(inspection ?? (await inspectDisks(context)));
    // The record goes first: after an interruption between the two, it says whose disk this is.
    await saveRecord(context, { format: 1, fingerprint: context.fingerprint, plan, finished: [] });
  }
  return runStep("partition", context, (record) => writeTable(context, record));
}

async function writeTable(
  { destination, runner, log }: ConversionContext,
  record: DiskRecord,
): Promise<StepResult> {
  const plan = record.plan.destination;
  log(`partitioning ${destination.path}`);
  await writePartitionTable(destination.path, plan, runner);
  for (const partition of plan.partitions.filter(({ role }) => role === "efi-system"))
    await makeEfiSystemPartition(destination.path, partition, runner);
  return { summary: `${plan.layout.toUpperCase()}: ${plan.partitions.map(describe).join("; ")}` };
}

function describe({ number, startBytes, sizeBytes, role }: PartitionPlan): string {
  const what = role === "copy" ? "" : ` (${role})`;
  return `partition ${number}${what}, ${formatBytes(sizeBytes)} from ${formatBytes(startBytes)} on`;
}

/** Step `partition`: the first that writes, so it inspects again. A master boot record, and the record of the plan. */
import { withDisk } from "../disk/bytes";
import { writePartitionTable } from "../disk/partitionTable";
import { readRecord } from "../disk/record";
import { PARTITION_OFFSET, SECTOR } from "../disk/sizes";
import type { DiskRecord, StepReport } from "../types";
import type { ConversionContext } from "./context";
import { type Inspection, accept, inspectDisks } from "./inspect";
import { runStep, saveRecord } from "./step";

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

async function writeTable({ destination, runner, log }: ConversionContext, record: DiskRecord) {
  log(`partitioning ${destination.path}`);
  await writePartitionTable(destination.path, runner);
  const summary = `partition 1 (Linux, bootable) from sector ${PARTITION_OFFSET / SECTOR} to the end of ${destination.path}`;
  return { summary, plan: record.plan };
}

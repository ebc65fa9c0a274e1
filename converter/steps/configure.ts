/** Step `configure`: the guest's own files and initramfs, changed on the copy as the plan says. */
import { isDeepStrictEqual } from "node:util";
import { monotonicMs } from "../clock";
import { FailedError, formatAdvice } from "../errors";
import { applyEdits, BACKUP_FOLDER, restoreHalfWritten } from "../guest/apply";
import { withoutProtection } from "../guest/attributes";
import { readChangedFiles, STATE_FOLDER } from "../guest/backup";
import { rebuildInitramfs } from "../guest/initramfs/initramfs";
import type { MountedGuest } from "../guest/mounts";
import { planRestoration } from "../guest/restore";
import { labelNewFiles } from "../guest/selinux";
import type { GuestTree } from "../guest/tree";
import type { DiskRecord, FileEdit, Plan, StepReport } from "../types";
import type { ConversionContext } from "./context";
import { withCopy } from "./copyOf";
import { planForCopy } from "./inspect";
import { leaveReports } from "./leaveReports";
import { type StepResult, complete, runStep, saveRecord } from "./step";

/** Applies the plan to the copy and leaves a report in it. */
export function configure(context: ConversionContext): Promise<StepReport> {
  return runStep("configure", context, (record) =>
    withCopy(context, false, (guest) => configureGuest(guest, context, record)),
  );
}

async function configureGuest(
  guest: MountedGuest,
  context: ConversionContext,
  record: DiskRecord,
): Promise<StepResult> {
  const started = monotonicMs();
  const { tree } = guest;
  const { runner } = context;
  const half = record.plan;
  if (record.restored !== undefined) {
    refuseChangedSince(tree, record.restored);
    // From here on an interrupted run is gone on with as any other.
    await saveRecord(context, { ...record, restored: undefined });
  }
  await withoutProtection(tree, pathsOf(half), runner, () =>
    Promise.resolve(restoreHalfWritten(tree, half.edits)),
  );
  const found = await planForCopy(guest, context);
  const again = withoutBackedUp(found.plan, tree);
  const plan = reconcile(
    record.plan,
    again,
    record.plan.copy.parts.some((part) => part.replaysOnCopy),
  );
  return withoutProtection(tree, pathsOf(plan), runner, async () => {
    const done = await applyPlan(tree, plan, context);
    // What an interrupted run wrote is a part of this conversion as well: the report in the guest names all of it.
    const result = { ...done, edits: plan.edits, plan };
    leaveReports(
      tree,
      complete("configure", context, started, { ...result, facts: found.facts }),
      plan.edits,
    );
    await labelNewFiles(tree, [...newFiles(plan), STATE_FOLDER], runner);
    return result;
  });
}

/** After `restore` the guest's files are its owner's: what they changed there since is not in the plan, and would be lost. */
function refuseChangedSince(tree: GuestTree, at: string): void {
  const changed = planRestoration(tree, readChangedFiles(tree) ?? []).filter(({ isChanged }) => isChanged);
  if (changed.length === 0) return;
  const files = changed.map(({ path }) => path).join(", ");
  throw new FailedError(
    `configure: ${files} was changed after the guest's own files were put back (restore, ${at}). The change would be lost: make it in the source, and convert to a blank disk.`,
  );
}

async function applyPlan(
  tree: GuestTree,
  plan: Plan,
  { log, runner }: ConversionContext,
): Promise<{ summary: string }> {
  log(`changing ${plan.edits.length} files of the guest`);
  const written = applyEdits(tree, plan);
  const rebuilt = rebuiltFiles(plan).length;
  if (rebuilt > 0) log(`rebuilding ${rebuilt} initramfs in the guest`);
  await rebuildInitramfs(tree.root, plan.initramfs, runner, log);
  return { summary: summarize(plan.edits.length, written.length, rebuilt) };
}

/** Every file that the plan touches. */
function pathsOf(plan: Plan): string[] {
  return [...plan.edits.map(({ path }) => path), ...rebuiltFiles(plan)];
}

function rebuiltFiles({ initramfs }: Plan): string[] {
  return initramfs.filter(({ action }) => action === "rebuild").map(({ path }) => path);
}

function newFiles(plan: Plan): string[] {
  const created = plan.edits.filter(({ action }) => action === "create").map(({ path }) => path);
  return [...created, ...rebuiltFiles(plan)];
}

function summarize(edits: number, written: number, rebuilt: number): string {
  const earlier = written < edits ? ` (${edits - written} of them by an earlier run)` : "";
  return `${edits} files changed${earlier}, ${rebuilt} initramfs rebuilt`;
}

/**
 * Files with a backup are this program's already, so no change that they ask for is a surprise: beside the half of an
 * initramfs that a killed run left, the guest's configuration seems to lack more drivers than it did.
 */
function withoutBackedUp(plan: Plan, tree: GuestTree): Plan {
  return { ...plan, edits: plan.edits.filter(({ path }) => !tree.hasName(BACKUP_FOLDER + path)) };
}

/**
 * The plan to follow: the recorded one as long as what is still to be done is a part of it, for an interrupted run has
 * done the rest already. A replayed journal may have changed the guest's files, so that the plan made from the copy
 * counts then. Throws `FailedError` if the copy asks for something that was never announced.
 */
export function reconcile(recorded: Plan, again: Plan, replayed: boolean): Plan {
  if (again.refusals.length > 0) {
    throw new FailedError(
      `configure: the copy cannot be converted:\n${again.refusals.map(formatAdvice).join("\n")}`,
    );
  }
  const surprises = again.edits.filter((edit) => !recorded.edits.some((known) => isSameEdit(known, edit)));
  if (surprises.length === 0) return recorded;
  if (replayed) return again;
  throw new FailedError(
    `configure: ${surprises.map((edit) => edit.path).join(", ")} would be changed otherwise than inspected. The source changed meanwhile: start again with a blank destination.`,
  );
}

function isSameEdit(one: FileEdit, other: FileEdit): boolean {
  return one.path === other.path && one.action === other.action && isDeepStrictEqual(one.diff, other.diff);
}

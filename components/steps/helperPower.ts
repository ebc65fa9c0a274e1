import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import type { Child } from "./child";
import { Until, Workbench } from "../enums";
import { type HelperState, setHelperState } from "./helper";
import type { Findings } from "../findings/findings";
import { reaches } from "../asked";
import { after, type Migration } from "../together/migration";

/*
 * The engine does one thing to a resource in an update, and nothing to one that is as it was. So a helper that was stopped
 * after an inspection is started by a resource that was not there before, and stopped after the further steps by another
 * one. A conversion that goes its whole way in one update has `workbench` alone: what a finished one has, no later version
 * may add to.
 */

/** What starts the helper once `attachments` are there; nothing for one that has just been made. */
export function startHelper(
  migration: Migration,
  turn: pulumi.Output<Findings>,
  instance: Child<"helper">,
  attachments: pulumi.Resource[],
): pulumi.Output<pulumi.Resource[]> {
  const start = (role: HelperState) =>
    setHelperState(migration, instance, role, Workbench.Running, after(turn, attachments));
  const role = roleOfStart(migration.args);
  if (role) return after(turn, [start(role)]);
  return turn.apply(({ startsAgain }): pulumi.Resource[] =>
    startsAgain ? [start("helper-start")] : [],
  ) as pulumi.Output<pulumi.Resource[]>;
}

/** Undefined where it hangs on what EC2 says of the helper. */
function roleOfStart(args: PvToHvmMigrationArgs): HelperState | undefined {
  if (args.workbench === Workbench.Running) return "workbench";
  const endsWithRehearsal = reaches(args, Until.Rehearse) && !reaches(args, Until.Publish);
  // The next update finds the helper stopped, and could not tell whether it was so before this one.
  return endsWithRehearsal ? "helper-start" : undefined;
}

/** What stops the helper after the last step; nothing where it is to keep running. */
export function stopHelper(
  migration: Migration,
  turn: pulumi.Output<Findings>,
  instance: Child<"helper">,
  last: pulumi.Resource,
): pulumi.Output<pulumi.Resource[]> {
  if (migration.args.workbench === Workbench.Running) return after(turn);
  const stop = (role: HelperState, before: pulumi.Resource) =>
    setHelperState(migration, instance, role, Workbench.Stopped, after(turn, [before]));
  const first = stop(roleOfStop(migration.args), last);
  // Where the steps were done already, `workbench` has stopped it before it was started again.
  return turn.apply(({ startsAgain }): pulumi.Resource[] =>
    startsAgain ? [first, stop("helper-stop", first)] : [first],
  ) as pulumi.Output<pulumi.Resource[]>;
}

function roleOfStop(args: PvToHvmMigrationArgs): HelperState {
  if (!reaches(args, Until.Rehearse)) return "stop-after-inspect";
  return reaches(args, Until.Publish) ? "workbench" : "helper-stop";
}

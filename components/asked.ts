/** What a migration's arguments ask for. */
import type { PvToHvmMigrationArgs } from "./args";
import { Until, Workbench } from "./enums";

/** Whether a migration goes as far as this. */
export function reaches({ until = Until.Publish }: PvToHvmMigrationArgs, step: Until): boolean {
  const order: Until[] = [Until.Inspect, Until.Rehearse, Until.Publish];
  return order.indexOf(until) >= order.indexOf(step);
}

/** Whether the user takes it upon themselves that nothing has booted. */
export function skipsRehearsal({ rehearsal }: PvToHvmMigrationArgs): boolean {
  return rehearsal?.skip === true;
}

/** Whether helper, volumes and commands are no longer kept. */
export function isWorkbenchRemoved({ workbench }: PvToHvmMigrationArgs): boolean {
  return workbench === Workbench.Removed;
}

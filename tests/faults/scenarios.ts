/** Every fault of the table, by theme. */
import { BY_HAND_SCENARIOS } from "./byHand";
import { CONFIGURATION_SCENARIOS } from "./configurations";
import { CONNECTION_SCENARIOS } from "./connections";
import { CONTINUING_SCENARIOS } from "./continuing";
import { DISK_SCENARIOS } from "./disks";
import { KILL_SCENARIOS } from "./kills";
import { LIVE_SOURCE_SCENARIOS } from "./liveSources";
import { NAME_SCENARIOS } from "./names";
import { PROVIDER_SCENARIOS } from "./provider";
import type { Scenario } from "./scenario";
import { SEVERAL_SCENARIOS } from "./several";
import { STATE_SCENARIOS } from "./state";
import { UPGRADE_SCENARIOS } from "./upgrades";
import { WORKBENCH_SCENARIOS } from "./workbenches";

export const SCENARIOS: Scenario[] = [
  ...KILL_SCENARIOS,
  ...CONNECTION_SCENARIOS,
  ...LIVE_SOURCE_SCENARIOS,
  ...CONFIGURATION_SCENARIOS,
  ...UPGRADE_SCENARIOS,
  ...CONTINUING_SCENARIOS,
  ...SEVERAL_SCENARIOS,
  ...WORKBENCH_SCENARIOS,
  ...BY_HAND_SCENARIOS,
  ...PROVIDER_SCENARIOS,
  ...DISK_SCENARIOS,
  ...STATE_SCENARIOS,
  ...NAME_SCENARIOS,
];

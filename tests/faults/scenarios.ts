/** Every fault of the table, by theme. */
import { BY_HAND_ROWS } from "./byHand";
import { CONFIGURATION_ROWS } from "./configurations";
import { CONNECTION_ROWS } from "./connections";
import { CONTINUING_ROWS } from "./continuing";
import { DISK_ROWS } from "./disks";
import { KILL_ROWS } from "./kills";
import { LIVE_SOURCE_ROWS } from "./liveSources";
import { NAME_ROWS } from "./names";
import { PROVIDER_ROWS } from "./provider";
import type { Row } from "./row";
import { SEVERAL_ROWS } from "./several";
import { STATE_ROWS } from "./state";
import { UPGRADE_ROWS } from "./upgrades";
import { WORKBENCH_ROWS } from "./workbenches";

export const ROWS: Row[] = [
  ...KILL_ROWS,
  ...CONNECTION_ROWS,
  ...LIVE_SOURCE_ROWS,
  ...CONFIGURATION_ROWS,
  ...UPGRADE_ROWS,
  ...CONTINUING_ROWS,
  ...SEVERAL_ROWS,
  ...WORKBENCH_ROWS,
  ...BY_HAND_ROWS,
  ...PROVIDER_ROWS,
  ...DISK_ROWS,
  ...STATE_ROWS,
  ...NAME_ROWS,
];

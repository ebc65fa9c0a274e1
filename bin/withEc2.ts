/** The programs that speak to EC2, in one file: the AWS SDK inside it is 2 MB, and would be there twice. */
import { start as startDiscovery } from "../discover/main";
import { start as startPreflight } from "../preflight/main";
import { start as startInspection } from "../snapshots/main";
import { start as startSweep } from "../sweep/main";

const PROGRAMS = new Map([
  ["preflight", startPreflight],
  ["inspect", startInspection],
  ["discover", startDiscovery],
]);

void (PROGRAMS.get(process.argv[2]) ?? startSweep)();

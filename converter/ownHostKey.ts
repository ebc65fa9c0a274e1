/** The host key that a helper has made for itself. */
import type { StepReport } from "./types";

/** Where whoever starts the first step says it: the instance's id, and the key as in a file of known hosts. */
const VARIABLE = "PV_TO_HVM_HOST_KEY";

/** What the first step's report says of it; nothing on a machine that is no helper. */
export function ownHostKey(environment: NodeJS.ProcessEnv = process.env): Pick<StepReport, "helper"> {
  const [, instanceId, hostKey] = /^(\S+) (\S+ \S+)$/.exec(environment[VARIABLE]?.trim() ?? "") ?? [];
  return instanceId === undefined ? {} : { helper: { instanceId, hostKey } };
}

/** `npm run cloud -- fault …` and `-- faults`: refusals that the next calls of an action meet. */
import { parseArgs } from "node:util";
import type { Cloud } from "../cloud/cloud";
import type { FaultRecord } from "../cloud/faults";

/** `fault RunInstances InsufficientInstanceCapacity [--times N] [--message TEXT]`. Gives the line to print. */
export async function addFault(cloud: Cloud, args: string[]): Promise<string> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { times: { type: "string" }, message: { type: "string" } },
  });
  const [action, code, ...rest] = positionals;
  if (!code || rest.length > 0) {
    throw new Error("fault: needs an action and a code: fault RunInstances InsufficientInstanceCapacity.");
  }
  const times = values.times === undefined ? undefined : Number(values.times);
  return describeFault(await cloud.faults.add({ action, code, message: values.message, times }));
}

/** `faults` lists what is set, `faults clear` takes all of it back. Gives the lines to print. */
export async function showFaults(cloud: Cloud, [word, ...rest]: string[]): Promise<string[]> {
  if (rest.length > 0 || (word !== undefined && word !== "clear")) {
    throw new Error(`faults: knows the word clear alone, got "${[word, ...rest].join(" ")}".`);
  }
  if (word === "clear") await cloud.faults.clear();
  const faults = await cloud.faults.list();
  return faults.length === 0 ? ["No call is going to fail."] : faults.map(describeFault);
}

function describeFault({ action, code, message, times }: FaultRecord): string {
  const calls = times === 1 ? `The next ${action} fails` : `The next ${times} ${action} fail`;
  return `${calls} with ${code}: ${message}`;
}

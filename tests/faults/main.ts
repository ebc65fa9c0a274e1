/**
 * `npm run test:faults`: every fault, or those whose names hold one of the words given.
 * usage: npm run test:faults -- [WORD …] [--quick] [--list] [--in FOLDER]
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureRoot } from "../../local/commands/root";
import { prepareRun } from "./runContext";
import { runScenario, type Result } from "./runScenario";
import type { Scenario } from "./scenario";
import { SCENARIOS } from "./scenarios";
import { line, table, totals } from "./table";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean" }, list: { type: "boolean" }, in: { type: "string" } },
  });
  const scenarios = SCENARIOS.filter(
    ({ name, inQuickPart }) =>
      (!values.quick || inQuickPart) &&
      (positionals.length === 0 || positionals.some((word) => name.includes(word))),
  );
  if (values.list) return void scenarios.forEach(({ name }) => process.stdout.write(`${name}\n`));
  await ensureRoot({ engine: true });
  const results = await runAll(scenarios, values.in);
  process.stdout.write(`\n${table(results)}\n${totals(results)}\n`);
  process.exitCode = results.length > 0 && results.every(({ failure }) => failure === undefined) ? 0 : 1;
}

/** Ctrl-C ends the run after the present scenario, which still clears its environment. */
async function runAll(scenarios: Scenario[], folder?: string): Promise<Result[]> {
  const context = prepareRun(folder);
  let isInterrupted = false;
  process.on("SIGINT", () => (isInterrupted = true));
  const results: Result[] = [];
  for (const scenario of scenarios) {
    if (isInterrupted) break;
    const result = await runScenario(scenario, context);
    results.push(result);
    process.stdout.write(`${line(result)}\n`);
    writeFileSync(join(context.cache, "table.txt"), `${table(results)}\n${totals(results)}\n`);
  }
  return results;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

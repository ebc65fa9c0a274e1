/**
 * `npm run test:faults`: every fault, or those whose names hold one of the words given.
 * usage: npm run test:faults -- [WORD …] [--quick] [--list] [--in FOLDER]
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureRoot } from "../../local/commands/root";
import { play, type Result } from "./play";
import type { Row } from "./row";
import { ROWS } from "./rows";
import { line, table, totals } from "./table";
import { openTheatre } from "./theatre";

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean" }, list: { type: "boolean" }, in: { type: "string" } },
  });
  const rows = ROWS.filter(
    ({ name, inQuickPart }) =>
      (!values.quick || inQuickPart) &&
      (positionals.length === 0 || positionals.some((word) => name.includes(word))),
  );
  if (values.list) return void rows.forEach(({ name }) => process.stdout.write(`${name}\n`));
  await ensureRoot({ engine: true });
  const results = await playAll(rows, values.in);
  process.stdout.write(`\n${table(results)}\n${totals(results)}\n`);
  process.exitCode = results.length > 0 && results.every(({ failure }) => failure === undefined) ? 0 : 1;
}

/** Ctrl-C ends the run after the row that is being played, which then still clears its stage. */
async function playAll(rows: Row[], folder?: string): Promise<Result[]> {
  const theatre = openTheatre(folder);
  let isInterrupted = false;
  process.on("SIGINT", () => (isInterrupted = true));
  const results: Result[] = [];
  for (const row of rows) {
    if (isInterrupted) break;
    const result = await play(row, theatre);
    results.push(result);
    process.stdout.write(`${line(result)}\n`);
    writeFileSync(join(theatre.cache, "table.txt"), `${table(results)}\n${totals(results)}\n`);
  }
  return results;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

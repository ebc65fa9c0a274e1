/**
 * `npm run test:matrix`: every row, or those whose names hold one of the words given.
 * usage: npm run test:matrix -- [WORD …] [--bus nvme,ide,sata] [--no-boot] [--part] [--list]
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { ensureRoot } from "../../local/commands/root";
import { buildHelperImage } from "../../local/images";
import { TOOLBOX_VARIABLE } from "../../local/machines/toolbox";
import { type Result, runRow } from "./matrix";
import { type Bus, ROWS, type Row } from "./rows";
import { line, table, totals } from "./table";
import { treeImage } from "./trees";

const BUSES: Bus[] = ["nvme", "ide", "sata"];
const log = (text: string) => process.stderr.write(`${text}\n`);

interface Request {
  rows: Row[];
  buses: Bus[];
  /** One boot a row, from the disk that the row names for `npm test`. */
  part: boolean;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      bus: { type: "string" },
      "no-boot": { type: "boolean" },
      part: { type: "boolean" },
      list: { type: "boolean" },
    },
  });
  const rows = ROWS.filter(
    (row) =>
      (!values.part || row.part) &&
      (positionals.length === 0 || positionals.some((word) => row.name.includes(word))),
  );
  if (values.list) return void rows.forEach(({ name }) => process.stdout.write(`${name}\n`));
  await ensureRoot();
  const buses = values["no-boot"]
    ? []
    : BUSES.filter((bus) => !values.bus || values.bus.split(",").includes(bus));
  const results = await runAll({ rows, buses, part: values.part === true });
  process.stdout.write(`\n${table(results)}\n${totals(results)}\n`);
  process.exitCode = results.length > 0 && results.every(({ outcome }) => outcome !== "failed") ? 0 : 1;
}

async function runAll({ rows, buses, part }: Request): Promise<Result[]> {
  const cache = path.resolve(".cache");
  const folder = path.join(cache, "matrix");
  fs.mkdirSync(folder, { recursive: true });
  process.env[TOOLBOX_VARIABLE] ??= await buildHelperImage({ cache, log });
  // An interrupted program of a row ends the row, which then cleans up; this one ends with it.
  let interrupted = false;
  process.on("SIGINT", () => (interrupted = true));
  const results: Result[] = [];
  for (const row of rows) {
    const tree = await treeImage(row.tree, { cache, log });
    if (interrupted) break;
    const result = runRow(row, { tree, folder, buses: part && row.part ? [row.part] : buses });
    results.push(result);
    process.stdout.write(`${line(result)}\n`);
    fs.writeFileSync(path.join(folder, "table.txt"), `${table(results)}\n${totals(results)}\n`);
    // Lets the signal in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return results;
}

main().catch((error: Error) => {
  log(error.message);
  process.exitCode = 1;
});

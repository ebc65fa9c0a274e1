/**
 * `npm run docs`: makes every generated part of the documents anew. `-- record` runs the demo first, for good, and keeps
 * what it printed (minutes at first; the demo must not have been migrated before).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GENERATED, RECORDING } from "./generated";
import { record } from "./terminal/record";

const ROOT = join(__dirname, "..", "..");
const USAGE = "usage: npm run docs [-- record]";

async function main([command, ...more]: string[]): Promise<void> {
  if (more.length > 0 || (command !== undefined && command !== "record")) throw new Error(USAGE);
  if (command === "record") await record(ROOT, join(ROOT, RECORDING));
  for (const { path, make } of GENERATED) {
    const file = join(ROOT, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await make(ROOT));
    console.log(path);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`docs: ${error.message}`);
  process.exitCode = 1;
});

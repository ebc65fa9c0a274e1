/**
 * `npm run bench -- plugin-host`: how long a program in another language waits for the component's provider, beside the
 * same component as Pulumi would host it by its TypeScript sources.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { middle, print } from "./numbers";
import { type Started, startProvider } from "../local/commands/pluginHost";

const RUNS = 5;
/** What its start, and its first answer, are to stay below. */
const AIM_SECONDS = 5;

/** Both ways in turn, so that a machine that slows down slows both. */
export async function benchPluginHost(root: string): Promise<void> {
  const sources = sourcesPackage(root);
  const rows: { built: Started; fromSources: Started }[] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      const built = await startProvider(root, root);
      rows.push({ built, fromSources: await startProvider(root, sources) });
    }
  } finally {
    rmSync(sources, { recursive: true, force: true });
  }
  console.log("\nthe component's provider, as it is built");
  report(rows.map(({ built }) => built));
  console.log("\nits sources, type-checked and inferred from at each start");
  report(rows.map(({ fromSources }) => fromSources));
  const holds = middle(rows.map(({ built }) => built.described)) <= AIM_SECONDS;
  console.log(`\nthe aim of ${AIM_SECONDS} s: ${holds ? "holds" : "does not hold"}`);
}

function report(started: Started[]): void {
  const ready = started.map((one) => one.ready);
  const described = started.map((one) => one.described);
  print("until its port is known", "s", ready);
  print("until its schema is", "s", described);
}

/** A package that is nothing but the component's sources, in the checkout, where they find what they import. */
function sourcesPackage(root: string): string {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache", "bench-plugin-host-"));
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ name: "pv-to-hvm", version: "0.1.0", main: "index.ts" }),
    "tsconfig.json": JSON.stringify({ extends: "../../tsconfig.json", include: ["index.ts"] }),
    "index.ts": 'export * from "../../components";\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

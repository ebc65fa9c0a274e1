/**
 * Builds dist/: the converter as one file for the helper (`dist/pv-to-hvm.cjs`), the component and the stack program
 * as JavaScript (so that neither the engine nor a user waits for type-checking), and the local cloud's programs.
 */
import { build } from "esbuild";
import { chmodSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const common = { platform: "node", format: "cjs", logLevel: "warning", sourcemap: false };
const sources = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file}`);
const programs = (names) => Object.fromEntries(names.map(([out, file]) => [out, file]));

await Promise.all([
  // Node 18 is what Debian 12 has: the oldest that a helper may bring.
  build({
    ...common,
    entryPoints: ["converter/main.ts"],
    bundle: true,
    target: "node18",
    outfile: "dist/pv-to-hvm.cjs",
    banner: { js: "#!/usr/bin/env node" },
  }),
  build({
    ...common,
    entryPoints: ["index.ts", ...sources("components")],
    outdir: "dist",
    target: "node20",
    outbase: ".",
  }),
  build({
    ...common,
    entryPoints: programs([
      ["aws", "local/providers/aws/main.ts"],
      ["tls", "local/providers/tls/main.ts"],
      ["command", "local/providers/command/main.ts"],
      ["demo", "local/commands/demo.ts"],
      ["cloud", "local/commands/cloud.ts"],
      ["bench", "local/commands/bench.ts"],
    ]),
    bundle: true,
    packages: "external",
    target: "node20",
    outdir: "dist/local",
    outExtension: { ".js": ".cjs" },
  }),
]);
chmodSync("dist/pv-to-hvm.cjs", 0o755);

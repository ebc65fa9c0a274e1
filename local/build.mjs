/**
 * Builds dist/: the converter as one file for the helper (`dist/pv-to-hvm.cjs`), the program for live sources as another
 * (`dist/pv-to-hvm.sh`), sweep and preflight, the two reports and the command that is in front of them all, the component, its provider and the stack program as JavaScript (so that neither the engine nor a user waits for
 * type-checking), the policy pack, the package's types, the local cloud's programs, and what makes the test run root.
 */
import { build } from "esbuild";
import { chmodSync, copyFileSync, readdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { writeDeclarations } from "./declarations.mjs";
import { writeLiveProgram } from "../live/assemble.mjs";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));

const common = { platform: "node", format: "cjs", logLevel: "warning", sourcemap: false };
const sources = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file}`);
const programs = (names) => Object.fromEntries(names.map(([out, file]) => [out, file]));

// What was moved or removed since would be packed and shipped.
for (const old of ["dist/components", "dist/policy-pack", "dist/provider", "dist/sweep.cjs"]) {
  rmSync(old, { recursive: true, force: true });
}
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
  // With what it needs of the AWS SDK inside: 2 MB, where the package and all it depends on are 43. Its ES modules are
  // taken, of which the unused ones can be left out. Without blanks, for the package's size; names stay, for stack traces. Whatever is in it is under this project's licence, Apache-2.0.
  build({
    ...common,
    entryPoints: ["bin/withEc2.ts"],
    bundle: true,
    minifyWhitespace: true,
    mainFields: ["module", "main"],
    target: "node20",
    outfile: "dist/with-ec2.cjs",
  }),
  build({
    ...common,
    entryPoints: ["previewReport/main.ts"],
    bundle: true,
    target: "node20",
    outfile: "dist/preview-report.cjs",
  }),
  build({
    ...common,
    entryPoints: ["stackReport/main.ts"],
    bundle: true,
    target: "node20",
    outfile: "dist/report.cjs",
  }),
  build({
    ...common,
    entryPoints: ["bin/pv-to-hvm.ts"],
    target: "node20",
    outfile: "dist/bin.cjs",
    banner: { js: "#!/usr/bin/env node" },
  }),
  build({
    ...common,
    entryPoints: ["index.ts", ...sources("components"), ...sources("provider")],
    outdir: "dist",
    target: "node20",
    outbase: ".",
  }),
  // A folder of its own, with all that `pulumi policy publish` and a copy elsewhere need. Made small: half of it is the AWS SDK once more.
  build({
    ...common,
    entryPoints: ["policies/pack/index.ts"],
    bundle: true,
    mainFields: ["module", "main"],
    external: ["@pulumi/*"],
    minify: true,
    keepNames: true,
    target: "node20",
    outfile: "dist/policy-pack/index.js",
  }),
  // With what it needs of the AWS SDK inside, as the sweep: loading the whole takes longer than all else that it starts with.
  build({
    ...common,
    entryPoints: ["local/providers/aws/main.ts"],
    bundle: true,
    mainFields: ["module", "main"],
    external: ["@grpc/*", "@pulumi/*", "google-protobuf"],
    target: "node20",
    outfile: "dist/local/aws.cjs",
  }),
  build({
    ...common,
    entryPoints: programs([
      ["tls", "local/providers/tls/main.ts"],
      ["command", "local/providers/command/main.ts"],
      ["ec2-api", "local/ec2Api/main.ts"],
      ["demo", "local/commands/demo.ts"],
      ["cloud", "local/commands/cloud.ts"],
      ["bench", "bench/main.ts"],
      ["root", "local/commands/root.ts"],
    ]),
    bundle: true,
    packages: "external",
    target: "node20",
    outdir: "dist/local",
    outExtension: { ".js": ".cjs" },
  }),
]);
// Beside the provider that serves it. A test holds it to what the sources say (tests/components/schema.test.ts).
copyFileSync("provider/schema.json", "dist/provider/schema.json");
for (const file of ["PulumiPolicy.yaml", "package.json"]) {
  copyFileSync(`policies/pack/${file}`, `dist/policy-pack/${file}`);
}
writeDeclarations("components/index.ts", "dist/types");
for (const program of ["dist/bin.cjs", "dist/pv-to-hvm.cjs"]) chmodSync(program, 0o755);
writeLiveProgram("dist/pv-to-hvm.sh");

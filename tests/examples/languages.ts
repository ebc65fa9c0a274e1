/** How the programs of each language are run by the tests. */
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { awsSchema } from "./aws/schema";
import { launchGo, launchPython, launchTypeScript } from "./host/launches";
import { buildGoProgram, goSdks } from "./sdk/go";
import { localSdkSchema } from "./sdk/generate";
import { pythonEnvironment } from "./sdk/python";
import { CACHE, type Language, ROOT } from "./stage";

export const MODULES = join(ROOT, "node_modules");
export const AWS_SDK = join(MODULES, "@pulumi", "aws");

/** The component's schema, which the SDKs of other languages are made of. */
export function componentSchema(): string {
  return localSdkSchema(readFileSync(join(ROOT, "dist", "provider", "schema.json"), "utf8"));
}

export function typeScript(): Language {
  return {
    name: "typescript",
    launch: () => launchTypeScript(join(MODULES, "@pulumi", "pulumi")),
    furnish: (folder) => {
      const modules = join(folder, "node_modules");
      mkdirSync(modules);
      symlinkSync(join(MODULES, "@pulumi"), join(modules, "@pulumi"));
      symlinkSync(ROOT, join(modules, "pv-to-hvm"));
    },
  };
}

/** Prepares what Python needs: see `sdk/python.ts`. */
export async function python(): Promise<Language> {
  const { interpreter, sdk } = await pythonEnvironment(CACHE, componentSchema());
  const starter = join(__dirname, "tools", "python", "run.py");
  return { name: "python", launch: () => launchPython(interpreter, starter, sdk) };
}

/** Prepares what Go needs: see `sdk/go.ts`. Each program is built when it is first run. */
export async function go(): Promise<Language> {
  const sdks = await goSdks(CACHE, componentSchema(), awsSchema(AWS_SDK));
  const build = (folder: string) => buildGoProgram(CACHE, join(ROOT, "examples", folder), sdks);
  return { name: "go", launch: async ({ folder }) => launchGo(await build(folder("go"))) };
}

/** By Pulumi's own language host, where there is one. */
export const YAML: Language = { name: "yaml" };

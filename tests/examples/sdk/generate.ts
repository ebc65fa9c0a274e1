/** SDKs out of package schemas, by Pulumi's own generators. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentsOf, made } from "./made";
import { run } from "./toolRun";

const TOOL = join(__dirname, "..", "tools", "sdkgen");

/** The component's schema as the engine hands it to the generators for an SDK that lies in a program's own `sdks/`. */
export function localSdkSchema(schema: string): string {
  const { meta, ...rest } = JSON.parse(schema) as { meta?: object };
  return JSON.stringify({ ...rest, meta: { ...meta, supportPack: true } });
}

/** The folder of the SDK in this language; the generator is built where it was not yet. Needs Go, and its module proxy. */
export async function generateSdk(
  cache: string,
  language: "go" | "python",
  name: string,
  schema: string,
): Promise<string> {
  const tool = await buildGenerator(cache);
  return made(cache, `sdk-${language}-${name}`, [tool, schema], async (folder) => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "schema.json");
    writeFileSync(file, schema);
    await run([tool, language, file, folder]);
  });
}

async function buildGenerator(cache: string): Promise<string> {
  const sources = contentsOf(...["main.go", "go.mod", "go.sum"].map((file) => join(TOOL, file)));
  const folder = await made(cache, "sdkgen", sources, async (target) => {
    console.log("      building Pulumi's SDK generators from their Go module (a minute or two, once)");
    await run(["go", "build", "-o", join(target, "sdkgen"), "."], { cwd: TOOL, env: { CGO_ENABLED: "0" } });
  });
  return join(folder, "sdkgen");
}

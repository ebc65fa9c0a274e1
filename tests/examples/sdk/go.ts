/** The Go examples' programs, built against the SDK of the component and against pulumi-aws as far as they use it. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goModuleOf, type PackageSpec } from "../aws/schema";
import { generateSdk } from "./generate";
import { contentsOf, made } from "./made";
import { run } from "./toolRun";

/** Which the programs import. */
const AWS_MODULE = goModuleOf("7");

export interface GoSdks {
  component: string;
  /** Generated, too: pulumi-aws's own Go module is too large for some module proxies, and answered with 403. */
  aws: string;
}

export async function goSdks(cache: string, component: string, aws: PackageSpec): Promise<GoSdks> {
  return {
    component: await generateSdk(cache, "go", "pv-to-hvm", component),
    aws: await awsModule(cache, aws),
  };
}

/** The program of an example's folder: vetted, and built. The file to run. */
export async function buildGoProgram(cache: string, example: string, sdks: GoSdks): Promise<string> {
  const sources = contentsOf(...["main.go", "go.mod"].map((file) => join(example, file)));
  const folder = await made(cache, "go", [example, sdks.component, sdks.aws, ...sources], async (target) => {
    const go = (...args: string[]) => run(["go", ...args], { cwd: target, env: { CGO_ENABLED: "0" } });
    cpSync(example, target, { recursive: true });
    // As `pulumi install` would have put it there.
    cpSync(sdks.component, join(target, "sdks", "pv-to-hvm"), { recursive: true });
    await go("mod", "edit", `-replace=${AWS_MODULE}=${sdks.aws}`);
    await go("mod", "tidy");
    await go("vet", ".");
    await go("build", "-o", "program", ".");
  });
  return join(folder, "program");
}

/** As pulumi-aws has it: its packages in `go/` of its module. */
async function awsModule(cache: string, schema: PackageSpec): Promise<string> {
  const sdk = await generateSdk(cache, "go", "aws", JSON.stringify(schema));
  return made(cache, "go-aws", [sdk], async (folder) => {
    cpSync(sdk, join(folder, "go"), { recursive: true });
    const lines = [
      `module ${goModuleOf(schema.version)}`,
      "go 1.25",
      "require github.com/pulumi/pulumi/sdk/v3 v3.259.0",
    ];
    writeFileSync(join(folder, "go.mod"), `${lines.join("\n\n")}\n`);
  });
}

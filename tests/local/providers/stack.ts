/** Runs inline programs on a real engine whose tls and command providers are the stand-ins, bundled on the spot. */
import { build } from "esbuild";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LocalWorkspace, type EngineEvent, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { automationCommand } from "../../../local/engine/automation";
import type { Engine } from "../../../local/engine/engine";
import { environment, preparePulumiHome } from "../../../local/engine/pulumiHome";

const ROOT = resolve(__dirname, "../../..");

export interface TestEngine {
  /** A stack of its own, empty. */
  stack(name: string, program: PulumiFn): Promise<Stack>;
  remove(): void;
}

export async function prepareEngine(engine: Engine): Promise<TestEngine> {
  const root = mkdtempSync(join(tmpdir(), "engine-test-"));
  await bundleProviders(root);
  const home = join(root, "home");
  const previous = process.env.PULUMI_HOME;
  // The stand-ins are what these tests are about, whatever the user has.
  process.env.PULUMI_HOME = home;
  const plugins = preparePulumiHome({ root, home });
  restore("PULUMI_HOME", previous);
  const envVars = environment({ home, engine, plugins });
  const pulumiCommand = await automationCommand(engine, home);
  return {
    stack: (stackName, program) =>
      LocalWorkspace.createStack(
        { projectName: "standins", stackName, program },
        { pulumiCommand, pulumiHome: home, envVars },
      ),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function bundleProviders(root: string): Promise<void> {
  const source = (name: string) => join(ROOT, "local", "providers", name, "main.ts");
  mkdirSync(join(root, "dist"));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  await build({
    entryPoints: { tls: source("tls"), command: source("command") },
    outdir: join(root, "dist", "local"),
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** `create name`, `replace name` …: what the engine did, without what stayed the same. */
export function operationsOf(events: EngineEvent[]): string[] {
  return events
    .map((event) => event.resourcePreEvent?.metadata)
    .filter((metadata) => metadata && !["same", "read"].includes(metadata.op) && !isStack(metadata.urn))
    .map((metadata) => `${metadata!.op} ${metadata!.urn.split("::").pop()}`);
}

function isStack(urn: string): boolean {
  return urn.includes("pulumi:pulumi:Stack") || urn.includes("pulumi:providers:");
}

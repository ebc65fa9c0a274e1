/** One provider plugin, put where the engine looks: `plugins/resource-NAME-vVERSION/pulumi-resource-NAME`. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execute } from "./execute";
import type { HomeOptions } from "./pulumiHome";

export interface PluginOrigin {
  name: string;
  /** That of the installed SDK: the engine asks for exactly this one. */
  version: string;
  /** `real`: Pulumi's own; `stand-in`: the local cloud's. */
  from: "real" | "stand-in";
}

const DOWNLOAD_LIMIT_SECONDS = 60;

/** Puts the plugin in place: the real one if that is wanted and to be had, else the stand-in. */
export async function installPlugin(
  name: string,
  preferReal: boolean,
  options: HomeOptions,
): Promise<PluginOrigin> {
  const version = sdkVersion(options.root, name);
  const file = pluginFile(options.home, name, version);
  if (preferReal && (await installReal(name, version, file, options))) return { name, version, from: "real" };
  writeStandIn(file, standInScript(join(options.root, "dist", "local", `${name}.cjs`)));
  return { name, version, from: "stand-in" };
}

async function installReal(
  name: string,
  version: string,
  file: string,
  options: HomeOptions,
): Promise<boolean> {
  if (existsSync(file) && !isStandIn(file)) return true;
  const users = pluginFile(userHome(), name, version);
  if (existsSync(users) && users !== file) {
    mkdirSync(join(file, ".."), { recursive: true });
    rmSync(file, { force: true });
    symlinkSync(users, file);
    return true;
  }
  // A stand-in says that it was looked for before, in vain.
  if (existsSync(file)) return false;
  return options.engine.from !== "built" && fetchReal(name, version, file, options);
}

/** Lets the engine fetch it. An engine that was built here says that the network reaches no downloads: not tried then. */
async function fetchReal(
  name: string,
  version: string,
  file: string,
  { home, engine, log }: HomeOptions,
): Promise<boolean> {
  log(`fetching the ${name} provider ${version}`);
  const command = [engine.pulumi, "plugin", "install", "resource", name, version];
  const env = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  try {
    await execute(command, {
      purpose: `fetching the ${name} provider`,
      env,
      timeoutSeconds: DOWNLOAD_LIMIT_SECONDS,
    });
    return existsSync(file);
  } catch (error) {
    log(`not to be had: the stand-in takes its place (${(error as Error).message.split("\n").pop()})`);
    rmSync(join(file, ".."), { recursive: true, force: true });
    return false;
  }
}

const MARK = "# stand-in of pv-to-hvm's local cloud";

/** A shell script that becomes the provider: `exec`, so that the engine's signals and pipes reach it. */
export function standInScript(program: string, node = process.execPath): string {
  return ["#!/bin/sh", MARK, `exec ${quote(node)} ${quote(program)} "$@"`, ""].join("\n");
}

function writeStandIn(file: string, script: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === script) return;
  mkdirSync(join(file, ".."), { recursive: true });
  // Renamed into place: an engine that starts right now finds the old one or the new one.
  writeFileSync(`${file}.new`, script, { mode: 0o755 });
  renameSync(`${file}.new`, file);
}

function isStandIn(file: string): boolean {
  return readFileSync(file).subarray(0, 100).includes(MARK);
}

function pluginFile(home: string, name: string, version: string): string {
  return join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
}

/** Where the user's own pulumi keeps its plugins. */
function userHome(): string {
  return process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
}

function sdkVersion(root: string, name: string): string {
  const file = join(root, "node_modules", "@pulumi", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

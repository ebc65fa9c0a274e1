/** One provider plugin, put where the engine looks: `plugins/resource-NAME-vVERSION/pulumi-resource-NAME`. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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

/** pulumi-aws has 150 MB: whoever asks for the real one alone waits for it. */
const DOWNLOAD_LIMIT_SECONDS = { unasked: 60, asked: 600 };

/** Which one is to be put in place. To be had: by the engine's own download, where there is a network for it. */
export type Wanted = "real" | "real where it is to be had" | "real where it is here" | "stand-in";

/**
 * Puts the plugin in place: the real one if that is wanted and to be had, else the stand-in.
 * @throws Error where nothing but the real one would do, and that is not to be had
 */
export async function installPlugin(
  name: string,
  wanted: Wanted,
  options: HomeOptions,
): Promise<PluginOrigin> {
  const version = sdkVersion(options.root, name);
  const file = pluginFile(options.home, name, version);
  if (wanted !== "stand-in" && (await installReal(name, version, wanted, file, options))) {
    return { name, version, from: "real" };
  }
  if (wanted === "real") throw new Error(notToBeHad(name, version));
  writeStandIn(file, standInScript(join(options.root, "dist", "local", `${name}.cjs`)));
  return { name, version, from: "stand-in" };
}

function notToBeHad(name: string, version: string): string {
  return (
    `${name}: PV_TO_HVM_PROVIDERS=real asks for Pulumi's own provider, and version ${version} is neither among the user's plugins nor ` +
    `to be fetched. Install it where the network allows it (pulumi plugin install resource ${name} ${version}), or unset PV_TO_HVM_PROVIDERS.`
  );
}

async function installReal(
  name: string,
  version: string,
  wanted: Wanted,
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
  if (wanted === "real") return fetchReal(name, version, file, options, DOWNLOAD_LIMIT_SECONDS.asked);
  if (wanted === "real where it is here") return false;
  // A stand-in says that it was looked for before, in vain.
  if (existsSync(file)) return false;
  return options.engine.from !== "built" && fetchReal(name, version, file, options);
}

/** Lets the engine fetch it. An engine that was built here says that the network reaches no downloads: not tried unasked. */
async function fetchReal(
  name: string,
  version: string,
  file: string,
  { home, engine, log }: HomeOptions,
  timeoutSeconds = DOWNLOAD_LIMIT_SECONDS.unasked,
): Promise<boolean> {
  log(`fetching the ${name} provider ${version}`);
  const command = [engine.pulumi, "plugin", "install", "resource", name, version];
  const env = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  try {
    // The engine leaves alone what is there already.
    rmSync(join(file, ".."), { recursive: true, force: true });
    await execute(command, {
      purpose: `fetching the ${name} provider`,
      env,
      timeoutSeconds,
    });
    return existsSync(file);
  } catch (error) {
    log(`not to be had: ${(error as Error).message.split("\n").pop()}`);
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
  if (existsSync(file) && isStandIn(file) && readFileSync(file, "utf8") === script) return;
  mkdirSync(join(file, ".."), { recursive: true });
  // Renamed into place: an engine that starts right now finds the old one or the new one.
  writeFileSync(`${file}.new`, script, { mode: 0o755 });
  renameSync(`${file}.new`, file);
}

/** By its first bytes: a real one has hundreds of megabytes. */
function isStandIn(file: string): boolean {
  const [descriptor, bytes] = [openSync(file, "r"), Buffer.alloc(100)];
  readSync(descriptor, bytes);
  closeSync(descriptor);
  return bytes.includes(MARK);
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

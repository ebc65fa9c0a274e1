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
import type { HomeOptions } from "./pulumiHome";

export interface PluginOrigin {
  name: string;
  /** That of the installed SDK: the engine asks for exactly this one. */
  version: string;
  /** `real`: Pulumi's own; `stand-in`: the local cloud's. */
  from: "real" | "stand-in";
}

/**
 * Which one is to be put in place. None is fetched: a plugin runs as root here, and no published checksum of it is pinned
 * here that it could be held against. What the user's own pulumi has installed is the user's own decision.
 */
export type Wanted = "real" | "real where it is here" | "stand-in";

/**
 * Puts the plugin in place: the real one if that is wanted and here, else the stand-in.
 * @throws Error if nothing but the real one would do, and that is not here
 */
export function installPlugin(name: string, wanted: Wanted, options: HomeOptions): PluginOrigin {
  const version = sdkVersion(options.root, name);
  const file = pluginFile(options.home, name, version);
  if (wanted !== "stand-in" && installReal(name, version, file)) {
    return { name, version, from: "real" };
  }
  if (wanted === "real") throw new Error(notHere(name, version));
  writeStandIn(file, standInScript(join(options.root, "dist", "local", `${name}.cjs`)));
  return { name, version, from: "stand-in" };
}

function notHere(name: string, version: string): string {
  return (
    `${name}: PV_TO_HVM_PROVIDERS=real asks for Pulumi's own provider, and version ${version} is not among the user's plugins. ` +
    `Install it (pulumi plugin install resource ${name} ${version}), or unset PV_TO_HVM_PROVIDERS.`
  );
}

function installReal(name: string, version: string, file: string): boolean {
  if (existsSync(file) && !isStandIn(file)) return true;
  const users = pluginFile(userHome(), name, version);
  if (!existsSync(users) || users === file) return false;
  mkdirSync(join(file, ".."), { recursive: true });
  rmSync(file, { force: true });
  symlinkSync(users, file);
  return true;
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

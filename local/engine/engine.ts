/** Where `pulumi` comes from: the PATH, Pulumi's own download, or its Go module. */
import { existsSync } from "node:fs";
import { access, constants, realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { buildEngine } from "./build";
import { downloadEngine } from "./download";
import { execute } from "./execute";
import { ENGINE_VERSION, isAtLeast, MINIMUM_VERSION, numbersOf } from "./version";

export interface Engine {
  /** The program, as an absolute path. */
  pulumi: string;
  /** e.g. `3.259.0` */
  version: string;
  from: "path" | "download" | "built";
}

export interface EngineOptions {
  /** Folder of downloads and builds; the engine goes into `engine/` there. */
  cache: string;
  log: (line: string) => void;
}

/**
 * Finds an engine, or brings one: one named by PULUMI_BINARY, one on the PATH that is new enough, one that was brought
 * here before, the official download, a build from source. Throws where nothing works, with what can be done about it.
 */
export async function findEngine({ cache, log }: EngineOptions): Promise<Engine> {
  const folder = join(cache, "engine");
  return (
    (await engineAt(namedByUser(), "path", log)) ??
    (await engineAt(await onPath("pulumi"), "path", log)) ??
    (await engineAt(join(folder, "download", "pulumi"), "download", log)) ??
    (await engineAt(join(folder, "built", "pulumi"), "built", log)) ??
    (await downloadEngine(folder, log)) ??
    (await buildEngine(folder, log))
  );
}

/** Whether the engine can run a project's own program; one built from the Go module runs inline programs only. */
export async function hasNodeLanguageHost({ pulumi }: Engine): Promise<boolean> {
  const beside = join(dirname(await realpath(pulumi)), "pulumi-language-nodejs");
  return existsSync(beside) || (await onPath("pulumi-language-nodejs")) !== undefined;
}

function namedByUser(): string | undefined {
  const file = process.env.PULUMI_BINARY;
  if (!file || existsSync(file)) return file;
  throw new Error(
    `PULUMI_BINARY: ${file} does not exist. Name a pulumi of version ${MINIMUM_VERSION} or newer, or unset it.`,
  );
}

/** The engine in this file, if there is one and it is new enough. */
async function engineAt(
  pulumi: string | undefined,
  from: Engine["from"],
  log: (line: string) => void,
): Promise<Engine | undefined> {
  if (!pulumi || !existsSync(pulumi)) return undefined;
  const version = await versionOf(pulumi);
  if (isAtLeast(version, from === "path" ? MINIMUM_VERSION : ENGINE_VERSION))
    return { pulumi, version, from };
  log(`${pulumi}: version ${version}, at least ${MINIMUM_VERSION} needed. Looking for another.`);
  return undefined;
}

async function versionOf(pulumi: string): Promise<string> {
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const text = await execute([pulumi, "version"], {
    purpose: "asking pulumi for its version",
    env,
    timeoutSeconds: 30,
  });
  return numbersOf(text)?.join(".") ?? text.trim();
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const file = join(folder, program);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

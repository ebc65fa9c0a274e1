/** What an operation of the engine did, told as short lines. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";

/** Both are given to every operation of the Automation API. */
export interface Listeners {
  onOutput: (text: string) => void;
  onEvent: (event: EngineEvent) => void;
}

/** `create sample-helper`, `replace sample-copy` …; undefined where nothing begins to be done to a resource of ours. */
export function operationOf(event: EngineEvent): string | undefined {
  const step = event.resourcePreEvent?.metadata;
  // The engine's own entries for the default providers are no resource of ours.
  if (!step || step.op === "same" || step.type.startsWith("pulumi:providers:")) return undefined;
  return `${step.op} ${step.urn.split("::").pop()}`;
}

/** The machines and volumes that a cloud in this folder has, by the names of their files; it makes a folder with the first. */
export function heldIn(directory: string): string[] {
  const folders = ["machines", "volumes"].map((name) => join(directory, name));
  return folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder));
}

/** What a migration asks the engine for, with the options that a user gave it, under mocks. */
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration } from "../../../components";
import { LAUNCHING, mocks } from "../mockEngine";

/** A resource as the engine is asked for it. */
export interface Asked {
  type: string;
  name: string;
  /** Name of the provider that it is made by; empty for the default one. */
  provider: string;
  protect: boolean;
  retainOnDelete: boolean;
  dependsOn: string[];
  parent: string;
  ignoreChanges: string[];
  /** As it is sent: `1800s`; empty where the provider's own holds. */
  createTimeout: string;
}

/** A look-up, by its function. */
export interface Invoked {
  token: string;
  provider: string;
}

export interface Recording {
  resources: Asked[];
  lookUps: Invoked[];
  migration: PvToHvmMigration;
}

/**
 * Registers the migration `web` with the options that `options` makes, which may register resources of its own. Those
 * are not among the recorded ones.
 */
export async function recordWith(
  options: () => pulumi.ComponentResourceOptions,
  args = LAUNCHING,
): Promise<Recording> {
  await pulumi.runtime.setMocks(mocks({}), "project", "stack");
  const made = options();
  const recording = record();
  const migration = new PvToHvmMigration("web", args, made);
  const { imageId, bootProof, report, helperId } = migration;
  await new Promise((resolve) => pulumi.all([imageId, bootProof, report, helperId]).apply(resolve));
  await pulumi.runtime.disconnect();
  return { ...recording, migration };
}

interface Request {
  getType(): string;
  getName(): string;
  getProvider(): string;
  getParent(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
  getCustomtimeouts(): { getCreate(): string } | undefined;
  getTok(): string;
}
type Method = (request: Request, ...rest: unknown[]) => unknown;

function record(): Omit<Recording, "migration"> {
  const recorded: Omit<Recording, "migration"> = { resources: [], lookUps: [] };
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Method; invoke: Method };
  const { registerResource, invoke } = monitor;
  monitor.registerResource = (request, ...rest) => {
    recorded.resources.push(resource(request));
    return registerResource.call(monitor, request, ...rest);
  };
  monitor.invoke = (request, ...rest) => {
    recorded.lookUps.push({ token: request.getTok(), provider: providerName(request) });
    return invoke.call(monitor, request, ...rest);
  };
  return recorded;
}

function resource(request: Request): Asked {
  return {
    type: request.getType(),
    name: request.getName(),
    provider: providerName(request),
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    dependsOn: request.getDependenciesList().map(lastWord),
    parent: lastWord(request.getParent()),
    ignoreChanges: request.getIgnorechangesList(),
    createTimeout: request.getCustomtimeouts()?.getCreate() ?? "",
  };
}

/** A reference is a URN, `::` and an id. */
function providerName(request: Request): string {
  return request.getProvider().split("::").slice(-2)[0] ?? "";
}

function lastWord(urn: string): string {
  return urn.split("::").pop() ?? "";
}

import * as pulumi from "@pulumi/pulumi";
import { settled } from "../known";

const MILLISECONDS = 10_000;

/** What telling of a wait needs of the world. */
export interface WaitWorld {
  every(milliseconds: number, work: () => void): NodeJS.Timeout;
  now(): number;
  /** Whether there is still an engine to talk to. */
  isConnected(): boolean;
  log(message: string): void;
}

/**
 * Says every 10 seconds, while EC2 makes a resource, what is awaited and how long it has been: pulumi-aws says nothing while
 * it waits. It begins when all that the resource needs is there; a resource that is there already is silent. Nothing in
 * previews. The timer holds no program, and ends with the resource or, where that fails, with the engine's connection.
 */
export function beatWhile(
  resource: pulumi.CustomResource,
  what: pulumi.Output<string>,
  parent: pulumi.Resource,
  after: pulumi.Input<pulumi.Resource[]> = [],
): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi.all([what, madeBefore(after)]).apply(([text]) => {
    void beat(text, settled(resource.id), worldOf(parent, { isStatus: true }));
  });
}

/** Resolves once resources are there. */
export function madeBefore(resources: pulumi.Input<pulumi.Resource[]>): pulumi.Output<unknown> {
  return pulumi.output(resources).apply((all) => all.map(({ urn }) => urn));
}

/** Says it until the end is there, or nobody listens any more. */
export async function beat(what: string, end: Promise<void>, world: WaitWorld): Promise<void> {
  const began = world.now();
  const timer = world.every(MILLISECONDS, () => {
    if (world.isConnected()) world.log(`waiting for ${what}: ${duration(world.now() - began)}`);
    else clearInterval(timer);
  });
  await end;
  clearInterval(timer);
}

/** `40 s`, `2 min 30 s`, `1 h 5 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * Shown at the component: a resource that is being made has no URN yet, and a message at it would wait for that.
 * `isStatus`: as long as nothing else is said of it, instead of for good.
 */
export function worldOf(shownAt: pulumi.Resource, { isStatus }: { isStatus: boolean }): WaitWorld {
  return {
    every: (milliseconds, work) => setInterval(work, milliseconds).unref(),
    now: () => performance.now(),
    // A resource that fails leaves its id without an end: the engine cuts the connection, and the SDK forgets its monitor.
    isConnected: () => !!pulumi.runtime.getMonitor(),
    log: (message) => void pulumi.log.info(message, shownAt, undefined, isStatus),
  };
}

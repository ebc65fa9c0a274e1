/** Whole programs under mocks, run as the Automation API runs them: in a stack, until nothing is under way any more. */
import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import * as state from "@pulumi/pulumi/runtime/state";
import { mocks, recordRegistrations, type World } from "../mockEngine";

export interface Ended {
  /** What the program runner would print: each error once. */
  messages: string[];
  /** Names of what was registered, but for the stack itself, in the order in which the engine was asked. */
  registered: string[];
  /** The program's outputs; undefined where it was refused. */
  outputs?: unknown;
}

type Values = Record<string, unknown>;
export const { withLocalStorage } = state as unknown as { withLocalStorage<T>(run: () => T): T };

/** Runs a program. Never throws, and ends when everything that it began has ended. */
export function run(
  program: () => Promise<unknown>,
  world: World = {},
  settings: Values = {},
): Promise<Ended> {
  return withLocalStorage(async () => {
    await pulumi.runtime.setMocks(likeWeb(world), "pv-to-hvm", "stack");
    pulumi.runtime.setAllConfig(
      Object.fromEntries(
        Object.entries(settings).map(([name, value]) => [`pv-to-hvm:${name}`, JSON.stringify(value)]),
      ),
    );
    const registered = recordRegistrations();
    // By the error, as the runner does it; what it says is read at once, since that is when it is printed.
    const errors = new Map<Error, string>();
    const hear = (error: Error) => void (errors.has(error) || errors.set(error, error.message));
    const restore = hearUnhandled(hear);
    try {
      const outputs = await pulumi.runtime.runInPulumiStack(program).catch(hear);
      await pulumi.runtime.disconnect();
      await new Promise(setImmediate);
      const names = registered.map(({ name }) => name).filter((name) => name !== "pv-to-hvm-stack");
      return { messages: [...errors.values()], registered: names, outputs };
    } finally {
      restore();
      (debuggable as unknown as { leakedPromises(): unknown }).leakedPromises();
    }
  });
}

/** The mocks know the resources of `web`. */
export function likeWeb(world: World): pulumi.runtime.Mocks {
  const { newResource, call } = mocks(world);
  const as = (resource: pulumi.runtime.MockResourceArgs) => ({
    ...resource,
    name: resource.name.replace(/^[a-z]+\d*-/, "web-"),
  });
  return { newResource: (resource) => newResource(as(resource)), call };
}

/** Hears what nobody handles, until it is called off. mocha would take the first of them for a failed test. */
export function hearUnhandled(hear: (error: Error) => void): () => void {
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", hear as (reason: unknown) => void);
  return () => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  };
}

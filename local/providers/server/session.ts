import type { Context, Provider, ResourceHandler } from "../provider";
import type { EngineLog } from "./engineLog";

/** One engine's visit: what all methods of the protocol share. */
export interface Session {
  provider: Provider;
  log: EngineLog;
  /** Aborted when the engine cancels. */
  abort: AbortController;
}

/** The handler of a resource, by its URN. Throws for a type that the provider does not have. */
export function handlerOf({ provider }: Session, urn: string): ResourceHandler {
  const type = typeOf(urn);
  const handler = provider.resources[type];
  if (handler) return handler;
  throw new Error(
    `${type}: the local ${provider.name} provider does not have it. It has ${list(provider.resources)}.`,
  );
}

/** What a handler is told about the operation. `timeout`: seconds, 0 where the user gave none. */
export function contextOf(session: Session, urn: string, timeout = 0): Context {
  return {
    urn,
    timeoutSeconds: timeout > 0 ? timeout : undefined,
    log: (message, severity) => session.log.write(urn, message, severity),
    signal: session.abort.signal,
  };
}

/** `urn:pulumi:stack::project::parentType$type::name` → `type` */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").pop() ?? "";
}

export function list(known: Record<string, unknown>): string {
  return Object.keys(known).sort().join(", ");
}

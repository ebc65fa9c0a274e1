/**
 * What a stand-in provider is made of: one handler a resource type, one function an invoke. `server.ts` speaks the
 * engine's protocol in front of it, so that a handler sees plain values: secrets unwrapped, unknown values as
 * `UNKNOWN`, absent ones absent.
 */
export type Properties = { [name: string]: unknown };

/** Stands for a value that is not known before the update (previews only). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface CheckFailure {
  property: string;
  reason: string;
}

/** What a function throws whose arguments are at fault: the engine shows each property with its reason. */
export class InvalidArguments extends Error {
  constructor(readonly failures: CheckFailure[]) {
    super(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  }
}

export interface Diff {
  /** Input properties that changed. Empty: nothing to do. */
  changed: string[];
  /** Those of them that need a new resource. */
  replaces: string[];
  /** The old one must go before the new one can be made. Default false. */
  deleteBeforeReplace?: boolean;
}

export interface Context {
  urn: string;
  /** Of a check: what a made-up name is made of, so that it is the same where the engine goes by a saved plan. */
  seed?: Uint8Array;
  /** `customTimeouts`, or the provider's own default. Seconds. */
  timeoutSeconds?: number;
  /** Lines for the user: shown by the engine below the resource while it works. */
  log(message: string, severity?: "info" | "warning" | "error"): void;
  /** Aborted when the engine cancels (Ctrl-C). */
  signal: AbortSignal;
}

export interface ResourceHandler {
  /** Names of the outputs that are no inputs. A preview shows as unknown those that `preview` leaves out. Default: none. */
  outputs?: string[];
  /** Validates and fills defaults in. `olds` are the inputs of last time. Default: takes the inputs as they are. */
  check?(
    inputs: Properties,
    olds: Properties | undefined,
    context: Context,
  ): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  /** Default: every changed top-level input is an update. `olds` and `news` are checked inputs. */
  diff?(id: string, olds: Properties, news: Properties, state: Properties): Promise<Diff>;
  create(inputs: Properties, context: Context): Promise<{ id: string; state: Properties }>;
  /** In a preview: the state as far as it is known; what is missing shows as unknown. Default: the inputs. */
  preview?(inputs: Properties, state: Properties | undefined): Properties;
  /** The state as it is now, or undefined if the resource is gone. Default: what was recorded. */
  read?(
    id: string,
    state: Properties,
    context: Context,
  ): Promise<{ id: string; state: Properties; inputs: Properties } | undefined>;
  update?(
    id: string,
    inputs: Properties,
    olds: Properties,
    state: Properties,
    context: Context,
  ): Promise<Properties>;
  delete(id: string, state: Properties, context: Context): Promise<void>;
}

export interface Provider {
  /** `aws`, `tls`, `command` */
  name: string;
  /** That of the installed SDK. */
  version: string;
  /** By type token, e.g. `aws:ec2/instance:Instance`. An unknown type is refused. */
  resources: Record<string, ResourceHandler>;
  /** By token, e.g. `aws:ec2/getAmi:getAmi`. An unknown one is refused. */
  functions: Record<string, (args: Properties) => Promise<Properties>>;
  /** The package's schema, which programs in YAML are read by. Default: one without resources. */
  schema?: object;
  /** Provider configuration (region …). Default: nothing to check. */
  configure?(config: Properties): Promise<void>;
}

/** What `pulumi preview --json` tells, as far as a report needs it. */

import { partsOf } from "../urn";

/** A property's values as the engine prints them. */
export type Values = { [property: string]: unknown };

/** One resource before or after. */
export interface State {
  /** The provider's, e.g. `i-0123456789abcdef0`. */
  id?: string;
  inputs: Values;
  outputs: Values;
  /** URN of the component that it belongs to. */
  parent?: string;
  /** URN and id of its provider, `urn::id`. */
  provider?: string;
  /** What replaces it when it changes: the conversion's key, for helper and volumes. */
  replacementTrigger?: unknown;
  /** It stays in the cloud when it is taken out of the stack. */
  retainOnDelete: boolean;
}

/** What is to be done to one resource. */
export interface Step {
  /** The engine's word: `same`, `create`, `update`, `replace`, `delete` … */
  op: string;
  urn: string;
  /** Last part of the URN. */
  name: string;
  /** e.g. `aws:ec2/instance:Instance` */
  type: string;
  old?: State;
  new?: State;
  /** Paths of the properties that differ, e.g. `tags.owner`. */
  changed: string[];
}

export interface Diagnostic {
  severity: string;
  message: string;
  /** The resource that it speaks of. */
  urn?: string;
}

export interface Preview {
  steps: Step[];
  diagnostics: Diagnostic[];
  /** How many resources, by operation. */
  changes: Record<string, number>;
  /** The stack's configuration, secrets blinded. */
  config: Record<string, string>;
  /** Fields that this version does not know: a newer engine's. */
  unknownFields: string[];
  /** The engine takes the stack's state for damaged. */
  maybeCorrupt: boolean;
}

export const STACK_TYPE = "pulumi:pulumi:Stack";

/** What the engine shows in place of a value that nobody knows before the update, by its kind. */
const UNKNOWN = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

/** Whether a value is known before the update. */
export function isKnown(value: unknown): boolean {
  return value !== undefined && !(typeof value === "string" && UNKNOWN.has(value));
}

/** What a diagnostic says, without the engine's colours (words in `<{%…%}>`) and its word for the severity. */
export function saidBy({ message }: Diagnostic): string {
  return message
    .replace(/<\{%[^%]*%\}>/g, "")
    .replace(/^(error|warning): /, "")
    .trim();
}

/** A text, where it is one and known. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && isKnown(value) ? value : undefined;
}

/** A number, where it is one. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** What is found at a path among values, e.g. `launch.onNewImage`. */
export function at(values: unknown, path: string): unknown {
  return path.split(".").reduce((value: unknown, key) => (isRecord(value) ? value[key] : undefined), values);
}

/** The stack's own resource, which every preview names; undefined where it failed before. */
export function stackStep({ steps }: Preview): Step | undefined {
  return steps.find(({ type }) => type === STACK_TYPE);
}

/** Name of the stack, by any resource's URN; undefined where the preview has none. */
export function stackName({ steps }: Preview): string | undefined {
  return steps.length === 0 ? undefined : partsOf(steps[0].urn).stack;
}

/** Whether resources that stay as they are were asked for (`--show-sames`); the stack's own is always there. */
export function showsSames({ steps }: Preview): boolean {
  return steps.some(({ op, type }) => op === "same" && type !== STACK_TYPE);
}

/** Whether something is an object with keys. */
export function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

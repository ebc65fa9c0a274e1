/** What a preview would do, out of what `pulumi preview --json` prints. */
import { UNKNOWN } from "../../local/providers/provider";

export interface PlannedResource {
  /** `create`, `same` … */
  operation: string;
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** It stays in EC2 when the stack forgets it. */
  isRetained: boolean;
  /** The migration that it is part of, where it is. */
  migration?: string;
}

export interface Plan {
  resources: PlannedResource[];
  /** The stack's outputs; what a preview cannot know is missing. */
  outputs: Record<string, unknown>;
}

interface Step {
  op: string;
  urn: string;
  newState?: {
    type: string;
    inputs?: Record<string, unknown>;
    outputs?: Record<string, unknown>;
    parent?: string;
    retainOnDelete?: boolean;
  };
}

export function planOf(text: string): Plan {
  const { steps } = JSON.parse(text) as { steps: Step[] };
  const isStack = ({ urn }: Step) => urn.includes("::pulumi:pulumi:Stack::");
  return {
    resources: steps.filter((step) => !isStack(step)).map(resourceOf),
    outputs: steps.find(isStack)?.newState?.outputs ?? {},
  };
}

function resourceOf({ op, urn, newState }: Step): PlannedResource {
  const { type = "", inputs = {}, parent = "", retainOnDelete = false } = newState ?? {};
  const migration = parent.includes(":PvToHvmMigration::") ? nameIn(parent) : undefined;
  return {
    operation: op,
    type,
    name: nameIn(urn),
    inputs,
    isRetained: retainOnDelete,
    migration,
  };
}

function nameIn(urn: string): string {
  return urn.split("::").pop()!;
}

/** What the program itself declares, sorted: what a migration is made of is the component's business. */
export function declaredIn({ resources }: Plan): Pick<PlannedResource, "type" | "name" | "inputs">[] {
  return resources
    .filter(({ migration, type }) => migration === undefined && !type.startsWith("pulumi:"))
    .map(({ type, name, inputs }) => ({ type, name, inputs: withWords(inputs) }))
    .sort((one, other) => `${one.type} ${one.name}`.localeCompare(`${other.type} ${other.name}`));
}

function withWords(inputs: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(inputs).replaceAll(UNKNOWN, "known after the update")) as Record<
    string,
    unknown
  >;
}

/** The migrations whose helpers were planned to be at rest when the volumes of this one were. */
export function atRestBefore({ resources }: Plan, migration: string): string[] {
  const begun = resources.findIndex(({ name }) => name === `${migration}-source`);
  return resources
    .slice(0, begun)
    .filter(({ name }) => name.endsWith("-workbench"))
    .map((each) => each.migration!);
}

/** The errors that a preview ended with, where what it printed has any. */
export function problemsOf(text: string): string {
  const { diagnostics = [] } = isJson(text)
    ? (JSON.parse(text) as { diagnostics?: { severity: string; message: string }[] })
    : {};
  return diagnostics
    .filter(({ severity }) => /error|err$/.test(severity))
    .map(({ message }) => message)
    .join("");
}

function isJson(text: string): boolean {
  return text.trimStart().startsWith("{");
}

import { createHash, randomBytes } from "node:crypto";
import { UNKNOWN, type CheckFailure, type Context, type Properties, type ResourceHandler } from "../provider";
import type { Client } from "./client";
import { changedInputs, type Comparison } from "./differences";
import { changeTags } from "./tagging";
import { tagsIn } from "./values";

/** What is particular to one resource of pulumi-aws; `awsResource` makes a handler of it. */
export interface Definition extends Comparison {
  /** The token: `aws:ebs/volume:Volume`. */
  type: string;
  required: string[];
  /** Inputs that may be left out. Any that is neither here nor in `required` is refused by its name. */
  optional: string[];
  /** Outputs that are no inputs. */
  outputs: string[];
  /** Inputs whose change needs a new resource. */
  replaces: string[];
  /** The same, where it hangs on the values. */
  replacesAlso?(changed: string[], olds: Properties, news: Properties): string[];
  /** What pulumi-aws puts in where the user is silent. */
  defaults?(inputs: Properties): Properties;
  /** Refuses values before anything is planned. Unknown values have to pass. */
  validate?(inputs: Properties): CheckFailure[];
  /** The input that gets a name of Pulumi's making where the user gives none. EC2 wants it unique. */
  autoName?: string;
  /** Outputs that an update with these changes makes unknown. */
  unsettledBy?(changed: string[]): string[];
  /** Makes it, waits until it is ready, and gives its id. */
  create(inputs: Properties, context: Context): Promise<string>;
  /** The properties that EC2 has of it now, or undefined if it is gone. */
  show(id: string, recorded: Properties): Promise<Properties | undefined>;
  /** What a change of tags is said to be: `updating EBS Volume (vol-…)`. Default: it has none. */
  tagging?(id: string): string;
  /** The id by which it is tagged. Default: its own. */
  taggedAs?(state: Properties): string;
  /** Changes in place, other than of tags. */
  update?(change: Change): Promise<void>;
  /** Removes it and waits until it is gone. What is gone already is well. */
  delete(id: string, recorded: Properties, context: Context): Promise<void>;
}

/** What is to become of a resource that is there. */
export interface Change {
  id: string;
  /** Names of the inputs that are new. */
  changed: string[];
  inputs: Properties;
  olds: Properties;
  /** What was recorded of it. */
  state: Properties;
  context: Context;
}

/** A handler that behaves as pulumi-aws does in everything that all its resources have in common. */
export function awsResource(client: Client, definition: Definition): ResourceHandler {
  const computed = (definition.computed ?? []).filter((name) => isInput(definition, name));
  const outputs = [...definition.outputs, ...computed, "region"];
  return {
    outputs,
    check: async (inputs, olds, context) => {
      const complete = complement(definition, inputs, olds, context);
      return { inputs: complete, failures: failuresOf(definition, complete, client) };
    },
    diff: async (_id, olds, news) => diff(definition, olds, news),
    preview: (inputs, state) =>
      state ? preview(definition, outputs, inputs, state) : { ...inputs, region: client.region },
    create: async (inputs, context) => {
      const id = await definition.create(inputs, context);
      return { id, state: await stateOf(client, definition, id, inputs) };
    },
    read: async (id, recorded) => {
      const shown = await definition.show(id, recorded);
      if (!shown) return undefined;
      const state = { ...recorded, ...shown, region: client.region };
      return { id, state, inputs: inputsIn(definition, state) };
    },
    update: async (id, inputs, olds, state, context) => {
      const changed = changedInputs(olds, inputs, definition);
      await updateTags(client, definition, { id, changed, inputs, olds, state, context });
      const others = changed.filter((name) => name !== "tags");
      if (others.length > 0) {
        await definition.update?.({ id, changed: others, inputs, olds, state, context });
      }
      return stateOf(client, definition, id, inputs);
    },
    delete: (id, recorded, context) => definition.delete(id, recorded, context),
  };
}

/** Before everything else that changes, as pulumi-aws does it: tags are no attribute of a resource. */
async function updateTags(client: Client, definition: Definition, change: Change): Promise<void> {
  const { id, changed, inputs, olds, state } = change;
  if (!definition.tagging || !changed.includes("tags")) return;
  const tagged = definition.taggedAs?.(state) ?? id;
  await changeTags(client, definition.tagging(id), tagged, tagsIn(olds), tagsIn(inputs));
}

/** What the user asked for, and over it what EC2 says. */
async function stateOf(
  client: Client,
  definition: Definition,
  id: string,
  inputs: Properties,
): Promise<Properties> {
  const shown = await definition.show(id, inputs);
  if (!shown) throw new Error(`${definition.type} ${id}: it is gone again. Run pulumi refresh.`);
  return { ...inputs, ...shown, region: client.region };
}

function isInput({ required, optional }: Definition, name: string): boolean {
  return required.includes(name) || optional.includes(name);
}

function complement(
  definition: Definition,
  inputs: Properties,
  olds: Properties | undefined,
  context: Context,
): Properties {
  const complete = { ...definition.defaults?.(inputs), ...inputs };
  const { autoName } = definition;
  if (!autoName || complete[autoName] !== undefined) return complete;
  // As pulumi-aws: `__defaults` says that the name is nobody's choice. Engines do not show it.
  const wasMade = Array.isArray(olds?.__defaults) && olds.__defaults.includes(autoName);
  const name = wasMade ? olds?.[autoName] : madeName(inputs[`${autoName}Prefix`], context);
  return { ...complete, [autoName]: name, __defaults: [autoName] };
}

/** Of the engine's seed where there is one, as Pulumi's own providers do: a saved plan has the seed, and so the name is the plan's. */
function madeName(prefix: unknown, { urn, seed }: Context): string {
  const stem = typeof prefix === "string" && prefix !== UNKNOWN ? prefix : `${urn.split("::").pop()}-`;
  const digits = createHash("sha256")
    .update(seed?.length ? seed : randomBytes(32))
    .digest("hex");
  return stem + digits.slice(0, 7);
}

function failuresOf(definition: Definition, inputs: Properties, { region }: Client): CheckFailure[] {
  const missing = definition.required.filter((name) => inputs[name] === undefined);
  const unknown = Object.keys(inputs).filter(
    (name) => !isInput(definition, name) && !/^(region|__defaults)$/.test(name),
  );
  return [
    ...missing.map((property) => ({ property, reason: "is required. Set it." })),
    ...unknown.map((property) => ({
      property,
      reason: `the local stand-in for ${definition.type} does not have it. Leave it out, or use the real provider.`,
    })),
    ...regionFailures(inputs.region, region),
    ...(definition.validate?.(inputs) ?? []),
  ];
}

function regionFailures(wanted: unknown, region: string): CheckFailure[] {
  if (wanted === undefined || wanted === UNKNOWN || wanted === region) return [];
  const reason = `the local stand-in works in its provider's region, ${region}, alone; got ${String(wanted)}. Use a provider of that region.`;
  return [{ property: "region", reason }];
}

function diff(definition: Definition, olds: Properties, news: Properties) {
  const changed = changedInputs(olds, news, definition);
  const also = definition.replacesAlso?.(changed, olds, news) ?? [];
  const replaces = changed.filter((name) => definition.replaces.includes(name) || also.includes(name));
  return {
    // What follows from the tags shows with them, though it is no input.
    changed: changed.includes("tags") && definition.tagging ? [...changed, "tagsAll"].sort() : changed,
    replaces,
    deleteBeforeReplace: replaces.length > 0 && keepsItsName(definition, olds, news),
  };
}

/** Two cannot have one name at a time: where the user chose it and keeps it, the old one has to go first. */
function keepsItsName({ autoName }: Definition, olds: Properties, news: Properties): boolean {
  if (!autoName) return false;
  const made = Array.isArray(news.__defaults) && news.__defaults.includes(autoName);
  return !made && olds[autoName] === news[autoName];
}

function preview(
  definition: Definition,
  outputs: string[],
  inputs: Properties,
  state: Properties,
): Properties {
  const unsettled =
    definition.unsettledBy?.(changedInputs(inputsIn(definition, state), inputs, definition)) ?? [];
  const settled = outputs.filter((name) => state[name] !== undefined && !unsettled.includes(name));
  return { ...Object.fromEntries(settled.map((name) => [name, state[name]])), ...inputs };
}

/** After a refresh the inputs are what EC2 has, so that the next preview shows what somebody changed by hand. */
function inputsIn(definition: Definition, state: Properties): Properties {
  const names = [...definition.required, ...definition.optional, "__defaults"];
  return Object.fromEntries(
    names.filter((name) => state[name] !== undefined).map((name) => [name, state[name]]),
  );
}

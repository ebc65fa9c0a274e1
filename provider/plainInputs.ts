/**
 * Inputs that shape the graph are plain: their SDKs take values only, but programs without types (YAML) and secrets can
 * bring an output all the same. Its fields would then all seem to be given.
 */
import { type Inputs, Output } from "@pulumi/pulumi";
import type { Problem } from "../components/checks/problems";

/** What of a schema says which inputs are plain. */
export interface InputSpec {
  plain?: boolean;
  $ref?: string;
}
export interface TypeSpecs {
  [token: string]: { properties?: { [field: string]: InputSpec } };
}

/** Every plain input that is an output, at whatever depth. */
export function checkPlainInputs(
  inputs: Inputs,
  specs: { [input: string]: InputSpec },
  types: TypeSpecs,
): Problem[] {
  return outputsAmongPlain(inputs, specs, types).map((path) => ({
    path,
    reason: "is an output or a secret, but has to be known when the program runs: what is made depends on it",
    fix: "Give the value itself; where it is an object, its fields may be outputs and secrets.",
  }));
}

function outputsAmongPlain(
  inputs: Inputs,
  specs: { [input: string]: InputSpec },
  types: TypeSpecs,
  prefix = "",
): string[] {
  return Object.entries(specs).flatMap(([name, { plain, $ref }]) => {
    const value: unknown = inputs[name];
    const path = `${prefix}${name}`;
    if (Output.isInstance(value)) return plain ? [path] : [];
    const fields = types[$ref?.replace("#/types/", "") ?? ""]?.properties;
    if (!fields || typeof value !== "object" || value === null) return [];
    return outputsAmongPlain(value as Inputs, fields, types, `${path}.`);
  });
}

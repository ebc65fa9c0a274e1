import type { Properties } from "../provider";

/**
 * The inputs that a refresh puts into the state: of them, and of lists and objects within them, only what the program gave,
 * as pulumi-terraform-bridge does (`ExtractInputsFromOutputs`: "only extract new values for inputs that are already
 * present"). More would come back as an input where `ignoreChanges` holds on to it, and might not be allowed there. A map
 * (`tags`) is read whole: what was added by hand shows. What is imported has no inputs yet, and gets all.
 */
export function refreshedInputs(given: Properties, found: Properties): Properties {
  const isImported = Object.keys(given).length === 0;
  const names = Object.keys(found).filter((name) => isImported || given[name] !== undefined);
  return Object.fromEntries(
    names.map((name) => [name, name === "tags" ? found[name] : within(given[name], found[name])]),
  );
}

function within(given: unknown, found: unknown): unknown {
  if (Array.isArray(given) && Array.isArray(found)) {
    return found.map((item, index) => (index < given.length ? within(given[index], item) : item));
  }
  if (!isObject(given) || !isObject(found)) return found;
  const names = Object.keys(found).filter((name) => name in given);
  return Object.fromEntries(
    names.map((name) => [name, name === "tags" ? found[name] : within(given[name], found[name])]),
  );
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

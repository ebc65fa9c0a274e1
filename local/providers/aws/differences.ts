import type { Properties } from "../provider";

/** How a resource's inputs are compared. */
export interface Comparison {
  /** Inputs that EC2 fills in where the user is silent: silence is no change, at any depth. */
  computed?: string[];
  /** Lists whose order means nothing. */
  sets?: string[];
}

/** Names of the inputs that changed, sorted. A zero value and an absent one are the same, as in pulumi-aws. */
export function changedInputs(
  olds: Properties,
  news: Properties,
  { computed = [], sets = [] }: Comparison,
): string[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (name) => !name.startsWith("__"),
  );
  return names.sort().filter((name) => {
    const loose = computed.includes(name);
    if (isEmpty(olds[name]) && isEmpty(news[name])) return false;
    if (loose && news[name] === undefined) return false;
    const [old, now] = sets.includes(name)
      ? [sorted(olds[name]), sorted(news[name])]
      : [olds[name], news[name]];
    return !isSame(old, now, loose);
  });
}

/** `loose`: what the old value has beyond the new one does not count. */
function isSame(old: unknown, now: unknown, loose: boolean): boolean {
  if (Array.isArray(old) && Array.isArray(now)) {
    return old.length === now.length && now.every((item, index) => isSame(old[index], item, loose));
  }
  if (isObject(old) && isObject(now)) {
    const names = loose ? Object.keys(now) : [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return names.every((name) => isSame(old[name], now[name], loose));
  }
  return old === now || (isEmpty(old) && isEmpty(now));
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Silence, or the zero value that pulumi-aws cannot tell from it. */
function isEmpty(value: unknown): boolean {
  if (!value) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Block devices in the order of their names, which is all that both sides are sure to have; others by their text. */
function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const key = (item: unknown) =>
    isObject(item) && item.deviceName ? String(item.deviceName) : JSON.stringify(item);
  return [...value].sort((a, b) => key(a).localeCompare(key(b)));
}

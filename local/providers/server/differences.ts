/** What differs between two sets of properties, and where. Pure. */
import { ASSET_SIGNATURES, SIGNATURE_KEY } from "./signatures";
import type { Diff, Properties } from "../provider";

/** A path as the engine writes it (`triggers[1]`, `connection.host`) and what happened there. */
export interface Difference {
  path: string;
  kind: "add" | "delete" | "update";
}

/** Top-level names whose values differ. Two assets of the same bytes are the same, wherever they were read from. */
export function changedNames(olds: Properties, news: Properties): string[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return names.filter((name) => !isSame(olds[name], news[name]));
}

/**
 * Takes out what the user told the engine to ignore. The engine puts the old values of such inputs in place of the new
 * before `check`; this is for names that a handler's `check` fills in again.
 */
export function withoutIgnored(diff: Diff, ignoreChanges: string[]): Diff {
  const keep = (name: string) => !ignoreChanges.includes(name) && !ignoreChanges.includes("*");
  return { ...diff, changed: diff.changed.filter(keep), replaces: diff.replaces.filter(keep) };
}

/** Every place below `path` where the two differ. */
export function differencesAt(path: string, old: unknown, now: unknown): Difference[] {
  if (isSame(old, now)) return [];
  if (old === undefined) return [{ path, kind: "add" }];
  if (now === undefined) return [{ path, kind: "delete" }];
  if (!isBranch(old) || !isBranch(now) || Array.isArray(old) !== Array.isArray(now)) {
    return [{ path, kind: "update" }];
  }
  const children = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return children.flatMap((name) => differencesAt(childPath(path, old, name), old[name], now[name]));
}

function isSame(old: unknown, now: unknown): boolean {
  return canonical(old) === canonical(now);
}

/** Text that is equal for equal values, whatever the order of their properties. */
function canonical(value: unknown): string {
  if (isAsset(value)) return `asset ${String(value[SIGNATURE_KEY])} ${String(value.hash)}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isBranch(value)) return JSON.stringify(value) ?? "absent";
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

function isBranch(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !isAsset(value);
}

function isAsset(value: unknown): value is Properties {
  if (typeof value !== "object" || value === null) return false;
  const { [SIGNATURE_KEY]: signature, hash } = value as Properties;
  return ASSET_SIGNATURES.includes(String(signature)) && hash !== undefined;
}

function childPath(path: string, parent: Properties, name: string): string {
  if (Array.isArray(parent)) return `${path}[${name}]`;
  return /^[A-Za-z_][\w]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

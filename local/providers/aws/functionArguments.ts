import type { Properties } from "../provider";
import type { Client } from "./client";

/** Refuses arguments of a function that it would have to pass over, and any region but the provider's. */
export function requireKnownArguments(
  token: string,
  args: Properties,
  known: string[],
  { region }: Client,
): void {
  const unknown = Object.keys(args).filter((name) => name !== "region" && !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `${token}: the local stand-in does not have ${unknown.join(", ")}. Leave it out, or use the real provider. ` +
        `It has ${known.join(", ") || "no arguments"}.`,
    );
  }
  if (args.region !== undefined && args.region !== region) {
    throw new Error(
      `${token}: the local stand-in works in its provider's region, ${region}, alone; got ${String(args.region)}. ` +
        "Use a provider of that region.",
    );
  }
}

/**
 * The one that was found, or the first of several where the newest is asked for, in the words of those of pulumi-aws's
 * functions that have `mostRecent`.
 */
export function theOne<T>(newestFirst: T[], mostRecent: boolean): T {
  if (newestFirst.length === 0) {
    throw new Error("Your query returned no results. Please change your search criteria and try again.");
  }
  if (newestFirst.length > 1 && !mostRecent) {
    throw new Error(
      "Your query returned more than one result. Please try a more specific search criteria, or set `most_recent` " +
        "attribute to true.",
    );
  }
  return newestFirst[0];
}

/**
 * Exactly one, in pulumi-aws's words where it is none or several (source: the Terraform provider's
 * `SingularDataSourceFindError`).
 */
export function onlyOne<T>(found: T[], kind: string): T {
  if (found.length === 1) return found[0];
  if (found.length === 0) throw new Error(`no matching ${kind} found`);
  throw new Error(
    `multiple ${kind}s matched; use additional constraints to reduce matches to a single ${kind}`,
  );
}

import { REGION } from "../../cloud/account";
import type { Properties } from "../provider";

/** Refuses arguments of a function that it would have to pass over, and any region but this one. */
export function requireKnownArguments(token: string, args: Properties, known: string[]): void {
  const unknown = Object.keys(args).filter((name) => name !== "region" && !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `${token}: the local cloud does not have ${unknown.join(", ")}. Leave it out, or run against EC2. ` +
        `It has ${known.join(", ") || "no arguments"}.`,
    );
  }
  if (args.region !== undefined && args.region !== REGION) {
    throw new Error(`${token}: the local cloud is ${REGION} only, got ${String(args.region)}.`);
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

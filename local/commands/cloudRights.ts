/** `npm run cloud -- rights …`: what a caller of the local cloud may do, by IAM policies. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { AttachedPolicy, CallerRecord } from "../cloud/callers";
import type { Cloud } from "../cloud/cloud";
import { readPolicy } from "../rights/policy";

/** An access key, or the ARN of a role of the local cloud's account. */
const CALLER = /^([A-Za-z0-9_-]{1,128}|arn:aws:iam::000000000000:role\/[\w+=,.@/-]+)$/;

/**
 * `rights` lists callers with policies, `rights CALLER FILE…` gives one its policies, `rights CALLER --all` takes them back. Gives
 * the lines to print.
 * @throws Error for a file that is not there; PolicyError, with the line, for one that is no policy.
 */
export async function rights(cloud: Cloud, [caller, ...files]: string[]): Promise<string[]> {
  if (caller === undefined) return listed(await cloud.callers.list());
  if (!CALLER.test(caller)) {
    throw new Error(
      `rights: ${caller} is no caller. Name an access key, e.g. ci, or a role, arn:aws:iam::000000000000:role/NAME.`,
    );
  }
  if (files.length === 0) {
    throw new Error(
      `rights: name the policies of ${caller}, e.g. policies/preview.json policies/up.json, or --all.`,
    );
  }
  if (files.join() === "--all") {
    await cloud.callers.forget(caller);
    return [`${caller} has no policies any more${caller.startsWith("arn:") ? "" : ", and may do all"}.`];
  }
  await cloud.callers.give(caller, files.map(read));
  const how = caller.startsWith("arn:") ? `aws:assumeRoles names it` : `AWS_ACCESS_KEY_ID=${caller}`;
  return [`${caller} may do what ${files.join(", ")} allow, and nothing else: ${how}.`];
}

function read(file: string): AttachedPolicy {
  const text = readFileSync(file, "utf8");
  readPolicy(text, file);
  return { name: basename(file), text };
}

function listed(callers: CallerRecord[]): string[] {
  if (callers.length === 0) return ["Nobody has policies: every access key may do all."];
  return callers.map(({ id, policies }) => `${id}: ${policies.map(({ name }) => name).join(", ")}`);
}

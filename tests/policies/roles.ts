/** The callers of the tests, each with exactly the policies that docs/rights.md gives its role. */
import { basename, join } from "node:path";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Cloud } from "../../local/cloud/cloud";
import { rights } from "../../local/commands/cloudRights";
import { policyText } from "./policy";

/** Access keys, and the names of their policies. */
export const ROLES = {
  preview: ["preview"],
  up: ["preview", "up"],
  "preview-live": ["preview", "preview-live-source"],
  "up-live": ["preview", "up", "preview-live-source", "up-live-source"],
  "up-groups": ["preview", "up", "up-change-groups"],
  "up-narrow": ["preview", "up-narrow", "preview-live-source", "up-live-source"],
  preflight: ["preview", "up", "preflight"],
  sweep: ["sweep"],
} as const;

export type RoleName = keyof typeof ROLES;

/** A policy as its user fills it in for the local cloud. `stack`: `project/stack`. */
export function filledIn(name: string, stack = "pv-to-hvm/real"): string {
  return policyText(name)
    .replaceAll("REGION", "us-east-1")
    .replaceAll("ACCOUNT-ID", "000000000000")
    .replaceAll("VPC-ID", "vpc-00000000000000001")
    .replaceAll("SUBNET-ID", "subnet-00000000000000001")
    .replaceAll("PROJECT/STACK", stack);
}

/** From now on these access keys may do what their policies say, by the command that a user gives. */
export async function giveRoles(cloud: Cloud, names = Object.keys(ROLES) as RoleName[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "roles-"));
  const fileOf = (policy: string) => {
    const file = join(folder, `${basename(policy)}.json`);
    writeFileSync(file, filledIn(policy));
    return file;
  };
  for (const name of names) await rights(cloud, [name, ...ROLES[name].map(fileOf)]);
  rmSync(folder, { recursive: true });
}

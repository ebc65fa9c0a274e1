/** Roles that Pulumi's AWS provider assumes, assumed here as well. */
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { at, isRecord, type Preview, textOf } from "../preview/preview";

/** Keys that are good for a while, as STS gives them. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Credentials of the last role of `aws:assumeRoles`, each assumed with those of the one before; undefined: there is none. */
export async function assumeRoles(
  config: Preview["config"],
  stsWith: (credentials?: Credentials) => STSClient,
): Promise<Credentials | undefined> {
  let credentials: Credentials | undefined;
  for (const role of rolesIn(config)) credentials = await assume(role, stsWith(credentials));
  return credentials;
}

interface Role {
  roleArn: string;
  externalId?: string;
}

function rolesIn(config: Preview["config"]): Role[] {
  const roles = [config["aws:assumeRoles"], config["aws:assumeRole"]].flatMap((json) => listOf(json));
  return roles.flatMap((role) => {
    const roleArn = textOf(at(role, "roleArn"));
    return roleArn === undefined ? [] : [{ roleArn, externalId: textOf(at(role, "externalId")) }];
  });
}

function listOf(json: string | undefined): unknown[] {
  if (json === undefined) return [];
  try {
    const value = JSON.parse(json) as unknown;
    return Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? [value] : [];
  } catch {
    return [];
  }
}

async function assume({ roleArn, externalId }: Role, sts: STSClient): Promise<Credentials> {
  const request = { RoleArn: roleArn, ExternalId: externalId, RoleSessionName: "pv-to-hvm-preflight" };
  const { Credentials: given } = await sts.send(new AssumeRoleCommand(request));
  return {
    accessKeyId: given?.AccessKeyId ?? "",
    secretAccessKey: given?.SecretAccessKey ?? "",
    sessionToken: given?.SessionToken,
  };
}

/** EC2, STS and Service Quotas as a preflight asks them, through the AWS SDK. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { at, isRecord, type Preview, textOf } from "../previewReport/preview";

export interface Clients {
  region: string;
  ec2: EC2Client;
  sts: STSClient;
  quotas: ServiceQuotasClient;
}

/** Keys that are good for a while, as STS gives them. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Throttled calls are tried again this often: a hundred migrations are a few hundred dry runs. AWS_MAX_ATTEMPTS says otherwise. */
const ATTEMPTS = 10;

/** Clients for one region. Without `credentials` those of the environment and the profile, as everywhere in AWS. */
export function openClients(region: string, credentials?: Credentials): Clients {
  // It speaks to those who choose the SDK's version, which is inside the program.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const attempts = process.env.AWS_MAX_ATTEMPTS === undefined ? { maxAttempts: ATTEMPTS } : {};
  const configuration = { region, credentials, ...attempts };
  return {
    region,
    ec2: new EC2Client(configuration),
    sts: new STSClient(configuration),
    quotas: new ServiceQuotasClient(configuration),
  };
}

/**
 * The credentials that the stack's own provider takes, as far as its configuration names them: `aws:profile`, and the roles
 * of `aws:assumeRoles`, one after the other.
 */
export async function credentialsOf({ config }: Preview, region: string): Promise<Credentials | undefined> {
  const profile = config["aws:profile"];
  if (profile !== undefined && profile !== "") process.env.AWS_PROFILE = profile;
  return assumeRoles(config, (credentials) => openClients(region, credentials).sts);
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

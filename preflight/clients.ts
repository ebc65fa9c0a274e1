/** EC2, STS and Service Quotas as a preflight asks them, through the AWS SDK. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import { assumeRoles, type Credentials } from "../cli/aws/roles";
import { awsSettings } from "../cli/aws/settings";
import type { Preview } from "../cli/preview/preview";

export interface Clients {
  region: string;
  ec2: EC2Client;
  sts: STSClient;
  quotas: ServiceQuotasClient;
}

/** Clients for one region. Without `credentials` those of the environment and the profile, as everywhere in AWS. */
export function openClients(region: string, credentials?: Credentials): Clients {
  const configuration = { ...awsSettings(region), credentials };
  return {
    region,
    ec2: new EC2Client(configuration),
    sts: new STSClient(configuration),
    quotas: new ServiceQuotasClient(configuration),
  };
}

/** The profile that the stack's own provider takes, where its configuration names one, is this process's from now on. */
export function takeProfile({ config }: Preview): void {
  const profile = config["aws:profile"];
  if (profile !== undefined && profile !== "") process.env.AWS_PROFILE = profile;
}

/** The credentials of the roles that the stack's own provider assumes (`aws:assumeRoles`). */
export function credentialsOf({ config }: Preview, region: string): Promise<Credentials | undefined> {
  return assumeRoles(config, (credentials) => openClients(region, credentials).sts);
}

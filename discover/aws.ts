/** The clients of AWS' SDK that a fleet is asked by. */
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { awsSettings } from "../cli/aws/settings";

/** Gives credentials, and newer ones when these have expired: inspections may last longer than a session. */
export type Credentials = NonNullable<EC2ClientConfig["credentials"]>;

/** An account, and how it is asked. */
export interface Account {
  /** Twelve digits. */
  id: string;
  /** Absent: those of the environment and the profile, as everywhere in AWS. */
  credentials?: Credentials;
}

export interface Clients {
  accountId: string;
  region: string;
  ec2: EC2Client;
  autoScaling: AutoScalingClient;
}

export function openClients({ id, credentials }: Account, region: string): Clients {
  const configuration = { ...awsSettings(region), credentials };
  return {
    ...{ accountId: id, region },
    ec2: new EC2Client(configuration),
    autoScaling: new AutoScalingClient(configuration),
  };
}

export function closeClients({ ec2, autoScaling }: Clients): void {
  ec2.destroy();
  autoScaling.destroy();
}

/** Credentials of a role, which the caller's own take. */
export function roleCredentials(roleArn: string, region: string): Credentials {
  return fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: "pv-to-hvm-discover" },
    clientConfig: awsSettings(region),
  });
}

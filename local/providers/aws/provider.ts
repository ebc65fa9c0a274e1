import { REGION } from "../../cloud/account";
import type { Cloud } from "../../cloud/cloud";
import type { Properties, Provider } from "../provider";
import { sdkVersion } from "../sdkVersion";
import { ami } from "./ami";
import { Client } from "./client";
import { getKeyPair, getSecurityGroup } from "./getAccess";
import { getAmi, getAmiIds } from "./getAmi";
import { getCallerIdentity, getRegion } from "./getCaller";
import { getInstance } from "./getInstance";
import { getInstances } from "./getInstances";
import { getInstanceType } from "./getInstanceType";
import { getAvailabilityZones, getSubnet, getVpc } from "./getNetwork";
import { getEncryptionByDefault, getInstanceTypeOfferings } from "./getOfferings";
import { getSnapshot } from "./getSnapshot";
import { getVolume } from "./getVolume";
import { instance } from "./instance";
import { instanceState } from "./instanceState";
import { keyPair } from "./keyPair";
import { securityGroup } from "./securityGroup";
import { snapshot } from "./snapshot";
import { volume } from "./volume";
import { volumeAttachment } from "./volumeAttachment";

/** Settings of pulumi-aws that say how AWS is reached: of no meaning where nothing is reached. */
const HARMLESS =
  /^(region|version|accessKey|secretKey|token|profile|skip[A-Z]\w*|s3UsePathStyle|sharedConfigFiles|maxRetries)$/;

/** Stands in for pulumi-aws, as far as a migration uses it, in front of EC2 on this machine. */
export function awsProvider(cloud: Cloud): Provider {
  const client = new Client(cloud);
  return {
    name: "aws",
    version: sdkVersion("aws"),
    configure: (config) => configure(client, config),
    resources: {
      "aws:ebs/snapshot:Snapshot": snapshot(client),
      "aws:ebs/volume:Volume": volume(client),
      "aws:ec2/ami:Ami": ami(client),
      "aws:ec2/instance:Instance": instance(client),
      "aws:ec2/keyPair:KeyPair": keyPair(client),
      "aws:ec2/securityGroup:SecurityGroup": securityGroup(client),
      "aws:ec2/volumeAttachment:VolumeAttachment": volumeAttachment(client),
      "aws:ec2transitgateway/instanceState:InstanceState": instanceState(client),
    },
    functions: {
      "aws:ebs/getEncryptionByDefault:getEncryptionByDefault": inRegion((args) =>
        getEncryptionByDefault(client, args),
      ),
      "aws:ebs/getSnapshot:getSnapshot": inRegion((args) => getSnapshot(client, args)),
      "aws:ebs/getVolume:getVolume": inRegion((args) => getVolume(client, args)),
      "aws:ec2/getAmi:getAmi": inRegion((args) => getAmi(client, args)),
      "aws:ec2/getAmiIds:getAmiIds": inRegion((args) => getAmiIds(client, args)),
      "aws:ec2/getInstance:getInstance": inRegion((args) => getInstance(client, args)),
      "aws:ec2/getInstances:getInstances": inRegion((args) => getInstances(client, args)),
      "aws:ec2/getInstanceType:getInstanceType": inRegion((args) => getInstanceType(client, args)),
      "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": inRegion((args) =>
        getInstanceTypeOfferings(client, args),
      ),
      "aws:ec2/getKeyPair:getKeyPair": inRegion((args) => getKeyPair(client, args)),
      "aws:ec2/getSecurityGroup:getSecurityGroup": inRegion((args) => getSecurityGroup(client, args)),
      "aws:ec2/getSubnet:getSubnet": inRegion((args) => getSubnet(client, args)),
      "aws:ec2/getVpc:getVpc": inRegion((args) => getVpc(client, args)),
      "aws:index/getAvailabilityZones:getAvailabilityZones": inRegion(getAvailabilityZones),
      "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
      "aws:index/getRegion:getRegion": getRegion,
    },
  };
}

/** Every answer of pulumi-aws 7 names its region. */
function inRegion(answer: (args: Properties) => Promise<Properties>) {
  return async (args: Properties) => ({ ...(await answer(args)), region: REGION });
}

async function configure(client: Client, config: Properties): Promise<void> {
  const unknown = Object.keys(config).filter((name) => !HARMLESS.test(name));
  if (unknown.length > 0) {
    throw new Error(
      `aws:${unknown.join(", aws:")}: the local cloud does not have it. Leave it out, or run against EC2.`,
    );
  }
  if (config.region !== undefined && config.region !== REGION) {
    throw new Error(
      `aws:region: the local cloud is ${REGION} only, got ${String(config.region)}. Set it to ${REGION}.`,
    );
  }
  client.limitAttempts(maxRetriesIn(config));
}

/** Provider configuration arrives as text. */
function maxRetriesIn({ maxRetries = 0 }: Properties): number {
  const attempts = Number(maxRetries);
  if (Number.isInteger(attempts) && attempts >= 0) return attempts;
  throw new Error(`aws:maxRetries: must be a whole number of 0 or more, got ${String(maxRetries)}.`);
}

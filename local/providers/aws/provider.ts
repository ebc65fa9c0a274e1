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

/**
 * Stands in for pulumi-aws, as far as a migration uses it: a client of EC2's API and of nothing else. Where EC2 is, its
 * configuration and the environment say.
 */
export function awsProvider(client = new Client()): Provider {
  const inRegion =
    (answer: (client: Client, args: Properties) => Promise<Properties>) => async (args: Properties) =>
      // Every answer of pulumi-aws 7 names its region.
      ({ ...(await answer(client, args)), region: client.region });
  return {
    name: "aws",
    version: sdkVersion("aws"),
    configure: (config) => client.configure(config),
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
      "aws:ebs/getEncryptionByDefault:getEncryptionByDefault": inRegion(getEncryptionByDefault),
      "aws:ebs/getSnapshot:getSnapshot": inRegion(getSnapshot),
      "aws:ebs/getVolume:getVolume": inRegion(getVolume),
      "aws:ec2/getAmi:getAmi": inRegion(getAmi),
      "aws:ec2/getAmiIds:getAmiIds": inRegion(getAmiIds),
      "aws:ec2/getInstance:getInstance": inRegion(getInstance),
      "aws:ec2/getInstances:getInstances": inRegion(getInstances),
      "aws:ec2/getInstanceType:getInstanceType": inRegion(getInstanceType),
      "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": inRegion(getInstanceTypeOfferings),
      "aws:ec2/getKeyPair:getKeyPair": inRegion(getKeyPair),
      "aws:ec2/getSecurityGroup:getSecurityGroup": inRegion(getSecurityGroup),
      "aws:ec2/getSubnet:getSubnet": inRegion(getSubnet),
      "aws:ec2/getVpc:getVpc": inRegion(getVpc),
      "aws:index/getAvailabilityZones:getAvailabilityZones": inRegion(getAvailabilityZones),
      "aws:index/getCallerIdentity:getCallerIdentity": (args) => getCallerIdentity(client, args),
      "aws:index/getRegion:getRegion": (args) => getRegion(client, args),
    },
  };
}

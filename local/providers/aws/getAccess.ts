import { ec2Arn } from "../../cloud/account";
import { Ec2Error } from "../../cloud/errors";
import type { KeyPairRecord } from "../../cloud/keyPairs";
import type { SecurityGroupRecord } from "../../cloud/securityGroups";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { flag, text } from "./values";

/**
 * aws:ec2/getKeyPair:getKeyPair: by name or id. One that is not there is nothing found, in pulumi-aws's words (source: the
 * Terraform provider's data source aws_key_pair).
 */
export async function getKeyPair(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getKeyPair:getKeyPair", args, ["keyName", "keyPairId", "includePublicKey"]);
  const [name, id] = [text(args, "keyName"), text(args, "keyPairId")];
  const found = await client.call("reading EC2 Key Pair", "DescribeKeyPairs", async () =>
    (await client.cloud.keyPairs.list()).filter(
      (pair) => (name ?? pair.keyName) === pair.keyName && (id ?? pair.keyPairId) === pair.keyPairId,
    ),
  );
  return describeKeyPair(onlyOne(found, "EC2 Key Pair"), flag(args, "includePublicKey") ?? false);
}

function describeKeyPair(pair: KeyPairRecord, withKey: boolean): Properties {
  return {
    arn: ec2Arn(`key-pair/${pair.keyName}`),
    createTime: pair.createTime ?? "",
    fingerprint: pair.fingerprint,
    id: pair.keyPairId,
    includePublicKey: withKey,
    keyName: pair.keyName,
    keyPairId: pair.keyPairId,
    keyType: pair.keyType,
    publicKey: withKey ? pair.publicKey : "",
    tags: pair.tags,
  };
}

/**
 * aws:ec2/getSecurityGroup:getSecurityGroup: by id, or by name and VPC. One that is not there is nothing found; an id that is
 * none is refused (source: the Terraform provider's data source aws_security_group).
 */
export async function getSecurityGroup(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getSecurityGroup:getSecurityGroup", args, ["id", "name", "vpcId"]);
  const [id, name, vpcId] = ["id", "name", "vpcId"].map((argument) => text(args, argument));
  const found = await client.call("reading EC2 Security Group", "DescribeSecurityGroups", async () => {
    const all = id === undefined ? await client.cloud.securityGroups.list() : await ofId(client, id);
    return all.filter(
      (group) => (name ?? group.name) === group.name && (vpcId ?? group.vpcId) === group.vpcId,
    );
  });
  return describeGroup(onlyOne(found, "EC2 Security Group"));
}

async function ofId({ cloud }: Client, id: string): Promise<SecurityGroupRecord[]> {
  try {
    return [await cloud.securityGroups.describe(id)];
  } catch (error) {
    if (error instanceof Ec2Error && error.code === "InvalidGroup.NotFound") return [];
    throw error;
  }
}

function describeGroup({ groupId, name, description, vpcId, tags }: SecurityGroupRecord): Properties {
  return { arn: ec2Arn(`security-group/${groupId}`), description, id: groupId, name, tags, vpcId };
}

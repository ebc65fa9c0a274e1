import {
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  type KeyPairInfo,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { shownTags } from "./tagging";
import { filtersOf, flag, text } from "./values";
import { timeOf } from "./volume";

/**
 * aws:ec2/getKeyPair:getKeyPair: by name or id. One that is not there is nothing found, in pulumi-aws's words (source: the
 * Terraform provider's data source aws_key_pair).
 */
export async function getKeyPair(client: Client, args: Properties): Promise<Properties> {
  const known = ["keyName", "keyPairId", "includePublicKey"];
  requireKnownArguments("aws:ec2/getKeyPair:getKeyPair", args, known, client);
  const [name, id] = [text(args, "keyName"), text(args, "keyPairId")];
  const withKey = flag(args, "includePublicKey") ?? false;
  const request = new DescribeKeyPairsCommand({
    IncludePublicKey: withKey,
    KeyNames: name === undefined ? undefined : [name],
    KeyPairIds: id === undefined ? undefined : [id],
  });
  const found = await client.find("reading EC2 Key Pair", request);
  const pair = onlyOne(found?.KeyPairs ?? [], "EC2 Key Pair");
  return { includePublicKey: false, ...args, ...(await describeKeyPair(client, pair, withKey)) };
}

async function describeKeyPair(client: Client, pair: KeyPairInfo, withKey: boolean): Promise<Properties> {
  return {
    arn: await client.arn(`key-pair/${pair.KeyName}`),
    createTime: timeOf(pair.CreateTime),
    fingerprint: pair.KeyFingerprint,
    id: pair.KeyPairId,
    keyName: pair.KeyName,
    keyPairId: pair.KeyPairId,
    keyType: pair.KeyType,
    publicKey: withKey ? pair.PublicKey : "",
    tags: shownTags(pair.Tags),
  };
}

/**
 * aws:ec2/getSecurityGroup:getSecurityGroup: by id, or by name and VPC. One that is not there is nothing found; an id that is
 * none is refused (source: the Terraform provider's data source aws_security_group).
 */
export async function getSecurityGroup(client: Client, args: Properties): Promise<Properties> {
  requireKnownArguments("aws:ec2/getSecurityGroup:getSecurityGroup", args, ["id", "name", "vpcId"], client);
  const id = text(args, "id");
  const request = new DescribeSecurityGroupsCommand({
    Filters: filtersOf({ "group-name": text(args, "name"), "vpc-id": text(args, "vpcId") }),
    GroupIds: id === undefined ? undefined : [id],
  });
  const found = await client.find("reading EC2 Security Group", request);
  return describeGroup(client, onlyOne(found?.SecurityGroups ?? [], "EC2 Security Group"));
}

function describeGroup(client: Client, group: SecurityGroup): Properties {
  const { Description, GroupId, GroupName, OwnerId, Tags, VpcId } = group;
  return {
    arn: `arn:aws:ec2:${client.region}:${OwnerId}:security-group/${GroupId}`,
    description: Description,
    id: GroupId,
    name: GroupName,
    tags: shownTags(Tags),
    vpcId: VpcId,
  };
}

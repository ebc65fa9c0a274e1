/** The actions of EC2's API that the local cloud answers, by EC2's names. */
export const EC2_ACTIONS = [
  "AttachVolume",
  "CreateSecurityGroup",
  "CreateSnapshot",
  "CreateTags",
  "CreateVolume",
  "DeleteKeyPair",
  "DeleteSecurityGroup",
  "DeleteSnapshot",
  "DeleteVolume",
  "DeregisterImage",
  "DescribeImages",
  "DescribeInstanceTypeOfferings",
  "DescribeInstanceTypes",
  "DescribeInstances",
  "DescribeKeyPairs",
  "DescribeSecurityGroups",
  "DescribeSnapshots",
  "DescribeSubnets",
  "DescribeVolumes",
  "DescribeVpcs",
  "DetachVolume",
  "EnableImageDeprecation",
  "GetEbsEncryptionByDefault",
  "ImportKeyPair",
  "ModifyImageAttribute",
  "ModifyInstanceAttribute",
  "ModifySecurityGroupRules",
  "ModifyVolume",
  "RegisterImage",
  "RunInstances",
  "StartInstances",
  "StopInstances",
  "TerminateInstances",
] as const;

export type Ec2Action = (typeof EC2_ACTIONS)[number];

/** Refuses a name that is no action of the local cloud's. */
export function requireEc2Action(name: string): asserts name is Ec2Action {
  if ((EC2_ACTIONS as readonly string[]).includes(name)) return;
  throw new Error(`${name}: the local cloud has no such action. It has ${EC2_ACTIONS.join(", ")}.`);
}

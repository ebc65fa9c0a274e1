/** The actions of EC2's API that the local cloud answers, by EC2's names. */
export const EC2_ACTIONS = [
  "AssociateIamInstanceProfile",
  "AttachVolume",
  "AuthorizeSecurityGroupEgress",
  "AuthorizeSecurityGroupIngress",
  "CreateLaunchTemplate",
  "CreateLaunchTemplateVersion",
  "CreateSecurityGroup",
  "CreateSnapshot",
  "CreateTags",
  "CreateVolume",
  "DeleteKeyPair",
  "DeleteLaunchTemplate",
  "DeleteSecurityGroup",
  "DeleteSnapshot",
  "DeleteTags",
  "DeleteVolume",
  "DeregisterImage",
  "DescribeAccountAttributes",
  "DescribeAddresses",
  "DescribeAvailabilityZones",
  "DescribeIamInstanceProfileAssociations",
  "DescribeImageAttribute",
  "DescribeImages",
  "DescribeInstanceAttribute",
  "DescribeInstanceCreditSpecifications",
  "DescribeInstanceStatus",
  "DescribeInstanceTypeOfferings",
  "DescribeInstanceTypes",
  "DescribeInstances",
  "DescribeInternetGateways",
  "DescribeKeyPairs",
  "DescribeLaunchTemplateVersions",
  "DescribeLaunchTemplates",
  "DescribeNatGateways",
  "DescribeNetworkInterfaces",
  "DescribeRegions",
  "DescribeRouteTables",
  "DescribeSecurityGroupRules",
  "DescribeSecurityGroups",
  "DescribeSnapshotTierStatus",
  "DescribeSnapshots",
  "DescribeSubnets",
  "DescribeTags",
  "DescribeVolumes",
  "DescribeVolumesModifications",
  "DescribeVpcAttribute",
  "DescribeVpcBlockPublicAccessOptions",
  "DescribeVpcEndpoints",
  "DescribeVpcs",
  "DetachVolume",
  "DisableEbsEncryptionByDefault",
  "DisableImage",
  "DisableImageDeprecation",
  "DisassociateIamInstanceProfile",
  "EnableEbsEncryptionByDefault",
  "EnableImage",
  "EnableImageDeprecation",
  "GetConsoleOutput",
  "GetEbsDefaultKmsKeyId",
  "GetEbsEncryptionByDefault",
  "GetInstanceMetadataDefaults",
  "GetInstanceUefiData",
  "ImportKeyPair",
  "ModifyEbsDefaultKmsKeyId",
  "ModifyImageAttribute",
  "ModifyInstanceAttribute",
  "ModifyInstanceCreditSpecification",
  "ModifyInstanceMaintenanceOptions",
  "ModifyInstanceMetadataDefaults",
  "ModifyInstanceMetadataOptions",
  "ModifyLaunchTemplate",
  "ModifyNetworkInterfaceAttribute",
  "ModifySecurityGroupRules",
  "ModifySnapshotTier",
  "ModifyVolume",
  "ModifyVpcBlockPublicAccessOptions",
  "MonitorInstances",
  "RegisterImage",
  "ReplaceIamInstanceProfileAssociation",
  "ResetEbsDefaultKmsKeyId",
  "RestoreSnapshotTier",
  "RevokeSecurityGroupEgress",
  "RevokeSecurityGroupIngress",
  "RunInstances",
  "StartInstances",
  "StopInstances",
  "TerminateInstances",
  "UnmonitorInstances",
] as const;

export type Ec2Action = (typeof EC2_ACTIONS)[number];

/** Those of EBS' direct APIs. */
export const EBS_ACTIONS = ["GetSnapshotBlock", "ListChangedBlocks", "ListSnapshotBlocks"] as const;

export type EbsAction = (typeof EBS_ACTIONS)[number];

/** Refuses a name that is no action of the local cloud's. */
export function requireAction(name: string): asserts name is Ec2Action | EbsAction {
  const known: readonly string[] = [...EC2_ACTIONS, ...EBS_ACTIONS];
  if (known.includes(name)) return;
  throw new Error(`${name}: the local cloud has no such action. It has ${known.join(", ")}.`);
}

/** Whether it is the name of an action that the local cloud has. */
export function isEc2Action(name: string): name is Ec2Action {
  return (EC2_ACTIONS as readonly string[]).includes(name);
}

/** How the local cloud answers each action of EC2's that it has. */
import type { Ec2Action } from "../../cloud/actions";
import type { Action } from "../action";
import * as images from "./images";
import * as instanceAttributes from "./instanceAttributes";
import * as instanceOptions from "./instanceOptions";
import * as instanceTypes from "./instanceTypes";
import * as instances from "./instances";
import * as keyPairs from "./keyPairs";
import * as launchTemplates from "./launchTemplates";
import * as networks from "./networks";
import * as places from "./places";
import * as securityGroupRules from "./securityGroupRules";
import * as securityGroups from "./securityGroups";
import * as settings from "./settings";
import * as snapshotTiers from "./snapshotTiers";
import * as snapshots from "./snapshots";
import * as tags from "./tags";
import * as volumes from "./volumes";

/** What a request asks for is held against EC2's model before it comes here: see `model/`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each has types of its own, by EC2's model
export const ACTIONS: Record<Ec2Action, Action<any>> = {
  AssociateIamInstanceProfile: instanceOptions.associateIamInstanceProfile,
  AttachVolume: volumes.attachVolume,
  AuthorizeSecurityGroupEgress: securityGroupRules.authorizeSecurityGroupEgress,
  AuthorizeSecurityGroupIngress: securityGroupRules.authorizeSecurityGroupIngress,
  CreateLaunchTemplate: launchTemplates.createLaunchTemplate,
  CreateLaunchTemplateVersion: launchTemplates.createLaunchTemplateVersion,
  CreateSecurityGroup: securityGroups.createSecurityGroup,
  CreateSnapshot: snapshots.createSnapshot,
  CreateTags: tags.createTags,
  CreateVolume: volumes.createVolume,
  DeleteKeyPair: keyPairs.deleteKeyPair,
  DeleteLaunchTemplate: launchTemplates.deleteLaunchTemplate,
  DeleteSecurityGroup: securityGroups.deleteSecurityGroup,
  DeleteSnapshot: snapshots.deleteSnapshot,
  DeleteTags: tags.deleteTags,
  DeleteVolume: volumes.deleteVolume,
  DeregisterImage: images.deregisterImage,
  DescribeAccountAttributes: places.describeAccountAttributes,
  DescribeAddresses: networks.describeAddresses,
  DescribeAvailabilityZones: places.describeAvailabilityZones,
  DescribeIamInstanceProfileAssociations: instanceOptions.describeIamInstanceProfileAssociations,
  DescribeImageAttribute: images.describeImageAttribute,
  DescribeImages: images.describeImages,
  DescribeInstanceAttribute: instanceAttributes.describeInstanceAttribute,
  DescribeInstanceCreditSpecifications: instanceAttributes.describeInstanceCreditSpecifications,
  DescribeInstanceStatus: instances.describeInstanceStatus,
  DescribeInstanceTypeOfferings: instanceTypes.describeInstanceTypeOfferings,
  DescribeInstanceTypes: instanceTypes.describeInstanceTypes,
  DescribeInstances: instances.describeInstances,
  DescribeInternetGateways: networks.describeInternetGateways,
  DescribeKeyPairs: keyPairs.describeKeyPairs,
  DescribeLaunchTemplateVersions: launchTemplates.describeLaunchTemplateVersions,
  DescribeLaunchTemplates: launchTemplates.describeLaunchTemplates,
  DescribeNatGateways: networks.describeNatGateways,
  DescribeNetworkInterfaces: instances.describeNetworkInterfaces,
  DescribeRegions: places.describeRegions,
  DescribeRouteTables: networks.describeRouteTables,
  DescribeSecurityGroupRules: securityGroupRules.describeSecurityGroupRules,
  DescribeSecurityGroups: securityGroups.describeSecurityGroups,
  DescribeSnapshotTierStatus: snapshotTiers.describeSnapshotTierStatus,
  DescribeSnapshots: snapshots.describeSnapshots,
  DescribeSubnets: networks.describeSubnets,
  DescribeTags: tags.describeTags,
  DescribeVolumes: volumes.describeVolumes,
  DescribeVolumesModifications: volumes.describeVolumesModifications,
  DescribeVpcAttribute: networks.describeVpcAttribute,
  DescribeVpcBlockPublicAccessOptions: settings.describeVpcBlockPublicAccessOptions,
  DescribeVpcEndpoints: networks.describeVpcEndpoints,
  DescribeVpcs: networks.describeVpcs,
  DetachVolume: volumes.detachVolume,
  DisableEbsEncryptionByDefault: settings.disableEbsEncryptionByDefault,
  DisableImage: images.disableImage,
  DisableImageDeprecation: images.disableImageDeprecation,
  DisassociateIamInstanceProfile: instanceOptions.disassociateIamInstanceProfile,
  EnableEbsEncryptionByDefault: settings.enableEbsEncryptionByDefault,
  EnableImage: images.enableImage,
  EnableImageDeprecation: images.enableImageDeprecation,
  GetConsoleOutput: instances.getConsoleOutput,
  GetEbsDefaultKmsKeyId: settings.getEbsDefaultKmsKeyId,
  GetEbsEncryptionByDefault: settings.getEbsEncryptionByDefault,
  GetInstanceMetadataDefaults: settings.getInstanceMetadataDefaults,
  GetInstanceUefiData: instances.getInstanceUefiData,
  ImportKeyPair: keyPairs.importKeyPair,
  ModifyEbsDefaultKmsKeyId: settings.modifyEbsDefaultKmsKeyId,
  ModifyImageAttribute: images.modifyImageAttribute,
  ModifyInstanceAttribute: instanceAttributes.modifyInstanceAttribute,
  ModifyInstanceCreditSpecification: instanceAttributes.modifyInstanceCreditSpecification,
  ModifyInstanceMaintenanceOptions: instanceOptions.modifyInstanceMaintenanceOptions,
  ModifyInstanceMetadataDefaults: settings.modifyInstanceMetadataDefaults,
  ModifyInstanceMetadataOptions: instanceAttributes.modifyInstanceMetadataOptions,
  ModifyLaunchTemplate: launchTemplates.modifyLaunchTemplate,
  ModifyNetworkInterfaceAttribute: instanceOptions.modifyNetworkInterfaceAttribute,
  ModifySecurityGroupRules: securityGroupRules.modifySecurityGroupRules,
  ModifySnapshotTier: snapshotTiers.modifySnapshotTier,
  ModifyVolume: volumes.modifyVolume,
  ModifyVpcBlockPublicAccessOptions: settings.modifyVpcBlockPublicAccessOptions,
  MonitorInstances: instanceOptions.monitorInstances,
  RegisterImage: images.registerImage,
  ReplaceIamInstanceProfileAssociation: instanceOptions.replaceIamInstanceProfileAssociation,
  ResetEbsDefaultKmsKeyId: settings.resetEbsDefaultKmsKeyId,
  RestoreSnapshotTier: snapshotTiers.restoreSnapshotTier,
  RevokeSecurityGroupEgress: securityGroupRules.revokeSecurityGroupEgress,
  RevokeSecurityGroupIngress: securityGroupRules.revokeSecurityGroupIngress,
  RunInstances: instances.runInstances,
  StartInstances: instances.startInstances,
  StopInstances: instances.stopInstances,
  TerminateInstances: instances.terminateInstances,
  UnmonitorInstances: instanceOptions.unmonitorInstances,
};

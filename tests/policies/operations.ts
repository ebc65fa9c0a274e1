/**
 * Which EC2 actions pulumi-aws 7 calls for each resource and look-up of a migration: read in the source of the Terraform
 * provider that it wraps (internal/service/ec2, one file a resource), for the inputs that a migration gives. A type, an
 * input or a look-up without a row here fails the tests of the policies.
 */

/** What one type of resource calls. */
export interface Operations {
  create: string[];
  read: string[];
  /** What a change of an input in place calls; an input that replaces the resource calls nothing of its own. */
  update: { [input: string]: string[] };
  delete: string[];
}

const TAGS = ["CreateTags", "DeleteTags"];
/** modifyInstanceAttributeWithStopStart */
const STOP_CHANGE_START = ["StopInstances", "ModifyInstanceAttribute", "StartInstances"];

/** The read of an instance asks for its volumes, its VPC (is it the default one?), its type and, of T types, its credits. */
const READ_INSTANCE = [
  "DescribeInstances",
  "DescribeInstanceAttribute",
  "DescribeInstanceCreditSpecifications",
  "DescribeInstanceTypes",
  "DescribeVolumes",
  "DescribeVpcs",
];

export const RESOURCES: { [type: string]: Operations } = {
  "aws:ebs/snapshot:Snapshot": {
    create: ["CreateSnapshot", "CreateTags", "DescribeSnapshots"],
    read: ["DescribeSnapshots"],
    update: { volumeId: [], description: [], tags: TAGS },
    delete: ["DeleteSnapshot"],
  },
  "aws:ebs/volume:Volume": {
    create: ["CreateVolume", "CreateTags", "DescribeVolumes"],
    read: ["DescribeVolumes"],
    update: {
      availabilityZone: [],
      snapshotId: [],
      encrypted: [],
      kmsKeyId: [],
      size: ["ModifyVolume"],
      type: ["ModifyVolume"],
      tags: TAGS,
    },
    delete: ["DeleteVolume", "DescribeVolumes"],
  },
  "aws:ec2/ami:Ami": {
    // Its tags follow once it is registered. The read also asks for GetInstanceUefiData, with the id of the image: EC2
    // refuses that always, and the refusal is passed over.
    create: ["RegisterImage", "CreateTags", "DescribeImages"],
    read: ["DescribeImages"],
    update: {
      ...Object.fromEntries(
        [
          ...["name", "architecture", "virtualizationType", "bootMode", "enaSupport", "sriovNetSupport"],
          ...["rootDeviceName", "ebsBlockDevices"],
        ].map((input) => [input, []]),
      ),
      description: ["ModifyImageAttribute"],
      tags: TAGS,
    },
    delete: ["DeregisterImage", "DescribeImages"],
  },
  "aws:ec2/instance:Instance": {
    // The name of the root device is the image's; the tags of the root volume follow once the instance is there.
    create: ["RunInstances", "CreateTags", "DescribeImages", ...READ_INSTANCE],
    read: READ_INSTANCE,
    update: {
      ami: [],
      subnetId: [],
      keyName: [],
      associatePublicIpAddress: [],
      cpuOptions: [],
      instanceType: STOP_CHANGE_START,
      userData: STOP_CHANGE_START,
      vpcSecurityGroupIds: ["ModifyNetworkInterfaceAttribute"],
      metadataOptions: ["ModifyInstanceMetadataOptions"],
      "rootBlockDevice.encrypted": [],
      "rootBlockDevice.volumeSize": ["ModifyVolume"],
      "rootBlockDevice.volumeType": ["ModifyVolume"],
      "rootBlockDevice.tags": TAGS,
      tags: TAGS,
    },
    // It takes the termination protection away first, whether there is one or not.
    delete: ["ModifyInstanceAttribute", "TerminateInstances", "DescribeInstances"],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    // A new group lets everything out: that rule is revoked before the group's own are made.
    create: [
      ...["CreateSecurityGroup", "CreateTags", "DescribeSecurityGroups", "RevokeSecurityGroupEgress"],
      ...["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress"],
    ],
    read: ["DescribeSecurityGroups"],
    update: {
      description: [],
      vpcId: [],
      ingress: ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"],
      egress: ["AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"],
      tags: TAGS,
    },
    // It looks for network interfaces that Lambda and others have left in the group.
    delete: ["DescribeNetworkInterfaces", "DeleteSecurityGroup", "DescribeSecurityGroups"],
  },
  "aws:ec2/volumeAttachment:VolumeAttachment": {
    create: ["DescribeVolumes", "DescribeInstances", "AttachVolume"],
    read: ["DescribeVolumes"],
    update: { instanceId: [], volumeId: [], deviceName: [] },
    delete: ["DetachVolume", "DescribeVolumes"],
  },
  "aws:ec2transitgateway/instanceState:InstanceState": {
    create: ["StartInstances", "StopInstances", "DescribeInstances"],
    read: ["DescribeInstances"],
    update: { instanceId: [], state: ["StartInstances", "StopInstances"] },
    delete: [],
  },
};

/** What each look-up calls. */
export const LOOKUPS: { [token: string]: string[] } = {
  "aws:ebs/getSnapshot:getSnapshot": ["DescribeSnapshots"],
  "aws:ebs/getVolume:getVolume": ["DescribeVolumes"],
  "aws:ec2/getAmi:getAmi": ["DescribeImages"],
  "aws:ec2/getAmiIds:getAmiIds": ["DescribeImages"],
  "aws:ec2/getInstance:getInstance": READ_INSTANCE,
  "aws:ec2/getInstances:getInstances": ["DescribeInstances"],
  "aws:ec2/getInstanceType:getInstanceType": ["DescribeInstanceTypes"],
  "aws:ec2/getKeyPair:getKeyPair": ["DescribeKeyPairs"],
  "aws:ec2/getSecurityGroup:getSecurityGroup": ["DescribeSecurityGroups"],
  "aws:ec2/getSubnet:getSubnet": ["DescribeSubnets"],
};

/** The providers whose resources call no AWS. */
export const WITHOUT_AWS = ["command:", "tls:", "pv-to-hvm:", "pulumi:"];

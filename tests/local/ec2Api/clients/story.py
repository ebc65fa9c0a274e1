"""A migration's requests by boto3, with its waiters and paginators. Prints what came of each as JSON."""

import json
import sys

import boto3
import botocore.exceptions

ec2 = boto3.client("ec2")
told = {}
QUICKLY = {"Delay": 1, "MaxAttempts": 30}


def wait(name, **what):
    ec2.get_waiter(name).wait(**what, WaiterConfig=QUICKLY)


def refusal(call, **parameters):
    try:
        call(**parameters)
    except botocore.exceptions.ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return None


def tagged(kind):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": f"the {kind}"}]}]


told["caller"] = boto3.client("sts").get_caller_identity()["Arn"]
told["regions"] = [each["RegionName"] for each in ec2.describe_regions()["Regions"]]

# A disk, and an image of it.
volume = ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, TagSpecifications=tagged("volume"))["VolumeId"]
wait("volume_available", VolumeIds=[volume])
snapshot = ec2.create_snapshot(VolumeId=volume, Description="d", TagSpecifications=tagged("snapshot"))["SnapshotId"]
wait("snapshot_completed", SnapshotIds=[snapshot])
image = ec2.register_image(
    Name="by boto3",
    Architecture="x86_64",
    VirtualizationType="hvm",
    RootDeviceName="/dev/xvda",
    EnaSupport=True,
    BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot}}],
)["ImageId"]
wait("image_available", ImageIds=[image])

# What a machine is let in by.
key = ec2.import_key_pair(KeyName="boto3", PublicKeyMaterial=sys.argv[1].encode())
wait("key_pair_exists", KeyNames=["boto3"])
group = ec2.create_security_group(GroupName="boto3", Description="d")["GroupId"]
wait("security_group_exists", GroupIds=[group])
ssh = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "192.0.2.0/24"}]}]
ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=ssh)
told["twice"] = refusal(ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=ssh)
[shown] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
told["group"] = [len(shown["IpPermissions"]), shown["IpPermissionsEgress"][0]["IpProtocol"]]

# A machine.
launch = dict(
    ImageId=image,
    InstanceType="t3.micro",
    MinCount=1,
    MaxCount=1,
    KeyName="boto3",
    SecurityGroupIds=[group],
    UserData="#!/bin/sh\n",
    TagSpecifications=tagged("instance") + tagged("volume"),
)
told["dry"] = refusal(ec2.run_instances, **launch, DryRun=True)
instance = ec2.run_instances(**launch, ClientToken="once")["Instances"][0]["InstanceId"]
told["again"] = ec2.run_instances(**launch, ClientToken="once")["Instances"][0]["InstanceId"] == instance
told["other"] = refusal(ec2.run_instances, **{**launch, "InstanceType": "t3.small"}, ClientToken="once")
wait("instance_running", InstanceIds=[instance])
wait("instance_status_ok", InstanceIds=[instance])
ec2.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdf")
wait("volume_in_use", VolumeIds=[volume])
told["in use"] = refusal(ec2.delete_volume, VolumeId=volume)
described = boto3.resource("ec2").Instance(instance)
told["instance"] = {
    "state": described.state["Name"],
    "key": described.key_name,
    "tags": described.tags,
    "devices": sorted(each["DeviceName"] for each in described.block_device_mappings),
    "type": described.instance_type,
    "user data": described.describe_attribute(Attribute="userData")["UserData"]["Value"],
}

# Tags of all kinds, page by page.
ec2.create_tags(Resources=[instance, volume], Tags=[{"Key": "team", "Value": "x"}])
pages = list(ec2.get_paginator("describe_tags").paginate(PaginationConfig={"PageSize": 5}))
told["tags"] = sorted({each["ResourceType"] for page in pages for each in page["Tags"]})
told["pages"] = [len(page["Tags"]) for page in pages]
instances = ec2.get_paginator("describe_instances").paginate(PaginationConfig={"PageSize": 5})
told["found"] = [each["InstanceId"] for page in instances for r in page["Reservations"] for each in r["Instances"]]

# And away.
ec2.stop_instances(InstanceIds=[instance])
wait("instance_stopped", InstanceIds=[instance])
ec2.detach_volume(VolumeId=volume)
wait("volume_available", VolumeIds=[volume])
ec2.terminate_instances(InstanceIds=[instance])
wait("instance_terminated", InstanceIds=[instance])
ec2.deregister_image(ImageId=image)
ec2.delete_snapshot(SnapshotId=snapshot)
ec2.delete_volume(VolumeId=volume)
wait("volume_deleted", VolumeIds=[volume])
ec2.delete_security_group(GroupId=group)
ec2.delete_key_pair(KeyPairId=key["KeyPairId"])
told["gone"] = [
    refusal(ec2.describe_volumes, VolumeIds=[volume]),
    refusal(ec2.describe_images, ImageIds=[image]),
    refusal(ec2.describe_security_groups, GroupIds=[group]),
    refusal(ec2.describe_key_pairs, KeyNames=["boto3"]),
]
told["found"] = told["found"] == [instance]
json.dump(told, sys.stdout, default=str)

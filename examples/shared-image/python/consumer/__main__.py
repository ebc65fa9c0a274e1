"""An instance of the image that another stack publishes."""

import pulumi
from pulumi_aws import ec2

config = pulumi.Config()
publisher = pulumi.StackReference(config.require("publisher"))

instance = ec2.Instance(
    "web",
    # Required: an image that is not published yet is an error here, and not an instance without one.
    ami=publisher.require_output("imageId"),
    instance_type=config.require("instanceType"),
    subnet_id=config.require("subnetId"),
    # Guests this old ask for their metadata without a token.
    metadata_options={"http_endpoint": "enabled", "http_tokens": "optional"},
    tags={"Name": "web"},
    # A new image replaces no running machine by itself. To move on to it: pulumi up --replace <its URN>.
    opts=pulumi.ResourceOptions(ignore_changes=["ami"]),
)

pulumi.export("instanceId", instance.id)

"""An old image, migrated to HVM, and the autoscaling group that runs it."""

import pulumi
import pulumi_pv_to_hvm as pv_to_hvm
from pulumi_aws import autoscaling, ec2

config = pulumi.Config()

migration = pv_to_hvm.PvToHvmMigration(
    "web",
    source={"image_id": config.require("sourceImageId")},
    helper={
        "subnet_id": config.require("helperSubnetId"),
        "allowed_cidrs": config.require_object("allowedCidrs"),
    },
)

template = ec2.LaunchTemplate(
    "web",
    image_id=migration.image_id,
    instance_type=config.require("instanceType"),
    # Guests this old ask for their metadata without a token.
    metadata_options={"http_endpoint": "enabled", "http_tokens": "optional"},
)

# No desired_capacity: what a scaling policy sets would be taken back by the next update.
group = autoscaling.Group(
    "web",
    vpc_zone_identifiers=config.require_object("subnetIds"),
    min_size=config.require_int("minSize"),
    max_size=config.require_int("maxSize"),
    # The version by its number: with "$Latest" nothing of the group changes, and so no refresh begins.
    launch_template={"id": template.id, "version": template.latest_version.apply(str)},
    instance_refresh={
        "strategy": "Rolling",
        "preferences": {
            # Nobody falls below full strength: a new instance is healthy before an old one ends.
            "min_healthy_percentage": 100,
            "max_healthy_percentage": 200,
            # The update does not wait for the refresh. Should it fail, the group goes back to the image before, as long
            # as that is there: README.md says how to keep it.
            "auto_rollback": True,
        },
    },
    tags=[{"key": "Name", "value": "web", "propagate_at_launch": True}],
)

pulumi.export("imageId", migration.image_id)
pulumi.export("groupName", group.name)

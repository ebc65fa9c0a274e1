"""An old image, migrated to HVM, as a new version of a launch template."""

import pulumi
import pulumi_pv_to_hvm as pv_to_hvm
from pulumi_aws import ec2

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
    # Whoever names "$Default" launches the new image from now on. Whoever names "$Latest" does so even without this,
    # tried or not: that is why neither word is handed on below, but the number.
    # Where it is false, the default needs the image before: README.md says how to keep that.
    update_default_version=config.require_bool("makeDefault"),
)

pulumi.export("imageId", migration.image_id)
pulumi.export("launchTemplateId", template.id)
pulumi.export("launchTemplateVersion", template.latest_version)

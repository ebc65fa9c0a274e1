"""An old image, migrated to HVM, for other stacks to run."""

import pulumi
import pulumi_pv_to_hvm as pv_to_hvm

config = pulumi.Config()

migration = pv_to_hvm.PvToHvmMigration(
    "web",
    source={"image_id": config.require("sourceImageId")},
    helper={
        "subnet_id": config.require("helperSubnetId"),
        "allowed_cidrs": config.require_object("allowedCidrs"),
    },
)

# It resolves once the image has booted on the helper: no stack that reads it gets an image which has not.
pulumi.export("imageId", migration.image_id)

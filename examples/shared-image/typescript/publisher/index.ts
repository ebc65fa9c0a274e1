/** An old image, migrated to HVM, for other stacks to run. */
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration } from "pv-to-hvm";

const config = new pulumi.Config();

const migration = new PvToHvmMigration("web", {
  source: { imageId: config.require("sourceImageId") },
  helper: {
    subnetId: config.require("helperSubnetId"),
    allowedCidrs: config.requireObject<string[]>("allowedCidrs"),
  },
});

// It resolves once the image has booted on the helper: no stack that reads it gets an image which has not.
export const imageId = migration.imageId;

/** An old image, migrated to HVM, as a new version of a launch template. */
import { LaunchTemplate } from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration } from "pv-to-hvm";

const config = new pulumi.Config();

/** The template's older versions launch older images: the update that publishes another one deletes none of them. */
const keepOldImages: pulumi.ResourceTransform = ({ name, props, opts }) =>
  ["web-image", "web-snapshot"].includes(name)
    ? { props, opts: { ...opts, retainOnDelete: true } }
    : undefined;

const migration = new PvToHvmMigration(
  "web",
  {
    source: { imageId: config.require("sourceImageId") },
    helper: {
      subnetId: config.require("helperSubnetId"),
      allowedCidrs: config.requireObject<string[]>("allowedCidrs"),
    },
  },
  { transforms: [keepOldImages] },
);

const template = new LaunchTemplate("web", {
  imageId: migration.imageId,
  instanceType: config.require("instanceType"),
  // Guests this old ask for their metadata without a token.
  metadataOptions: { httpEndpoint: "enabled", httpTokens: "optional" },
  // Whoever names "$Default" launches the new image from now on. Whoever names "$Latest" does so even without this, tried
  // or not: that is why neither word is handed on below, but the number.
  updateDefaultVersion: config.requireBoolean("makeDefault"),
});

export const imageId = migration.imageId;
export const launchTemplateId = template.id;
export const launchTemplateVersion = template.latestVersion;

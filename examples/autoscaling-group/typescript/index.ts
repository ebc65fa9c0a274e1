/** An old image, migrated to HVM, and the autoscaling group that runs it. */
import { Group } from "@pulumi/aws/autoscaling";
import { LaunchTemplate } from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration } from "pv-to-hvm";

const config = new pulumi.Config();

/** A refresh that fails goes back to the image before: the update that publishes another one does not delete it. */
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
});

// No desiredCapacity: what a scaling policy sets would be taken back by the next update.
const group = new Group("web", {
  vpcZoneIdentifiers: config.requireObject<string[]>("subnetIds"),
  minSize: config.requireNumber("minSize"),
  maxSize: config.requireNumber("maxSize"),
  // The version by its number: with "$Latest" nothing of the group changes, and so no refresh begins.
  launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
  instanceRefresh: {
    strategy: "Rolling",
    preferences: {
      // Nobody falls below full strength: a new instance is healthy before an old one ends.
      minHealthyPercentage: 100,
      maxHealthyPercentage: 200,
      // The update does not wait for the refresh. Should it fail, the group goes back to the image before.
      autoRollback: true,
    },
  },
  tags: [{ key: "Name", value: "web", propagateAtLaunch: true }],
});

export const imageId = migration.imageId;
export const groupName = group.name;

/** An instance of the image that another stack publishes. */
import { Instance } from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const publisher = new pulumi.StackReference(config.require("publisher"));

const instance = new Instance(
  "web",
  {
    // Required: an image that is not published yet is an error here, and not an instance without one.
    ami: publisher.requireOutput("imageId"),
    instanceType: config.require("instanceType"),
    subnetId: config.require("subnetId"),
    // Guests this old ask for their metadata without a token.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "optional" },
    tags: { Name: "web" },
  },
  // A new image replaces no running machine by itself. To move on to it: pulumi up --replace <its URN>.
  { ignoreChanges: ["ami"] },
);

export const instanceId = instance.id;

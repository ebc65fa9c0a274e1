/** The examples' programs, and what their stacks are configured with on the local cloud. */
import { join } from "node:path";
import { SAMPLE_IMAGE_ID } from "../../local/cloud/seed";

export const LANGUAGES = ["typescript", "python", "go", "yaml"] as const;

export interface Program {
  /** Also that of the file with what it plans: `fixtures/NAME.json`. */
  name: string;
  /** Its folder in this language, below `examples/`. */
  folder(language: string): string;
  /** By name, without the project. */
  config: Record<string, unknown>;
}

/** Of every stack: the local cloud's region. */
export const SETTINGS = { "aws:region": "us-east-1" };

const SUBNET_ID = "subnet-00000000000000001";
const HELPER = { helperSubnetId: SUBNET_ID, allowedCidrs: ["198.18.0.0/15"] };

export const AUTOSCALING_GROUP: Program = {
  name: "autoscaling-group",
  folder: (language) => join("autoscaling-group", language),
  config: { sourceImageId: SAMPLE_IMAGE_ID, ...HELPER, subnetIds: [SUBNET_ID] },
};

export const LAUNCH_TEMPLATE: Program = {
  name: "launch-template",
  folder: (language) => join("launch-template", language),
  config: { sourceImageId: SAMPLE_IMAGE_ID, ...HELPER },
};

export const FLEET: Program = {
  name: "fleet",
  folder: (language) => join("fleet", language),
  config: {
    ...HELPER,
    helpersAtOnce: 2,
    machines: ["web-1", "web-2", "web-3", "database"].map((name) => ({ name, imageId: SAMPLE_IMAGE_ID })),
  },
};

export const PUBLISHER: Program = {
  name: "shared-image-publisher",
  folder: (language) => join("shared-image", language, "publisher"),
  config: { sourceImageId: SAMPLE_IMAGE_ID, ...HELPER },
};

/** Of the stack of the same language's publisher. */
export function consumerOf(publishing: string): Program {
  return {
    name: "shared-image-consumer",
    folder: (language) => join("shared-image", language, "consumer"),
    config: { publisher: `organization/shared-image-publisher/${publishing}`, subnetId: SUBNET_ID },
  };
}

export const PROGRAMS = [AUTOSCALING_GROUP, LAUNCH_TEMPLATE, FLEET, PUBLISHER, consumerOf("typescript")];

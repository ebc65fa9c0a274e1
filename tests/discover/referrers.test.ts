/** Who names an image, where EC2 and Auto Scaling have ways that moto does not make. */
import assert from "node:assert/strict";
import type { LaunchTemplateVersion } from "@aws-sdk/client-ec2";
import { imageIdsIn, indirectIn, referrersIn, type Users, versionsNamedBy } from "../../discover/referrers";

const NOBODY: Users = { instances: [], templates: [], configurations: [], groups: [], fleets: [] };

const version = (VersionNumber: number, ImageId: string, DefaultVersion = false): LaunchTemplateVersion => ({
  ...{ LaunchTemplateId: "lt-1", LaunchTemplateName: "web", VersionNumber, DefaultVersion },
  LaunchTemplateData: { ImageId },
});
const TEMPLATES = [version(2, "ami-2", true), version(3, "ami-3")];
const group = (more: object) => ({
  ...{ AutoScalingGroupName: "group", MinSize: 0, MaxSize: 3, DesiredCapacity: 2, DefaultCooldown: 0 },
  ...{ AvailabilityZones: [], HealthCheckType: "EC2", CreatedTime: new Date(0), ...more },
});
const fleet = (SpotFleetRequestState: "active" | "cancelled_running", config: object) => ({
  ...{ SpotFleetRequestId: "sfr-1", SpotFleetRequestState },
  SpotFleetRequestConfig: { IamFleetRole: "role", TargetCapacity: 1, ...config },
});

/** The images that a group or a fleet alone refers to. */
function namedBy(kind: string, users: Partial<Users>): string[] {
  const found = referrersIn({ ...NOBODY, templates: TEMPLATES, ...users });
  return [...found].flatMap(([id, all]) => (all.some((each) => each.kind === kind) ? [id] : [])).sort();
}

const GROUPS: [what: string, group: object, images: string[]][] = [
  ["the default version, if none is named", { LaunchTemplate: { LaunchTemplateName: "web" } }, ["ami-2"]],
  ["$Latest", { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "$Latest" } }, ["ami-3"]],
  ["a number", { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "3" } }, ["ami-3"]],
  ["a number that was deleted", { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "9" } }, []],
  [
    "a policy of mixed instances, and its overrides",
    {
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: "lt-1", Version: "$Default" },
          Overrides: [
            {
              InstanceType: "m3.large",
              LaunchTemplateSpecification: { LaunchTemplateId: "lt-1", Version: "3" },
            },
            { InstanceType: "c3.large", ImageId: "ami-9" },
          ],
        },
      },
    },
    ["ami-2", "ami-3", "ami-9"],
  ],
];

describe("an Auto Scaling group", () => {
  for (const [what, more, images] of GROUPS) {
    it(`names its images by ${what}`, () =>
      assert.deepEqual(namedBy("Auto Scaling group", { groups: [group(more)] }), images));
  }

  it("that wants no instance is told, and counts as no use", () => {
    const idle = group({ DesiredCapacity: 0, LaunchTemplate: { LaunchTemplateId: "lt-1" } });
    const all = referrersIn({ ...NOBODY, templates: TEMPLATES, groups: [idle] }).get("ami-2");
    assert.deepEqual(
      all?.map(({ isActive }) => isActive),
      [false, false],
    );
  });
});

describe("a spot fleet", () => {
  const config = {
    LaunchSpecifications: [{ ImageId: "ami-8" }],
    LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId: "lt-1", Version: "3" } }],
  };

  it("names images by specifications and by templates", () =>
    assert.deepEqual(namedBy("spot fleet", { fleets: [fleet("active", config)] }), ["ami-3", "ami-8"]));

  it("that was cancelled names none", () =>
    assert.deepEqual(namedBy("spot fleet", { fleets: [fleet("cancelled_running", config)] }), []));
});

describe("a launch template", () => {
  it("is asked for the versions that groups and fleets name, and that are neither the latest nor the default", () => {
    const named = (Version: string) => group({ LaunchTemplate: { LaunchTemplateName: "web", Version } });
    const users = { ...NOBODY, templates: TEMPLATES, groups: ["1", "3", "$Latest", "1"].map(named) };
    assert.deepEqual(versionsNamedBy(users), [{ templateId: "lt-1", versions: ["1"] }]);
  });

  it("that names its image by a parameter is told, and not taken for an image", () => {
    const users = { ...NOBODY, templates: [version(1, "resolve:ssm:/web/image", true)] };
    assert.deepEqual(imageIdsIn(users), []);
    assert.deepEqual(indirectIn(users), [
      "The launch template web, version 1, names its image by resolve:ssm:/web/image, which was not followed.",
    ]);
  });
});

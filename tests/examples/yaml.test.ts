/** The YAML examples: held against the schemas, and previewed by the real engine where Pulumi's YAML host is. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { SAMPLE_IMAGE_ID } from "../../local/cloud/seed";
import { awsSchema, type PackageSpec } from "./aws/schema";
import { AWS_SDK, componentSchema, YAML } from "./languages";
import { declaredIn } from "./plan";
import { assertPlanned } from "./previews";
import { AUTOSCALING_GROUP, FLEET, LAUNCH_TEMPLATE, PROGRAMS, PUBLISHER } from "./programs";
import { has } from "./sdk/toolRun";
import { ROOT, Stage } from "./stage";
import { faultsOfProgram, type YamlProgram } from "./yamlProgram";

describe("the examples in YAML", function () {
  this.timeout(600_000);
  let packages: PackageSpec[];
  before(() => (packages = [JSON.parse(componentSchema()) as PackageSpec, awsSchema(AWS_SDK)]));

  for (const program of PROGRAMS) {
    it(`have in ${program.name} no type, property or reference that there is not`, () => {
      assert.deepEqual(faultsOfProgram(read(program.folder("yaml")), packages), []);
    });
  }

  /** What is broken in the launch template's program, and what is said of it. */
  const broken: [string, (program: YamlProgram) => void, RegExp][] = [
    [
      "a type",
      ({ resources }) => (resources.template.type = "aws:ec2:LaunchTemplat"),
      /template: there is no type/,
    ],
    [
      "a property",
      ({ resources }) => (resources.template.properties.imageID = "x"),
      /template\.imageID: there is no/,
    ],
    [
      "a value",
      ({ resources }) => (resources.template.properties.updateDefaultVersion = "no"),
      /must be of type boolean/,
    ],
    [
      "a nested property",
      ({ resources }) => (resources.migration.properties.source = { imageID: "x" }),
      /source\.imageID/,
    ],
    ["a required input", ({ resources }) => delete resources.migration.properties.helper, /helper: required/],
    [
      "a reference",
      ({ outputs }) => (outputs.imageId = "${migration.imageID}"),
      /\$\{migration.imageID\}: there is no/,
    ],
    [
      "a referred type",
      ({ resources }) => (resources.template.properties.imageId = "${allowedCidrs}"),
      /type string/,
    ],
  ];
  for (const [what, change, expected] of broken) {
    it(`are found out where ${what} is wrong`, () => {
      const program = read(LAUNCH_TEMPLATE.folder("yaml"));
      change(program);
      assert.match(faultsOfProgram(program, packages).join("\n"), expected);
    });
  }

  describe("by the real engine", () => {
    let stage: Stage;
    before(async function () {
      if (!has("pulumi-language-yaml")) {
        console.log("      skipped: Pulumi's YAML host (pulumi-language-yaml) is not here");
        this.skip();
      }
      stage = await Stage.open();
    });
    after(() => stage?.close());

    for (const program of [AUTOSCALING_GROUP, LAUNCH_TEMPLATE, PUBLISHER]) {
      it(`plan the ${program.name} that every language plans`, async () => {
        assertPlanned(program, declaredIn(await stage.preview(program, YAML)));
      });
    }
    it("ask for the fleet's instance, of which the local cloud has none", async () => {
      const { helperSubnetId, allowedCidrs } = FLEET.config;
      const imageIds = [SAMPLE_IMAGE_ID, SAMPLE_IMAGE_ID, SAMPLE_IMAGE_ID];
      const config = { helperSubnetId, allowedCidrs, imageIds, databaseInstanceId: "i-00000000000000001" };
      await assert.rejects(
        stage.preview(FLEET, YAML, config),
        /database: one problem, .*\n.*i-00000000000000001 is not/,
      );
    });
  });
});

function read(folder: string): YamlProgram {
  return parse(readFileSync(join(ROOT, "examples", folder, "Pulumi.yaml"), "utf8")) as YamlProgram;
}

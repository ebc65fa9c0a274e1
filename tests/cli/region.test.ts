/** Which region counts, and what is the name of one. The AWS SDK reads the profile. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { problemsOfRegion, regionOf } from "../../cli/aws/region";
import { checkHelperSubnet } from "../../components/lookups/subnets";
import { parsePreflight } from "../../preflight/commandLine";
import { parseInspect } from "../../snapshots/commandLine";
import { parseSweep } from "../../sweep/commandLine";

describe("a region's name", () => {
  const NAMES = [
    "us-east-1",
    "ap-southeast-4",
    "us-gov-west-1",
    "cn-north-1",
    "us-isob-east-1",
    "eusc-de-east-1",
  ];
  for (const name of NAMES) {
    it(`may be ${name}, for every program and for a helper's subnet`, () => {
      const region = ["--region", name];
      for (const parse of [parseSweep, parsePreflight]) assert.doesNotThrow(() => parse(region));
      assert.doesNotThrow(() => parseInspect(["inspect", "snap-0123456789abcdef0", ...region]));
      const subnet = { id: "subnet-1", availabilityZone: `${name}a`, ipv6Native: false, outpostArn: "" };
      assert.deepEqual(checkHelperSubnet("helper", { ...subnet, ownerId: "1", vpcId: "vpc-1" }), []);
    });
  }

  for (const name of ["", "us-east-1a", "useast1", "US-EAST-1", "us-east-"]) {
    it(`is not ${JSON.stringify(name)}, for any program`, () => {
      const problem = { message: `--region: "${name}" is no region's name. Name one like us-east-1.` };
      for (const parse of [parseSweep, parsePreflight])
        assert.throws(() => parse(["--region", name]), problem);
      assert.throws(() => parseInspect(["inspect", "snap-0123456789abcdef0", "--region", name]), problem);
      assert.deepEqual(problemsOfRegion(name), [problem.message]);
    });
  }
});

describe("the region that is asked", () => {
  const NAMES = [
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_CONFIG_FILE",
    "AWS_PROFILE",
    "AWS_SHARED_CREDENTIALS_FILE",
  ];
  const kept = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "region-"));
    const file = join(folder, "config");
    writeFileSync(file, "[default]\noutput = json\n[profile far]\nregion = eu-north-1\n");
    for (const name of NAMES) delete process.env[name];
    Object.assign(process.env, { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: join(folder, "none") });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const name of NAMES) delete process.env[name];
    for (const [name, value] of Object.entries(kept)) if (value !== undefined) process.env[name] = value;
  });

  const CASES: [what: string, named: string | undefined, env: NodeJS.ProcessEnv, region: string][] = [
    ["the one that is named", "us-west-1", { AWS_REGION: "us-east-1" }, "us-west-1"],
    ["AWS_REGION's", undefined, { AWS_REGION: "us-east-1", AWS_PROFILE: "far" }, "us-east-1"],
    ["AWS_DEFAULT_REGION's", undefined, { AWS_DEFAULT_REGION: "us-east-2", AWS_PROFILE: "far" }, "us-east-2"],
    ["the profile's", undefined, { AWS_PROFILE: "far" }, "eu-north-1"],
    ["the profile's where the stack's is empty", "", { AWS_PROFILE: "far" }, "eu-north-1"],
  ];
  for (const [what, named, env, region] of CASES) {
    it(`is ${what}`, async () => {
      Object.assign(process.env, env);
      assert.equal(await regionOf(named), region);
    });
  }

  it("is asked for where nobody names one", async () => {
    await assert.rejects(regionOf(undefined), {
      message: "no region is known. Name it with --region, or set AWS_REGION.",
    });
  });
});

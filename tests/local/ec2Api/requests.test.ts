import { strict as assert } from "node:assert";
import { request } from "node:http";
import { EC2_ACTIONS } from "../../../local/cloud/actions";
import { ACTIONS } from "../../../local/ec2Api/actions";
import { understand } from "../../../local/ec2Api/door";
import { enumWords } from "../../../local/ec2Api/model/enumWords";
import { findOperation, type Schema } from "../../../local/ec2Api/model/model";
import { type Api, openApi, post, SIGNED } from "./api";
import recorded from "./fixtures/requests.json";

describe("a request to EC2's query API", () => {
  let api: Api;
  before(async () => (api = await openApi()));
  after(() => api.end());

  describe("is held against EC2's model, which", () => {
    it("has every action and every parameter that the local cloud has", () => {
      const strange = EC2_ACTIONS.flatMap((action) => {
        const operation = findOperation(action);
        if (!operation) return [action];
        return ACTIONS[action].takes.filter((path) => !leadsSomewhere(operation.input, path.split(".")));
      });
      assert.deepEqual(strange, []);
    });

    it("names the words of enumerations, of single values and of lists", () => {
      const words = enumWords();
      assert.deepEqual(words.get("EbsBlockDevice.VolumeType"), words.get("CreateVolumeRequest.VolumeType"));
      assert.ok(words.get("EbsBlockDevice.VolumeType")?.includes("gp3"));
      assert.deepEqual(words.get("DescribeInstanceAttributeRequest.Attribute")?.includes("userData"), true);
      assert.equal(words.get("CreateVolumeRequest.SnapshotId"), undefined);
      assert.ok(words.size > 800, `${words.size} members with words`);
    });
  });

  describe("as the real AWS provider sends it for a migration is understood", () => {
    for (const parameters of recorded as unknown as Record<string, string>[]) {
      const { Action, ...rest } = parameters;
      it(`${Action} ${Object.keys(rest).join(" ").slice(0, 100)}`, () => {
        const { action } = understand(new Map(Object.entries(parameters)));
        assert.equal(action, Action);
      });
    }
  });

  const VERSION = "2016-11-15";
  const VOLUME = "vol-00000000000000001";
  const LAUNCH = { Action: "RunInstances", ImageId: "ami-00000000000000001", MinCount: "1", MaxCount: "1" };
  /** Parameters, code, and words of the message. */
  const WRONG: [Record<string, string>, string, RegExp][] = [
    [
      { Action: "CreateVpc", Version: VERSION },
      "InvalidAction",
      /does not have EC2's action CreateVpc.*TerminateInstances/,
    ],
    [{ Action: "RunInstance" }, "InvalidAction", /RunInstance is not valid.*Did you mean RunInstances\?/],
    [{ Action: "toString" }, "InvalidAction", /toString/],
    [{}, "InvalidAction", /not valid/],
    [{ Action: "DeleteVolume" }, "MissingParameter", /VolumeId/],
    [{ Action: "TerminateInstances" }, "MissingParameter", /InstanceId/],
    [{ Action: "RunInstances", MinCount: "1" }, "MissingParameter", /MaxCount/],
    [
      { Action: "DeleteVolume", VolumeId: VOLUME, DryRum: "true" },
      "UnknownParameter",
      /DryRum is not recognized. Did you mean DryRun\?/,
    ],
    [{ Action: "DescribeVolumes", "VolumeIds.1": VOLUME }, "UnknownParameter", /Did you mean VolumeId\?/],
    [{ Action: "DescribeVolumes", "VolumeId.one": VOLUME }, "UnknownParameter", /VolumeId\.one.*VolumeId\.1/],
    [{ Action: "DescribeVolumes", VolumeId: VOLUME }, "UnknownParameter", /Did you mean VolumeId\.1\?/],
    [
      { ...LAUNCH, "BlockDeviceMapping.1.Ebs.VolumSize": "8" },
      "UnknownParameter",
      /Did you mean BlockDeviceMapping\.1\.Ebs\.VolumeSize\?/,
    ],
    [{ ...LAUNCH, "ImageId.1": "ami-1" }, "UnknownParameter", /ImageId\.1/],
    [
      { ...LAUNCH, "LaunchTemplate.LaunchTemplateName": "mine" },
      "Unsupported",
      /does not have the parameter LaunchTemplate\.LaunchTemplateName of RunInstances, which EC2 has/,
    ],
    [{ ...LAUNCH, MaxCount: "one" }, "InvalidParameterValue", /one.*MaxCount.*a number/],
    [{ ...LAUNCH, EbsOptimized: "yes" }, "InvalidParameterValue", /yes.*EbsOptimized.*true or false/],
    [
      { ...LAUNCH, "BlockDeviceMapping.1.Ebs.VolumeType": "gp9" },
      "InvalidParameterValue",
      /gp9.*BlockDeviceMapping\.1\.Ebs\.VolumeType.*gp2, gp3/,
    ],
    [
      { Action: "CreateVolume", AvailabilityZone: "us-east-1a", "TagSpecification.1.ResourceType": "volum" },
      "InvalidParameterValue",
      /volum.*Expected: volume/,
    ],
    [
      {
        ...{ Action: "CreateVolume", AvailabilityZone: "us-east-1a", Size: "1" },
        ...{ "TagSpecification.1.ResourceType": "snapshot", "TagSpecification.1.Tag.1.Key": "a" },
      },
      "InvalidParameterValue",
      /'snapshot' is not a valid taggable resource type/,
    ],
    [
      { Action: "EnableImageDeprecation", ImageId: "ami-1", DeprecateAt: "soon" },
      "InvalidParameterValue",
      /soon/,
    ],
    [
      { Action: "DescribeVolumes", "Filter.1.Name": "colour", "Filter.1.Value.1": "1" },
      "InvalidParameterValue",
      /filter 'colour'/,
    ],
    [{ Action: "DescribeVolumes", MaxResults: "4" }, "InvalidParameterValue", /maxResults.*from 5 to 1000/],
    [{ Action: "DescribeVolumes", MaxResults: "1001" }, "InvalidParameterValue", /1001/],
    [{ Action: "DescribeVolumes", MaxResults: "many" }, "InvalidParameterValue", /many.*MaxResults/],
    [{ Action: "DescribeVolumes", NextToken: "again" }, "InvalidParameterValue", /again.*nextToken/],
    [{ Action: "DescribeVolumes", "VolumeId.1": "vol-xyz" }, "InvalidParameterValue", /vol-xyz/],
    [{ Action: "DescribeImages", "ImageId.1": "ami-xyz" }, "InvalidAMIID.Malformed", /ami-xyz/],
    [{ Action: "DescribeInstances", "InstanceId.1": "ami-1" }, "InvalidInstanceID.Malformed", /ami-1/],
    [
      { Action: "DescribeInstances", "InstanceId.1": "i-12345678" },
      "InvalidInstanceID.NotFound",
      /i-12345678/,
    ],
    [{ Action: "DescribeSubnets", "SubnetId.1": "subnet-12345678" }, "InvalidSubnetID.NotFound", /subnet-/],
    [{ Action: "DescribeVpcs", "VpcId.1": "subnet-12345678" }, "InvalidVpcID.Malformed", /subnet-/],
    [
      { Action: "DescribeRouteTables", "RouteTableId.1": "rtb-12345678" },
      "InvalidRouteTableID.NotFound",
      /rtb/,
    ],
    [{ Action: "DescribeKeyPairs", "KeyName.1": "nobody's" }, "InvalidKeyPair.NotFound", /nobody's/],
    [
      { Action: "DescribeSecurityGroups", "GroupId.1": "sg-12345678" },
      "InvalidGroup.NotFound",
      /sg-12345678/,
    ],
    [{ Action: "DescribeInstanceTypes", "InstanceType.1": "m9.huge" }, "InvalidInstanceType", /m9\.huge/],
    [
      { Action: "CreateTags", "ResourceId.1": "rtb-12345678", "Tag.1.Key": "a", "Tag.1.Value": "b" },
      "InvalidID",
      /rtb-12345678/,
    ],
  ];
  describe("that is wrong is refused by EC2's code:", () => {
    for (const [parameters, code, message] of WRONG) {
      it(`${new URLSearchParams(parameters)}: ${code}`, async () => {
        const { status, text } = await post(api.url, parameters);
        assert.match(text, new RegExp(`<Code>${code}</Code>`));
        assert.match(text.replaceAll("&amp;", "&"), message);
        assert.equal(status, 400);
      });
    }
  });

  describe("is not let in", () => {
    const form = (headers: Record<string, string>) =>
      fetch(api.url, { method: "POST", headers, body: new URLSearchParams({ Action: "DescribeVolumes" }) });

    it("without a signature", async () => {
      const answer = await form({});
      assert.equal(answer.status, 403);
      assert.match(await answer.text(), /MissingAuthenticationToken.*AWS_ACCESS_KEY_ID=local/);
    });

    it("from a page of the web", async () => {
      const answer = await form({ ...SIGNED, origin: "https://example.com" });
      assert.equal(answer.status, 401);
      assert.match(await answer.text(), /https:\/\/example.com/);
    });

    it("from a page of the web that a browser shows, whatever it asks by", async () => {
      const terminate = "Action=TerminateInstances&InstanceId.1=i-00000000000000001";
      const type = "application/x-www-form-urlencoded";
      const quotas = "application/x-amz-json-1.1";
      const target = { "x-amz-target": "ServiceQuotasV20190624.ListServiceQuotas" };
      // What a browser sends by itself: a form of another site's, an image's address, a name that leads here by then, a page without an origin.
      const CASES: [what: string, method: string, path: string, headers: Record<string, string>][] = [
        ["a form", "POST", "/", { origin: "https://example.com", "content-type": type }],
        ["an image", "GET", `/?${terminate}`, { referer: "https://example.com/" }],
        ["a name that was bound anew", "POST", "/", { ...SIGNED, host: "example.com", "content-type": type }],
        ["the same, with a port", "POST", "/", { ...SIGNED, host: "example.com:8080", "content-type": type }],
        ["a name that begins as this machine's", "POST", "/", { ...SIGNED, host: "127.0.0.1.example.com" }],
        ["a page of no origin", "POST", "/", { ...SIGNED, origin: "null", "content-type": type }],
        [
          "a service that speaks JSON",
          "POST",
          "/",
          { ...target, ...SIGNED, host: "example.com", "content-type": quotas },
        ],
        ["the same by a form", "POST", "/", { ...target, origin: "https://example.com" }],
      ];
      for (const [what, method, path, headers] of CASES) {
        const status = await asked(method, path, headers, method === "POST" ? terminate : "");
        assert.ok(status === 401 || status === 403, `${what}: ${status}`);
      }
      assert.deepEqual(api.machines.calls, []);
      // The same question, as a program of this machine asks it: understood, and there is no such instance.
      assert.equal(await asked("POST", "/", { ...SIGNED, "content-type": type }, terminate), 400);
    });

    /** By Node's own client, which sends any Host that it is told; gives the status. */
    function asked(
      method: string,
      path: string,
      headers: Record<string, string>,
      body: string,
    ): Promise<number> {
      return new Promise((resolve, reject) => {
        const asking = request(`${api.url}${path}`, { method, headers }, (answer) => {
          answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
        });
        asking.on("error", reject).end(body);
      });
    }

    it("for a region that there is not", async () => {
      const authorization = SIGNED.authorization.replace("us-east-1", "mars-north-1");
      const answer = await form({ authorization });
      assert.match(await answer.text(), /no region mars-north-1.*us-east-1, us-west-2, eu-central-1/);
    });

    it("where it is longer than any of EC2's", async () => {
      const body = new URLSearchParams({ Action: "RunInstances", UserData: "a".repeat(1024 * 1024) });
      const answer = await fetch(api.url, { method: "POST", headers: SIGNED, body });
      assert.equal(answer.status, 413);
    });
  });
});

/** Whether a path such as `BlockDeviceMappings.Ebs.VolumeSize` is one of a structure's. */
function leadsSomewhere(schema: Schema, [member, ...rest]: string[]): boolean {
  const structure = schema.isListSchema() ? schema.getValueSchema() : schema;
  if (!structure.isStructSchema() || !(member in structure.getMemberSchemas())) return false;
  return rest.length === 0 || leadsSomewhere(structure.getMemberSchema(member), rest);
}

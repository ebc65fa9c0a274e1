/** Launch templates: the same requests to the local cloud and to moto, which nobody here wrote. */
import assert from "node:assert/strict";
import * as ec2 from "@aws-sdk/client-ec2";
import { Command } from "../../discover/command";
import { type Moto, startMoto } from "../../../local/moto";
import { newImage, newSnapshot, pvRequest } from "../cloud/fixture";
import { type Api, openApi } from "./api";

const OLD = "ami-00000000000000001";
const NEW = "ami-00000000000000002";

describe("launch templates", function () {
  this.timeout(120_000);
  let api: Api;
  let moto: Moto;
  let theirs: ec2.EC2Client;
  before(async () => {
    moto = await startMoto();
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    theirs = new ec2.EC2Client({ region: "us-east-1", endpoint: moto.url, credentials });
  });
  beforeEach(async () => (api = await openApi()));
  afterEach(() => api.end());
  after(() => {
    theirs.destroy();
    moto.end();
  });

  const data = (ImageId: string, InstanceType: ec2._InstanceType) => ({ ImageId, InstanceType });
  const shownVersion = (version: ec2.LaunchTemplateVersion = {}) => {
    const { VersionNumber, DefaultVersion, VersionDescription, LaunchTemplateData } = version;
    const { ImageId, InstanceType } = LaunchTemplateData ?? {};
    return [VersionNumber, DefaultVersion, VersionDescription ?? "", ImageId, InstanceType];
  };
  const shown = ({
    LaunchTemplateName,
    DefaultVersionNumber,
    LatestVersionNumber,
    Tags,
  }: ec2.LaunchTemplate) => [LaunchTemplateName, DefaultVersionNumber, LatestVersionNumber, Tags ?? []];

  /** A template with three versions, of which the second is the default; what is then told of it, and after it is gone. */
  async function story(client: ec2.EC2Client): Promise<unknown> {
    const LaunchTemplateName = "old-web";
    const Tags = [{ Key: "team", Value: "web" }];
    const { LaunchTemplate } = await client.send(
      new ec2.CreateLaunchTemplateCommand({
        LaunchTemplateName,
        LaunchTemplateData: data(OLD, "m1.small"),
        TagSpecifications: [{ ResourceType: "launch-template", Tags }],
      }),
    );
    const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId ?? "";
    await client.send(
      new ec2.CreateLaunchTemplateVersionCommand({
        ...{ LaunchTemplateName, VersionDescription: "newer", LaunchTemplateData: data(NEW, "t3.small") },
      }),
    );
    const third = await client.send(
      new ec2.CreateLaunchTemplateVersionCommand({
        ...{ LaunchTemplateId, LaunchTemplateData: data(OLD, "m1.large") },
      }),
    );
    await client.send(new ec2.ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: "2" }));
    const versions = async (more: object) =>
      (await client.send(new ec2.DescribeLaunchTemplateVersionsCommand(more))).LaunchTemplateVersions ?? [];
    const { LaunchTemplates = [] } = await client.send(new ec2.DescribeLaunchTemplatesCommand({}));
    const told = {
      templates: LaunchTemplates.map(shown),
      third: shownVersion(third.LaunchTemplateVersion),
      all: (await versions({ LaunchTemplateId })).map(shownVersion).sort(),
      named: (await versions({ LaunchTemplateName, Versions: ["$Latest"] })).map(shownVersion),
      numbered: (await versions({ LaunchTemplateId, Versions: ["1"] })).map(shownVersion),
    };
    const twice = await refusal(
      client.send(
        new ec2.CreateLaunchTemplateCommand({
          LaunchTemplateName,
          LaunchTemplateData: data(OLD, "m1.small"),
        }),
      ),
    );
    await client.send(new ec2.DeleteLaunchTemplateCommand({ LaunchTemplateName }));
    const left = await client.send(new ec2.DescribeLaunchTemplatesCommand({}));
    return { ...told, twice, left: left.LaunchTemplates?.length ?? 0 };
  }

  async function refusal(answer: Promise<unknown>): Promise<string> {
    return answer.then(
      () => "",
      (error: Error) => error.name,
    );
  }

  it("are told as moto tells them", async () => {
    assert.deepEqual(await story(api.client), await story(theirs));
  });

  // moto passes over SourceVersion.
  it("take over what a new version does not say from the one that it is based on", async () => {
    const { client } = api;
    const LaunchTemplateName = "based";
    await client.send(
      new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: data(OLD, "m1.small") }),
    );
    const based = { LaunchTemplateName, SourceVersion: "$Latest" };
    const more = { InstanceType: "m1.large" as const };
    const { LaunchTemplateVersion } = await client.send(
      new ec2.CreateLaunchTemplateVersionCommand({ ...based, LaunchTemplateData: more }),
    );
    assert.deepEqual(shownVersion(LaunchTemplateVersion), [2, false, "", OLD, "m1.large"]);
    await client.send(
      new ec2.CreateTagsCommand({
        Resources: [LaunchTemplateVersion?.LaunchTemplateId ?? ""],
        Tags: [{ Key: "team", Value: "web" }],
      }),
    );
    const { Tags } = await client.send(new ec2.DescribeTagsCommand({}));
    assert.deepEqual(
      Tags?.map(({ ResourceType, Key }) => [ResourceType, Key]),
      [["launch-template", "team"]],
    );
  });

  it("are told of all by their latest and default versions, page by page, each version once", async () => {
    for (let number = 1; number <= 6; number++) {
      const LaunchTemplateName = `web-${number}`;
      await api.client.send(
        new ec2.CreateLaunchTemplateCommand({
          LaunchTemplateName,
          LaunchTemplateData: data(OLD, "m1.small"),
        }),
      );
    }
    const found: (string | undefined)[] = [];
    const pages = ec2.paginateDescribeLaunchTemplateVersions(
      { client: api.client, pageSize: 5 },
      { Versions: ["$Latest", "$Default"] },
    );
    const sizes: number[] = [];
    for await (const { LaunchTemplateVersions = [] } of pages) {
      sizes.push(LaunchTemplateVersions.length);
      found.push(...LaunchTemplateVersions.map(({ LaunchTemplateName }) => LaunchTemplateName));
    }
    assert.deepEqual([sizes, found.sort()], [[5, 1], [1, 2, 3, 4, 5, 6].map((number) => `web-${number}`)]);
  });

  it("are found by discover, which asks who refers to an image", async () => {
    const { snapshotId } = await newSnapshot(api.cloud);
    const { imageId } = await newImage(api.cloud, pvRequest(snapshotId, { name: "old" }));
    const LaunchTemplateData = data(imageId, "m1.small");
    await api.client.send(
      new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: "old-web", LaunchTemplateData }),
    );
    const command = new Command(api.url);
    const { fleet, lines } = await command.fleet();
    command.end();
    const [{ referrers }] = fleet.places[0].images;
    const found = referrers.map(({ kind, name, detail }) => [kind, name, detail]);
    assert.deepEqual(found, [["launch template", "old-web", "version 1 (default)"]], lines.join("\n"));
  });

  it("are refused by EC2's codes", async () => {
    const { client } = api;
    const id = "lt-0123456789abcdef0";
    const create = (LaunchTemplateName: string) =>
      refusal(
        client.send(
          new ec2.CreateLaunchTemplateCommand({
            LaunchTemplateName,
            LaunchTemplateData: data(OLD, "m1.small"),
          }),
        ),
      );
    assert.equal(await create("a b"), "InvalidLaunchTemplateName.MalformedException");
    assert.equal(await create("web"), "");
    const versions = (more: ec2.DescribeLaunchTemplateVersionsCommandInput) =>
      refusal(client.send(new ec2.DescribeLaunchTemplateVersionsCommand(more)));
    assert.equal(await versions({ LaunchTemplateId: id }), "InvalidLaunchTemplateId.NotFound");
    assert.equal(await versions({ LaunchTemplateId: "lt-1" }), "InvalidLaunchTemplateId.Malformed");
    assert.equal(
      await versions({ LaunchTemplateName: "none" }),
      "InvalidLaunchTemplateName.NotFoundException",
    );
    assert.equal(
      await versions({ LaunchTemplateName: "web", Versions: ["9"] }),
      "InvalidLaunchTemplateId.VersionNotFound",
    );
    assert.equal(
      await versions({ LaunchTemplateName: "web", LaunchTemplateId: id }),
      "InvalidParameterCombination",
    );
    assert.equal(await versions({}), "MissingParameter");
    assert.equal(await versions({ Versions: ["1"] }), "MissingParameter");
  });
});

import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID } from "../../cloud/account";
import { Ec2Error } from "../../cloud/errors";
import {
  latestOf,
  type LaunchTemplateRecord,
  type LaunchTemplateVersion,
  versionOf,
} from "../../cloud/launchTemplates";
import { passes } from "../../cloud/tags";
import { type Caller, changing, telling } from "../action";
import { cut, PAGES } from "../pages";
import { date, exactlyOne, filtersOf, required, tagList, tagsFor } from "../values";

/** As EC2 has it for both lists: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html */
const PAGE = 200;

/** What a version may hold here. All of it is told as it was given. */
const DATA = [
  ...["ImageId", "InstanceType", "KeyName", "SecurityGroupIds", "UserData", "EbsOptimized"],
  ...["BlockDeviceMappings", "KernelId", "RamDiskId", "TagSpecifications"],
].map((member) => `LaunchTemplateData.${member}`);

const NAMES = ["LaunchTemplateId", "LaunchTemplateName"];

const FILTERS: Record<string, (record: LaunchTemplateRecord) => string> = {
  "create-time": ({ createTime }) => createTime,
  "launch-template-name": ({ name }) => name,
};

interface Naming {
  LaunchTemplateId?: string;
  LaunchTemplateName?: string;
}

function nameIn({ LaunchTemplateId, LaunchTemplateName }: Naming) {
  exactlyOne({ LaunchTemplateId, LaunchTemplateName });
  return { id: LaunchTemplateId, name: LaunchTemplateName };
}

export const createLaunchTemplate = changing<ec2.CreateLaunchTemplateRequest, ec2.CreateLaunchTemplateResult>(
  ["LaunchTemplateName", "VersionDescription", "TagSpecifications", ...DATA],
  async ({ cloud, caller }, input) => {
    const { LaunchTemplateName: name = "", VersionDescription: description, LaunchTemplateData = {} } = input;
    const tags = tagsFor(input.TagSpecifications, "launch-template")["launch-template"];
    await cloud.launchTemplates.requireFree(name);
    const createdBy = creatorOf(caller);
    return async () => {
      const record = await cloud.launchTemplates.create(
        { name, createdBy, description, tags },
        LaunchTemplateData,
      );
      return { LaunchTemplate: shown(record) };
    };
  },
);

function creatorOf({ accessKeyId }: Caller): string {
  return `arn:aws:iam::${ACCOUNT_ID}:user/${accessKeyId}`;
}

export const createLaunchTemplateVersion = changing<
  ec2.CreateLaunchTemplateVersionRequest,
  ec2.CreateLaunchTemplateVersionResult
>([...NAMES, "SourceVersion", "VersionDescription", ...DATA], async ({ cloud }, input) => {
  const record = await cloud.launchTemplates.describe(nameIn(input));
  const { SourceVersion, VersionDescription: description, LaunchTemplateData = {} } = input;
  const source = SourceVersion === undefined ? {} : versionOf(record, SourceVersion).data;
  const data = { ...source, ...LaunchTemplateData };
  return async () => {
    const added = await cloud.launchTemplates.addVersion(record.launchTemplateId, { description, data });
    return { LaunchTemplateVersion: shownVersion(record, added) };
  };
});

export const modifyLaunchTemplate = changing<ec2.ModifyLaunchTemplateRequest, ec2.ModifyLaunchTemplateResult>(
  [...NAMES, "DefaultVersion"],
  async ({ cloud }, input) => {
    const record = await cloud.launchTemplates.describe(nameIn(input));
    const { version } = versionOf(record, required(input.DefaultVersion, "SetDefaultVersion"));
    return async () => ({
      LaunchTemplate: shown(await cloud.launchTemplates.setDefault(record.launchTemplateId, version)),
    });
  },
);

export const deleteLaunchTemplate = changing<ec2.DeleteLaunchTemplateRequest, ec2.DeleteLaunchTemplateResult>(
  NAMES,
  async ({ cloud }, input) => {
    const record = await cloud.launchTemplates.describe(nameIn(input));
    return async () => {
      await cloud.launchTemplates.delete(record.launchTemplateId);
      return { LaunchTemplate: shown(record) };
    };
  },
);

export const describeLaunchTemplates = telling<
  ec2.DescribeLaunchTemplatesRequest,
  ec2.DescribeLaunchTemplatesResult
>(["LaunchTemplateIds", "LaunchTemplateNames", "Filters", ...PAGES], async ({ cloud }, input) => {
  const { LaunchTemplateIds: ids = [], LaunchTemplateNames: names = [] } = input;
  const named = [
    ...(await Promise.all(ids.map((id) => cloud.launchTemplates.describe({ id })))),
    ...(await Promise.all(names.map((name) => cloud.launchTemplates.describe({ name })))),
  ];
  const all = ids.length + names.length === 0 ? await cloud.launchTemplates.list() : named;
  const filters = filtersOf(input.Filters);
  const found = all.filter((record) => passes(record, filters, FILTERS));
  const { page, NextToken } = cut(found, ({ launchTemplateId }) => launchTemplateId, input, PAGE);
  return { LaunchTemplates: page.map(shown), NextToken };
});

/** Of one template, or the latest and default versions of all. */
export const describeLaunchTemplateVersions = telling<
  ec2.DescribeLaunchTemplateVersionsRequest,
  ec2.DescribeLaunchTemplateVersionsResult
>([...NAMES, "Versions", ...PAGES], async ({ cloud }, input) => {
  const { Versions = [], LaunchTemplateId, LaunchTemplateName } = input;
  const isOne = LaunchTemplateId !== undefined || LaunchTemplateName !== undefined;
  if (!isOne) requireWords(Versions);
  const records = isOne
    ? [await cloud.launchTemplates.describe(nameIn(input))]
    : await cloud.launchTemplates.list();
  const found = records.flatMap((record) =>
    versionsIn(record, Versions).map((version) => ({ record, version })),
  );
  const { page, NextToken } = cut(found, keyOf, input, PAGE);
  return {
    LaunchTemplateVersions: page.map(({ record, version }) => shownVersion(record, version)),
    NextToken,
  };
});

function requireWords(versions: string[]): void {
  if (versions.length > 0 && versions.every((version) => /^\$(Latest|Default)$/.test(version))) return;
  throw new Ec2Error(
    "MissingParameter",
    "When describing the versions of all launch templates, Versions must be $Latest, $Default or both.",
  );
}

/** Each once, though it be the latest and the default one. */
function versionsIn(record: LaunchTemplateRecord, wanted: string[]): LaunchTemplateVersion[] {
  if (wanted.length === 0) return record.versions;
  return [...new Set(wanted.map((version) => versionOf(record, version)))];
}

function keyOf({
  record,
  version,
}: {
  record: LaunchTemplateRecord;
  version: LaunchTemplateVersion;
}): string {
  return `${record.launchTemplateId} ${String(version.version).padStart(9, "0")}`;
}

function shown(record: LaunchTemplateRecord): ec2.LaunchTemplate {
  return {
    LaunchTemplateId: record.launchTemplateId,
    LaunchTemplateName: record.name,
    CreateTime: date(record.createTime),
    CreatedBy: record.createdBy,
    DefaultVersionNumber: record.defaultVersion,
    LatestVersionNumber: latestOf(record),
    Tags: tagList(record.tags),
  };
}

function shownVersion(
  record: LaunchTemplateRecord,
  version: LaunchTemplateVersion,
): ec2.LaunchTemplateVersion {
  return {
    LaunchTemplateId: record.launchTemplateId,
    LaunchTemplateName: record.name,
    VersionNumber: version.version,
    VersionDescription: version.description,
    CreateTime: date(version.createTime),
    CreatedBy: record.createdBy,
    DefaultVersion: version.version === record.defaultVersion,
    LaunchTemplateData: version.data as ec2.ResponseLaunchTemplateData,
  };
}

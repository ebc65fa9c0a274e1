import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { Ec2Error } from "./errors";
import { newId, notFound, requireWellFormed } from "./ids";
import type { Collection, Store } from "./store";
import { requireValidTags, type Tags } from "./tags";

/** What a version launches, in the words of EC2's model. Nothing is launched from it here. */
export type LaunchTemplateData = RequestLaunchTemplateData;

export interface LaunchTemplateVersion {
  /** From 1 on. */
  version: number;
  description?: string;
  createTime: string;
  data: LaunchTemplateData;
}

export interface LaunchTemplateRecord {
  launchTemplateId: string;
  name: string;
  createTime: string;
  createdBy: string;
  defaultVersion: number;
  /** In the order of their numbers. There is always one. */
  versions: LaunchTemplateVersion[];
  tags: Tags;
}

/** A template as a request names it: EC2 wants one of the two. */
export interface LaunchTemplateName {
  id?: string;
  name?: string;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html */
const NAME = /^[a-zA-Z0-9().\-/_]{3,128}$/;

/** Launch templates and their versions: kept and told. */
export class LaunchTemplates {
  private readonly records: Collection<LaunchTemplateRecord>;

  constructor(private readonly store: Store) {
    this.records = store.collection("launch-templates");
  }

  /** Refuses what CreateLaunchTemplate refuses of a name. */
  async requireFree(name: string): Promise<void> {
    if (!NAME.test(name))
      throw new Ec2Error(
        "InvalidLaunchTemplateName.MalformedException",
        "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.",
      );
    if ((await this.list()).some((record) => record.name === name))
      throw new Ec2Error(
        "InvalidLaunchTemplateName.AlreadyExistsException",
        "Launch template name already in use.",
      );
  }

  create(
    {
      name,
      createdBy,
      description,
      tags,
    }: Pick<LaunchTemplateRecord, "name" | "createdBy" | "tags"> & { description?: string },
    data: LaunchTemplateData,
  ): Promise<LaunchTemplateRecord> {
    requireValidTags(tags);
    return this.store.exclusively(async () => {
      await this.requireFree(name);
      const createTime = new Date().toISOString();
      const versions = [{ version: 1, description, createTime, data }];
      const launchTemplateId = newId("launchTemplate");
      const record = { launchTemplateId, name, createTime, createdBy, defaultVersion: 1, versions, tags };
      await this.records.put(launchTemplateId, record);
      return record;
    });
  }

  /** One more version, which is then the latest. */
  addVersion(
    id: string,
    version: Pick<LaunchTemplateVersion, "description" | "data">,
  ): Promise<LaunchTemplateVersion> {
    return this.store.exclusively(async () => {
      const record = await this.describe({ id });
      const added = { ...version, version: latestOf(record) + 1, createTime: new Date().toISOString() };
      await this.records.put(id, { ...record, versions: [...record.versions, added] });
      return added;
    });
  }

  setDefault(id: string, defaultVersion: number): Promise<LaunchTemplateRecord> {
    return this.store.exclusively(async () => {
      const record = { ...(await this.describe({ id })), defaultVersion };
      await this.records.put(id, record);
      return record;
    });
  }

  delete(id: string): Promise<void> {
    return this.store.exclusively(() => this.records.remove(id));
  }

  list(): Promise<LaunchTemplateRecord[]> {
    return this.records.list();
  }

  /** @throws Ec2Error by EC2's code, if there is none */
  async describe({ id, name }: LaunchTemplateName): Promise<LaunchTemplateRecord> {
    if (id !== undefined) requireWellFormed("launchTemplate", id);
    const found = (await this.list()).find((record) =>
      id === undefined ? record.name === name : record.launchTemplateId === id,
    );
    if (found) return found;
    if (id !== undefined) throw notFound("launchTemplate", id);
    throw new Ec2Error(
      "InvalidLaunchTemplateName.NotFoundException",
      `The specified launch template, with template name ${name}, does not exist.`,
    );
  }
}

export function latestOf({ versions }: LaunchTemplateRecord): number {
  return Math.max(...versions.map(({ version }) => version));
}

/** The version of a number, `$Latest` or `$Default`. @throws Ec2Error */
export function versionOf(record: LaunchTemplateRecord, wanted: string): LaunchTemplateVersion {
  const named = { $Latest: latestOf(record), $Default: record.defaultVersion }[wanted];
  const number = named ?? Number(wanted);
  const found = record.versions.find(({ version }) => version === number);
  if (found) return found;
  throw new Ec2Error(
    "InvalidLaunchTemplateId.VersionNotFound",
    `Could not find the specified version ${wanted} for the launch template with ID ${record.launchTemplateId}.`,
  );
}

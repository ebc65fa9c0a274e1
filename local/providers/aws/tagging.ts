/** Tags, as EC2 has them and as pulumi-aws shows them. */
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  type ResourceType,
  type Tag,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import type { Client } from "./client";

export type Tags = Record<string, string>;

/** What a request that makes something says of its tags; nothing where there are none. */
export function tagSpecifications(type: ResourceType, tags: Tags): TagSpecification[] | undefined {
  if (Object.keys(tags).length === 0) return undefined;
  return [{ ResourceType: type, Tags: asList(tags) }];
}

export function asList(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/**
 * What pulumi-aws shows for tags: as given, and with the provider's default tags, of which there are none here. AWS' own
 * (`aws:autoscaling:groupName`) it shows of nothing, be it a resource or looked up (source: terraform-provider-aws,
 * `KeyValueTags.IgnoreAWS`); the filters `tag-key` and `tag:…` find them.
 */
export function tagOutputs(tags: Tag[] | undefined): { tags: Tags; tagsAll: Tags } {
  const shown = shownTags(tags);
  return { tags: shown, tagsAll: shown };
}

export function shownTags(tags: Tag[] = []): Tags {
  const own = tags.filter(({ Key = "" }) => !Key.toLowerCase().startsWith("aws:"));
  return Object.fromEntries(own.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Makes the tags of something what they are to be: takes away what is too much, puts what is new or has another value. */
export async function changeTags(
  client: Client,
  doing: string,
  resourceId: string,
  was: Tags,
  is: Tags,
): Promise<void> {
  const gone = Object.entries(was).filter(([key]) => !(key in is));
  const changed = Object.entries(is).filter(([key, value]) => was[key] !== value);
  const about = (entries: [string, string][]) => ({
    Resources: [resourceId],
    Tags: asList(Object.fromEntries(entries)),
  });
  if (gone.length > 0) await client.call(doing, new DeleteTagsCommand(about(gone)));
  if (changed.length > 0) await client.call(doing, new CreateTagsCommand(about(changed)));
}

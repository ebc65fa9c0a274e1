import type * as ec2 from "@aws-sdk/client-ec2";
import { passes, requireValidTags } from "../../cloud/tags";
import { changing, NOTHING, telling } from "../action";
import { cut, PAGES } from "../pages";
import { filtersOf, tagsOf } from "../values";

/** Each gets all of them; what it has under the same name is overwritten. */
export const createTags = changing<ec2.CreateTagsRequest, object>(
  ["Resources", "Tags"],
  async ({ cloud }, { Resources = [], Tags = [] }) => {
    const added = tagsOf(Tags);
    requireValidTags(added);
    for (const id of Resources) await cloud.tagging.requireTaggable(id);
    return async () => {
      for (const id of Resources) await cloud.tagging.change(id, (tags) => ({ ...tags, ...added }));
      return NOTHING;
    };
  },
);

/** All of a resource's where none is named. A tag that is given with a value goes only where it has that value. */
export const deleteTags = changing<ec2.DeleteTagsRequest, object>(
  ["Resources", "Tags"],
  async ({ cloud }, { Resources = [], Tags }) => {
    for (const id of Resources) await cloud.tagging.requireTaggable(id);
    const goes = (key: string, value: string) =>
      Tags === undefined ||
      Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value));
    return async () => {
      for (const id of Resources) {
        await cloud.tagging.change(id, (tags) =>
          Object.fromEntries(Object.entries(tags).filter(([key, value]) => !goes(key, value))),
        );
      }
      return NOTHING;
    };
  },
);

interface TagRecord {
  key: string;
  value: string;
  resourceId: string;
  resourceType: string;
  tags: Record<string, string>;
}

export const describeTags = telling<ec2.DescribeTagsRequest, ec2.DescribeTagsResult>(
  ["Filters", ...PAGES],
  async ({ cloud }, input) => {
    const filters = filtersOf(input.Filters);
    const all: TagRecord[] = (await cloud.tagging.list()).flatMap(({ resourceId, resourceType, tags }) =>
      Object.entries(tags).map(([key, value]) => ({
        key,
        value,
        resourceId,
        resourceType,
        tags: { [key]: value },
      })),
    );
    const found = all.filter((record) =>
      passes(record, filters, {
        key: ({ key }) => key,
        "resource-id": ({ resourceId }) => resourceId,
        "resource-type": ({ resourceType }) => resourceType,
        value: ({ value }) => value,
      }),
    );
    const { page, NextToken } = cut(found, ({ resourceId, key }) => `${resourceId} ${key}`, input);
    return {
      Tags: page.map(({ key, value, resourceId, resourceType }) => ({
        Key: key,
        Value: value,
        ResourceId: resourceId,
        ResourceType: resourceType as ec2.ResourceType,
      })),
      NextToken,
    };
  },
);

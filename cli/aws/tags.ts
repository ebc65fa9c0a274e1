/** Tags as AWS lists them. Pure. */
import type { Tag } from "@aws-sdk/client-ec2";

/** The value of one tag; undefined if there is none. */
export function tagOf(tags: Tag[] | undefined, key: string): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}

/** All of them, by their keys. */
export function tagsOf(tags: Tag[] = []): { [key: string]: string } {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

import type { TaggedKind } from "../components/resources";

export type Kind = TaggedKind;

/** What is each time removed before the next: EC2 deletes nothing that another one needs. */
export const ORDER: Kind[] = ["instance", "volume", "security group", "image", "snapshot"];

/** Something in EC2 that carries a migration's tags. */
export interface Item {
  kind: Kind;
  id: string;
  /** EC2's word; empty for a security group, which has none. */
  state: string;
  migration: string;
  /** `project/stack`, as the tag says. */
  stack: string;
  conversion: string;
  /** See `RESOURCES`. Absent on what was made before there were roles. */
  role?: string;
  /** Of an instance: its last start. EC2 tells none of a security group. */
  createdAt?: Date;
  /** GiB, of volumes and snapshots. */
  sizeGb?: number;
  /** Of an instance: `t3.small`. */
  instanceType?: string;
  /** Of a volume: the instance that it is on. */
  attachment?: Attachment;
  /** Of an instance: the volumes on it. */
  volumes?: { volumeId: string; deleteOnTermination: boolean }[];
  /** Of an instance. */
  groupIds?: string[];
  /** Of an image: what it was copied from. Tags are copied with it, so they say nothing. */
  copyOf?: string;
}

interface Attachment {
  instanceId: string;
  /** It goes with the instance. */
  deleteOnTermination: boolean;
}

/** One look at a region. */
export interface Inventory {
  items: Item[];
  /** Ids of the account's images, tagged or not, by the id of the snapshot that they start from. */
  imagesOf: Map<string, string[]>;
}

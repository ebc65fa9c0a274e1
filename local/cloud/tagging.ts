import { ACCOUNT_ID } from "./account";
import { Ec2Error } from "./errors";
import { notFound, requireWellFormed, type Kind } from "./ids";
import type { KeyPairRecord } from "./keyPairs";
import { networkOf } from "./network";
import type { Collection, Store } from "./store";
import { requireValidTags, type Tags } from "./tags";

/** What everything that can be tagged has. */
export interface Tagged {
  tags: Tags;
  /** Of what may be another account's: an image, a snapshot. */
  ownerId?: string;
}

/** A resource's tags, and what it is by EC2's word. */
export interface TaggedResource {
  resourceId: string;
  resourceType: string;
  tags: Tags;
}

interface KindOfResource {
  kind: Kind;
  /** EC2's word for it. */
  resourceType: string;
  /** Where its records are. */
  folder: string;
}

/** By the prefix of an id. */
const KINDS: Record<string, KindOfResource> = {
  ami: { kind: "image", resourceType: "image", folder: "images" },
  i: { kind: "instance", resourceType: "instance", folder: "instances" },
  key: { kind: "keyPair", resourceType: "key-pair", folder: "key-pairs" },
  lt: { kind: "launchTemplate", resourceType: "launch-template", folder: "launch-templates" },
  sg: { kind: "securityGroup", resourceType: "security-group", folder: "security-groups" },
  snap: { kind: "snapshot", resourceType: "snapshot", folder: "snapshots" },
  vol: { kind: "volume", resourceType: "volume", folder: "volumes" },
};

/** CreateTags, DeleteTags and DescribeTags: the same for every kind of resource. */
export class Tagging {
  constructor(
    private readonly store: Store,
    private readonly region: string,
  ) {}

  /** Tags and owner of what a request names, by its id or a key pair's name; undefined if it is not there. */
  async find(id: string): Promise<Tagged | undefined> {
    const ofKind = KINDS[id.split("-")[0]];
    const found = ofKind && (await this.recordsIn(ofKind.folder).get(id));
    return found ?? this.inNetwork(id) ?? (await this.keyPairNamed(id));
  }

  private inNetwork(id: string): Tagged | undefined {
    const { vpc, subnets } = networkOf(this.region);
    return vpc.vpcId === id ? vpc : subnets.find(({ subnetId }) => subnetId === id);
  }

  private async keyPairNamed(name: string): Promise<Tagged | undefined> {
    const pairs = await this.store.collection<KeyPairRecord>(KINDS.key.folder).list();
    return pairs.find(({ keyName }) => keyName === name);
  }

  /** @throws Ec2Error for an id that is nobody's, is none, or is somebody else's. */
  async requireTaggable(id: string): Promise<void> {
    const { kind, folder } = kindOf(id);
    requireWellFormed(kind, id);
    requireOwn(id, kind, await this.recordsIn(folder).get(id));
  }

  /** `decide` sees the tags under the lock. */
  change(id: string, decide: (tags: Tags) => Tags): Promise<void> {
    const { kind, folder } = kindOf(id);
    const records = this.recordsIn(folder);
    return this.store.exclusively(async () => {
      const record = requireOwn(id, kind, await records.get(id));
      const tags = decide(record.tags);
      requireValidTags(tags);
      await records.put(id, { ...record, tags });
    });
  }

  /** Of every resource of one's own. */
  async list(): Promise<TaggedResource[]> {
    const lists = Object.values(KINDS).map(async ({ resourceType, folder }) => {
      const ids = await this.recordsIn(folder).ids();
      const records = await Promise.all(ids.map((id) => this.recordsIn(folder).get(id)));
      return records.flatMap((record, index) =>
        record && isOwn(record) ? [{ resourceId: ids[index], resourceType, tags: record.tags }] : [],
      );
    });
    return (await Promise.all(lists)).flat();
  }

  private recordsIn(folder: string): Collection<Tagged> {
    return this.store.collection<Tagged>(folder);
  }
}

function kindOf(id: string): KindOfResource {
  const found = KINDS[id.split("-")[0]];
  if (found) return found;
  throw new Ec2Error(
    "InvalidID",
    `The ID '${id}' is not valid. What has tags here begins with ${Object.keys(KINDS)
      .map((prefix) => `${prefix}-`)
      .join(", ")}`,
  );
}

function requireOwn(id: string, kind: Kind, record?: Tagged): Tagged {
  if (!record) throw notFound(kind, id);
  if (isOwn(record)) return record;
  throw new Ec2Error("AuthFailure", `Not authorized for ${kind}:${id}`);
}

function isOwn({ ownerId }: Tagged): boolean {
  return ownerId === undefined || ownerId === ACCOUNT_ID;
}

import { Ec2Error } from "./errors";
import { newId, notFound } from "./ids";
import { parsePublicKey } from "./openssh";
import type { Collection, Store } from "./store";
import { requireValidTags, type Tags } from "./tags";

export interface KeyPairRecord {
  keyPairId: string;
  keyName: string;
  publicKey: string;
  keyType: "rsa" | "ed25519";
  fingerprint: string;
  /** Absent of a pair that an earlier version of the local cloud keeps. */
  createTime?: string;
  tags: Tags;
}

/** Key pairs: public halves that an instance is given at its launch. */
export class KeyPairs {
  private readonly records: Collection<KeyPairRecord>;

  constructor(private readonly store: Store) {
    this.records = store.collection("key-pairs");
  }

  /** Refuses what ImportKeyPair refuses. */
  async requireImportable(keyName: string, publicKey: string): Promise<void> {
    parsePublicKey(publicKey);
    if (await this.find(keyName)) throw duplicate(keyName);
  }

  /** ImportKeyPair. Names are unique in the region: `InvalidKeyPair.Duplicate`. */
  import(keyName: string, publicKey: string, tags: Tags = {}): Promise<KeyPairRecord> {
    const { type, fingerprint } = parsePublicKey(publicKey);
    requireValidTags(tags);
    return this.store.exclusively(async () => {
      if (await this.find(keyName)) throw duplicate(keyName);
      const keyPairId = newId("keyPair");
      const createTime = new Date().toISOString();
      const material = { publicKey: publicKey.trim(), keyType: type, fingerprint };
      const record = { keyPairId, keyName, ...material, createTime, tags };
      await this.records.put(keyPairId, record);
      return record;
    });
  }

  /** The pair of this name; `InvalidKeyPair.NotFound` where there is none. */
  async describe(keyName: string): Promise<KeyPairRecord> {
    const record = await this.find(keyName);
    if (!record) throw notFound("keyPair", keyName);
    return record;
  }

  async find(keyName: string): Promise<KeyPairRecord | undefined> {
    return (await this.records.list()).find((record) => record.keyName === keyName);
  }

  list(): Promise<KeyPairRecord[]> {
    return this.records.list();
  }

  setTags(keyName: string, tags: Tags): Promise<void> {
    requireValidTags(tags);
    return this.store.exclusively(async () => {
      const record = await this.describe(keyName);
      await this.records.put(record.keyPairId, { ...record, tags });
    });
  }

  /** DeleteKeyPair: EC2 answers well for a name that is not there, and so does this. */
  delete(keyName: string): Promise<void> {
    return this.store.exclusively(async () => {
      const record = await this.find(keyName);
      if (record) await this.records.remove(record.keyPairId);
    });
  }
}

function duplicate(keyName: string): Ec2Error {
  return new Ec2Error("InvalidKeyPair.Duplicate", `The keypair '${keyName}' already exists.`);
}

import type * as ec2 from "@aws-sdk/client-ec2";
import { notFound } from "../../cloud/ids";
import type { KeyPairRecord } from "../../cloud/keyPairs";
import { passes } from "../../cloud/tags";
import { changing, telling } from "../action";
import { date, filtersOf, required, tagList, tagsFor } from "../values";

const FILTERS: Record<string, (pair: KeyPairRecord) => string> = {
  fingerprint: ({ fingerprint }) => fingerprint,
  "key-name": ({ keyName }) => keyName,
  "key-pair-id": ({ keyPairId }) => keyPairId,
};

export const describeKeyPairs = telling<ec2.DescribeKeyPairsRequest, ec2.DescribeKeyPairsResult>(
  ["KeyNames", "KeyPairIds", "Filters", "IncludePublicKey"],
  async ({ cloud }, { KeyNames = [], KeyPairIds = [], Filters, IncludePublicKey }) => {
    const all = await cloud.keyPairs.list();
    const [unknownName] = KeyNames.filter((name) => !all.some(({ keyName }) => keyName === name));
    const [unknownId] = KeyPairIds.filter((id) => !all.some(({ keyPairId }) => keyPairId === id));
    const unknown = unknownName ?? unknownId;
    if (unknown !== undefined) throw notFound("keyPair", unknown);
    const filters = filtersOf(Filters);
    const named = ({ keyName, keyPairId }: KeyPairRecord) =>
      KeyNames.length + KeyPairIds.length === 0 ||
      KeyNames.includes(keyName) ||
      KeyPairIds.includes(keyPairId);
    const found = all.filter(named).filter((pair) => passes(pair, filters, FILTERS));
    return { KeyPairs: found.map((pair) => shown(pair, IncludePublicKey === true)) };
  },
);

function shown(pair: KeyPairRecord, withKey: boolean): ec2.KeyPairInfo {
  return {
    KeyPairId: pair.keyPairId,
    KeyName: pair.keyName,
    KeyType: pair.keyType,
    KeyFingerprint: pair.fingerprint,
    CreateTime: pair.createTime === undefined ? undefined : date(pair.createTime),
    PublicKey: withKey ? pair.publicKey : undefined,
    Tags: tagList(pair.tags),
  };
}

export const importKeyPair = changing<ec2.ImportKeyPairRequest, ec2.ImportKeyPairResult>(
  ["KeyName", "PublicKeyMaterial", "TagSpecifications"],
  async ({ cloud }, { KeyName = "", PublicKeyMaterial = new Uint8Array(), TagSpecifications }) => {
    const tags = tagsFor(TagSpecifications, "key-pair")["key-pair"];
    const publicKey = Buffer.from(PublicKeyMaterial).toString();
    await cloud.keyPairs.requireImportable(KeyName, publicKey);
    return async () => {
      const pair = await cloud.keyPairs.import(KeyName, publicKey, tags);
      return {
        KeyName,
        KeyPairId: pair.keyPairId,
        KeyFingerprint: pair.fingerprint,
        Tags: tagList(pair.tags),
      };
    };
  },
);

/** EC2 answers well for a name that is nobody's, and refuses an id that is. */
export const deleteKeyPair = changing<ec2.DeleteKeyPairRequest, ec2.DeleteKeyPairResult>(
  ["KeyName", "KeyPairId"],
  async ({ cloud }, { KeyName, KeyPairId }) => {
    const all = await cloud.keyPairs.list();
    const named = KeyName || KeyPairId;
    const pair = all.find(({ keyName, keyPairId }) =>
      [keyName, keyPairId].includes(required(named, "KeyName")),
    );
    if (!KeyName && !pair) throw notFound("keyPair", KeyPairId ?? "");
    return async () => {
      if (pair) await cloud.keyPairs.delete(pair.keyName);
      return { Return: true, KeyPairId: pair?.keyPairId };
    };
  },
);

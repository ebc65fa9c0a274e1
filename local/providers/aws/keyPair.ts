import { ec2Arn } from "../../cloud/account";
import type { ResourceHandler } from "../provider";
import type { Client } from "./client";
import { awsResource } from "./resource";
import { requiredText, tagOutputs, tagsIn } from "./values";

/** aws:ec2/keyPair:KeyPair. Its id is its name. */
export function keyPair(client: Client): ResourceHandler {
  const { keyPairs } = client.cloud;
  return awsResource({
    type: "aws:ec2/keyPair:KeyPair",
    required: ["publicKey"],
    optional: ["keyName", "keyNamePrefix", "tags"],
    outputs: ["arn", "fingerprint", "keyPairId", "keyType", "tagsAll"],
    replaces: ["keyName", "keyNamePrefix", "publicKey"],
    autoName: "keyName",

    async create(inputs) {
      const name = requiredText(inputs, "keyName");
      const publicKey = requiredText(inputs, "publicKey");
      await client.call(`importing EC2 Key Pair (${name})`, "ImportKeyPair", () =>
        keyPairs.import(name, publicKey, tagsIn(inputs)),
      );
      return name;
    },

    async show(name, recorded) {
      const record = await client.find(`reading EC2 Key Pair (${name})`, "DescribeKeyPairs", () =>
        keyPairs.describe(name),
      );
      return (
        record && {
          arn: ec2Arn(`key-pair/${name}`),
          fingerprint: record.fingerprint,
          keyName: name,
          keyPairId: record.keyPairId,
          keyType: record.keyType,
          // EC2 trims what it was given; the user's own text is what the next diff is held against.
          publicKey: recorded.publicKey ?? record.publicKey,
          ...tagOutputs(record.tags),
        }
      );
    },

    update: (name, _changed, inputs) =>
      client.call(`updating EC2 Key Pair (${name})`, "CreateTags", () =>
        keyPairs.setTags(name, tagsIn(inputs)),
      ),

    delete: (name) =>
      client.call(`deleting EC2 Key Pair (${name})`, "DeleteKeyPair", () => keyPairs.delete(name)),
  });
}

import {
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  ImportKeyPairCommand,
  type KeyPairInfo,
} from "@aws-sdk/client-ec2";
import type { ResourceHandler } from "../provider";
import type { Client } from "./client";
import { awsResource } from "./resource";
import { tagOutputs, tagSpecifications } from "./tagging";
import { requiredText, tagsIn } from "./values";

/** aws:ec2/keyPair:KeyPair. Its id is its name. */
export function keyPair(client: Client): ResourceHandler {
  return awsResource(client, {
    type: "aws:ec2/keyPair:KeyPair",
    required: ["publicKey"],
    optional: ["keyName", "keyNamePrefix", "tags"],
    outputs: ["arn", "fingerprint", "keyPairId", "keyType", "tagsAll"],
    replaces: ["keyName", "keyNamePrefix", "publicKey"],
    autoName: "keyName",
    tagging: (name) => `updating EC2 Key Pair (${name})`,
    taggedAs: ({ keyPairId }) => String(keyPairId),

    async create(inputs) {
      const name = requiredText(inputs, "keyName");
      const request = {
        KeyName: name,
        PublicKeyMaterial: Buffer.from(requiredText(inputs, "publicKey")),
        TagSpecifications: tagSpecifications("key-pair", tagsIn(inputs)),
      };
      await client.call(`importing EC2 Key Pair (${name})`, new ImportKeyPairCommand(request));
      return name;
    },

    async show(name, recorded) {
      const found = await findKeyPair(client, `reading EC2 Key Pair (${name})`, name);
      return (
        found && {
          arn: await client.arn(`key-pair/${name}`),
          fingerprint: found.KeyFingerprint,
          keyName: name,
          keyPairId: found.KeyPairId,
          keyType: found.KeyType,
          // EC2 is not asked for it; the user's own text is what the next diff is held against.
          ...(recorded.publicKey !== undefined && { publicKey: recorded.publicKey }),
          ...tagOutputs(found.Tags),
        }
      );
    },

    async delete(name) {
      await client.find(`deleting EC2 Key Pair (${name})`, new DeleteKeyPairCommand({ KeyName: name }));
    },
  });
}

async function findKeyPair(client: Client, doing: string, name: string): Promise<KeyPairInfo | undefined> {
  const found = await client.find(doing, new DescribeKeyPairsCommand({ KeyNames: [name] }));
  return found?.KeyPairs?.[0];
}

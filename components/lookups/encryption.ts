import type * as pulumi from "@pulumi/pulumi";
import { getEncryptionByDefault } from "@pulumi/aws/ebs/getEncryptionByDefault";
import { answer } from "./lookups";
import { ask } from "./run";
import type { Note } from "../together/candidate";

/**
 * An account may have every new volume encrypted, whatever is asked for; then `destination.encrypted: false` does nothing, and
 * the image is none that can be made public (https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html). Where
 * EC2 does not say so, nothing is said.
 */
export async function noteOnEncryption(parent: pulumi.Resource): Promise<Note[]> {
  const path = "destination.encrypted";
  const { value } = await answer(path, "EBS encryption by default", ask(getEncryptionByDefault, {}, parent));
  if (!value?.enabled) return [];
  const text =
    `${path} is false, but this account encrypts every new volume of this region (EBS encryption by default): destination, ` +
    "snapshot and image will be encrypted with the account's default key all the same, and the image cannot be made public. " +
    "aws ec2 disable-ebs-encryption-by-default switches it off.";
  return [{ level: "warn", text }];
}

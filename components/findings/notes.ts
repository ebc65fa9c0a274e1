/** What is worth saying of a conversion that is still to be made. */
import * as pulumi from "@pulumi/pulumi";
import { getEncryptionByDefault } from "@pulumi/aws/ebs/getEncryptionByDefault";
import type { LaunchArgs, PvToHvmMigrationArgs } from "../args";
import { MetadataTokens } from "../enums";
import { isKnown } from "../known";
import { answer } from "../lookups/lookups";
import { ask } from "../lookups/run";
import type { Note } from "../together/candidate";

const REFUSED =
  "EC2 refuses optional where the account asks for tokens (HttpTokensEnforced) or a service control policy does";

/** What a launch will ask of who reads the instance's metadata: a refusal of it would come when everything else is done. */
export function noteOnTokens({ metadataTokens }: LaunchArgs): Note[] {
  if (metadataTokens === undefined) {
    const text =
      "launch.metadataTokens is not given: the instance is launched with required where nothing in the guest reads its metadata " +
      `without a token, else with optional. ${REFUSED}: give required then.`;
    return [{ level: "info", text }];
  }
  if (!isKnown(metadataTokens) || metadataTokens === MetadataTokens.Required) return [];
  return [{ level: "info", text: `launch.metadataTokens is optional. ${REFUSED}.` }];
}

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

interface Host {
  hostKey?: unknown;
  jumpHost?: Host;
}

/**
 * The hosts that are dialled without their keys being known, in one line of a preview; nothing in the update that follows. The
 * helper's own key is made with it.
 */
export function noteOnHostKeys(args: PvToHvmMigrationArgs, isPreview = pulumi.runtime.isDryRun()): Note[] {
  const { source, helper, launch } = args;
  const unchecked = [
    ...withoutKey("source.connection", source.connection),
    ...withoutKey("helper.jumpHost", helper.jumpHost),
    ...withoutKey("launch.connection", launch?.connection),
  ];
  if (!isPreview || unchecked.length === 0) return [];
  const text =
    `${unchecked.join(", ")}: no hostKey is given, so whoever answers there is taken for the host. Set hostKey to its public key, ` +
    "the ed25519 or the ecdsa one, not rsa (the command provider then takes SHA-1 signatures alone): ssh-keyscan prints it, and the host's " +
    "own console, or plan.hostKeys for a launch, says whether it is the right one.";
  return [{ level: "warn", text }];
}

function withoutKey(path: string, host: Host | undefined): string[] {
  if (!host) return [];
  const own = host.hostKey === undefined ? [path] : [];
  return [...own, ...withoutKey(`${path}.jumpHost`, host.jumpHost)];
}

import type { LaunchArgs } from "../args";
import { MetadataTokens } from "../enums";
import { isKnown } from "../known";
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

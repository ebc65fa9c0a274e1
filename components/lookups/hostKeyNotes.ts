import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import type { Note } from "../together/candidate";

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

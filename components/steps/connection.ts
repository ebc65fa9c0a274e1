import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/command";
import type { JumpHostArgs } from "../args";
import { dialErrorLimit, DIAL_SECONDS } from "./timeouts";
import type { Host } from "./whereabouts";

type ConnectionArgs = types.input.remote.ConnectionArgs;

/** Whether a machine is reached by its private address: asked for, or implied by a jump host. */
export function isPrivate(args: { usePrivateAddress?: boolean; jumpHost?: JumpHostArgs }): boolean {
  return args.usePrivateAddress ?? args.jumpHost !== undefined;
}

/**
 * A connection to a machine that may still be booting, through a jump host where there is one, and dialled for so many
 * seconds. Where the machine is not there, one dial says why: not by way of the jump host, which would look the sentence up.
 */
export function bootingConnection(
  host: pulumi.Output<Host>,
  login: Omit<ConnectionArgs, "host">,
  jumpHost: JumpHostArgs | undefined,
  seconds: pulumi.Input<number>,
): pulumi.Output<ConnectionArgs> {
  return pulumi
    .all([host, login, jumpHost && proxy(jumpHost), seconds])
    .apply(([{ host: address, isThere }, whoLogsIn, through, patience]) => ({
      ...whoLogsIn,
      host: address,
      perDialTimeout: DIAL_SECONDS,
      dialErrorLimit: isThere ? dialErrorLimit(patience) : 1,
      ...(through && isThere && { proxy: through }),
    }));
}

function proxy({ host, port = 22, user = "root", privateKey, hostKey }: JumpHostArgs) {
  return { host, port, user, hostKey, privateKey: pulumi.secret(privateKey) };
}

import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/command";
import type { JumpHostArgs } from "./args";

type ConnectionArgs = types.input.remote.ConnectionArgs;

/**
 * How often a machine that is still booting is dialled. The default of 10 covers about 11 seconds of a refusing port;
 * an old guest on a small instance takes minutes.
 */
const DIAL_ERROR_LIMIT = 100;

/** Whether a machine is reached by its private address: asked for, or implied by a jump host. */
export function isPrivate(args: { usePrivateAddress?: boolean; jumpHost?: JumpHostArgs }): boolean {
  return args.usePrivateAddress ?? args.jumpHost !== undefined;
}

/** A connection to a machine that may still be booting, through a jump host where there is one. */
export function bootingConnection(args: ConnectionArgs, jumpHost: JumpHostArgs | undefined): ConnectionArgs {
  const connection = { ...args, dialErrorLimit: DIAL_ERROR_LIMIT, perDialTimeout: 15 };
  return jumpHost ? { ...connection, proxy: proxy(jumpHost) } : connection;
}

function proxy({ host, port = 22, user = "root", privateKey, hostKey }: JumpHostArgs) {
  return { host, port, user, hostKey, privateKey: pulumi.secret(privateKey) };
}

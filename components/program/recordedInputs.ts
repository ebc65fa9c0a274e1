import * as pulumi from "@pulumi/pulumi";
import type { HelperArgs, PvToHvmMigrationArgs } from "../args";
import type { Login } from "../findings/foreseen";
import { hasLogin } from "../checks/url";

/** The arguments as they are recorded as the component's inputs: private keys in them are marked secret. */
export function recordedInputs(args: PvToHvmMigrationArgs): pulumi.Inputs {
  // What others do is no input of this migration: it would be a change, and nothing could be registered before.
  const helper = { ...withSecretLogins(args.helper), waitFor: undefined };
  const source = { ...args.source, connection: withSecretKeys(args.source.connection) };
  const { launch: launchArgs } = args;
  const connection = withSecretKeys(launchArgs?.connection);
  return {
    ...args,
    source,
    helper: withSecretKeys(helper),
    launch: launchArgs && { ...launchArgs, connection },
  };
}

/** The helper's arguments, with a URL that has a login in it marked secret. */
function withSecretLogins(helper: HelperArgs): HelperArgs {
  const { proxy, mirror } = helper;
  return {
    ...helper,
    ...(proxy === undefined ? {} : { proxy: hidden(proxy) }),
    ...(mirror === undefined ? {} : { mirror: hidden(mirror) }),
  };
}

/** An output is looked at when it has a value. */
function hidden(url: pulumi.Input<string>): pulumi.Input<string> {
  if (typeof url === "string") return hasLogin(url) ? pulumi.secret(url) : url;
  return pulumi
    .output(url)
    .apply((known) => pulumi.output(typeof known === "string" ? hidden(known) : known));
}

function withSecretKeys<T extends Login | undefined>(args: T): T {
  if (!args) return args;
  const key = args.privateKey === undefined ? {} : { privateKey: pulumi.secret(args.privateKey) };
  const jumpHost = args.jumpHost === undefined ? {} : { jumpHost: withSecretKeys(args.jumpHost) };
  return { ...args, ...key, ...jumpHost };
}

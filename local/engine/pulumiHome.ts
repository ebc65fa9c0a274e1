/** A PULUMI_HOME of the local cloud's own, with its providers installed as plugins. */
import { delimiter, dirname, join } from "node:path";
import { makePrivateFolder } from "../privateFiles";
import type { Engine } from "./engine";
import { installPlugin, type PluginOrigin, type Wanted } from "./plugins";
import { installPolicyAnalyzer } from "./policyAnalyzer";

export type { PluginOrigin } from "./plugins";

export interface HomeOptions {
  /** The checkout: its node_modules has the SDKs, its dist/local the stand-ins. */
  root: string;
  home: string;
  /**
   * Whether the user's own pulumi-aws is taken where there is one. It looks at a state every few seconds, so tests leave it
   * alone. Default false.
   */
  usersAws?: boolean;
}

/** Providers that a migration uses. */
const PROVIDERS = ["aws", "tls", "command"];

/**
 * Which of a provider is wanted. `PV_TO_HVM_PROVIDERS` says it of all: `real`, and nothing else will do, or `stand-in`. Without it
 * tls and command are the user's own where they are there, and so is aws where that is asked for; else the local cloud's stand-ins.
 * @throws Error for another word
 */
function wantedOf(name: string, usersAws: boolean, choice = process.env.PV_TO_HVM_PROVIDERS): Wanted {
  if (choice === "real" || choice === "stand-in") return choice;
  if (choice) {
    throw new Error(
      `PV_TO_HVM_PROVIDERS: must be real or stand-in, got "${choice}". Unset it, and each provider is the real one where it is here.`,
    );
  }
  return name !== "aws" || usersAws ? "real where it is here" : "stand-in";
}

/** Installs every plugin that is missing. Can be run again, and then changes only what differs. */
export function preparePulumiHome(options: HomeOptions): PluginOrigin[] {
  makePrivateFolder(stateFolder(options.home));
  installPolicyAnalyzer(options.home);
  return PROVIDERS.map((name) => installPlugin(name, wantedOf(name, options.usersAws ?? false), options));
}

/**
 * What to set for `pulumi` to work on the local cloud: nothing of the user's own account, stacks or credentials is
 * touched, and nothing is downloaded, since every plugin is there.
 */
export function environment({
  home,
  engine,
  plugins,
}: {
  home: string;
  engine: Engine;
  plugins: PluginOrigin[];
}) {
  return {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${stateFolder(home)}`,
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(plugins.length === PROVIDERS.length && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    PATH: [dirname(engine.pulumi), process.env.PATH].join(delimiter),
  };
}

function stateFolder(home: string): string {
  return join(home, "state");
}

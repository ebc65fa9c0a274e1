/** A PULUMI_HOME of the local cloud's own, with its providers installed as plugins. */
import { mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Engine } from "./engine";
import { installPlugin, type PluginOrigin } from "./plugins";

export type { PluginOrigin } from "./plugins";

export interface HomeOptions {
  /** The checkout: its node_modules has the SDKs, its dist/local the stand-ins. */
  root: string;
  home: string;
  engine: Engine;
  log: (line: string) => void;
}

/** Providers that a migration uses. `aws` is the local cloud's own client of EC2; of the others the real one is taken where it is to be had. */
const PROVIDERS = [
  { name: "aws", preferReal: false },
  { name: "tls", preferReal: true },
  { name: "command", preferReal: true },
];

/** Installs every plugin that is missing. Can be run again, and then changes only what differs. */
export async function preparePulumiHome(options: HomeOptions): Promise<PluginOrigin[]> {
  mkdirSync(stateFolder(options.home), { recursive: true });
  const origins: PluginOrigin[] = [];
  for (const { name, preferReal } of PROVIDERS) origins.push(await installPlugin(name, preferReal, options));
  return origins;
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

/** Makes the local cloud ready: the engine, the two images, the seeded cloud, the stand-ins installed as plugins. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Cloud } from "./cloud/cloud";
import { seed } from "./cloud/seed";
import { ec2Daemon, type Ec2Daemon } from "./ec2Api/daemon";
import { findEngine, type Engine } from "./engine/engine";
import { environment, preparePulumiHome, type PluginOrigin } from "./engine/pulumiHome";
import { buildHelperImage, buildSampleImage } from "./images";
import { helperKindOfThisHost } from "./machines/helperKind";

export interface LocalCloud {
  cloud: Cloud;
  /** Folder with everything that the cloud holds. */
  directory: string;
  engine: Engine;
  /** Where each provider plugin comes from: the real one, or the stand-in. */
  plugins: PluginOrigin[];
  /** The PULUMI_HOME of this cloud: its stacks, its plugins. */
  home: string;
  /** The server in front of it, which runs for as long as this process does. */
  ec2: Ec2Daemon;
  /** What to set for `pulumi`, and for AWS' command and SDKs, to work on this cloud. */
  env: Record<string, string>;
  images: { helper: string; sample: string };
}

export interface PrepareOptions {
  root: string;
  /** Default `<root>/.cache/cloud`. */
  directory?: string;
  /** Whether the user's own pulumi-aws is taken where there is one. Default false: tests are to be quick. */
  usersAws?: boolean;
  log: (line: string) => void;
}

/** Everything is found again where it was made before; the first time takes minutes. */
export async function prepareLocalCloud({
  root,
  directory,
  usersAws,
  log,
}: PrepareOptions): Promise<LocalCloud> {
  const cache = join(root, ".cache");
  const where = directory ?? join(cache, "cloud");
  mkdirSync(where, { recursive: true });

  const [engine, images] = await Promise.all([findEngine({ cache, log }), buildImages(cache, log)]);
  process.env.PV_TO_HVM_TOOLBOX = images.helper;
  process.env.PV_TO_HVM_CLOUD = where;

  const cloud = new Cloud(where);
  await seed(cloud, {
    sampleImage: images.sample,
    helperImage: images.helper,
    helperMachine: await helperKindOfThisHost(images.helper),
  });
  const ec2 = await ec2Daemon(where);
  const home = join(where, "pulumi-home");
  const plugins = preparePulumiHome({ root, home, usersAws });
  return {
    cloud,
    directory: where,
    engine,
    plugins,
    home,
    ec2,
    env: { ...environment({ home, engine, plugins }), ...endpointsAt(ec2) },
    images,
  };
}

/** Where AWS' command and SDKs, and what is made of them, look for them. */
export function endpointsAt({ url }: Pick<Ec2Daemon, "url">): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_EC2: url,
    AWS_ENDPOINT_URL_EBS: url,
    AWS_ENDPOINT_URL_STS: url,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: url,
    AWS_ENDPOINT_URL_AUTO_SCALING: url,
  };
}

/** One after the other: each keeps both cores busy. */
async function buildImages(cache: string, log: (line: string) => void) {
  const sample = await buildSampleImage({ cache, log });
  const helper = await buildHelperImage({ cache, log });
  return { sample, helper };
}

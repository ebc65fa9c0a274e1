/** The official download of the engine, which brings the language hosts with it. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine";
import { execute } from "./execute";
import { ENGINE_VERSION } from "./version";

/** A network that is closed shows within this time. */
const CONNECT_LIMIT_SECONDS = 5;
/** 150 MB or so. */
const TOTAL_LIMIT_SECONDS = 600;

/** SHA-256 of that version's archives, as Pulumi publishes them with the release. A new version has new ones. */
export const CHECKSUMS = {
  x64: "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
  arm64: "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
};

/** Fetches the engine into `<folder>/download/`. Undefined, and a line that says why, where the network does not allow it. */
export async function downloadEngine(
  folder: string,
  log: (line: string) => void,
): Promise<Engine | undefined> {
  const target = join(folder, "download");
  const partial = `${target}.partial-${process.pid}`;
  log(`fetching Pulumi ${ENGINE_VERSION} from ${sourceOf(process.arch)}`);
  try {
    await mkdir(partial, { recursive: true });
    await fetchInto(partial);
    await rm(target, { recursive: true, force: true });
    await rename(join(partial, "pulumi"), target);
    return { pulumi: join(target, "pulumi"), version: ENGINE_VERSION, from: "download" };
  } catch (error) {
    log(`not to be had from there: ${(error as Error).message.split("\n").pop()}`);
    return undefined;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function fetchInto(folder: string): Promise<void> {
  const archive = join(folder, "pulumi.tar.gz");
  const limits = [
    "--connect-timeout",
    String(CONNECT_LIMIT_SECONDS),
    "--max-time",
    String(TOTAL_LIMIT_SECONDS),
  ];
  const stalled = ["--speed-limit", "10000", "--speed-time", "20"];
  await execute(["curl", "-fsSL", ...limits, ...stalled, "-o", archive, sourceOf(process.arch)], {
    purpose: "fetching Pulumi",
  });
  await requirePublished(archive, CHECKSUMS[platformOf(process.arch)]);
  await execute(["tar", "-xzf", archive, "-C", folder], { purpose: "unpacking Pulumi" });
}

/**
 * What is unpacked here is run as root, so the bytes have to be those that were published.
 * @throws Error if they are others
 */
export async function requirePublished(archive: string, wanted: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(archive)) hash.update(chunk as Buffer);
  const found = hash.digest("hex");
  if (found === wanted) return;
  throw new Error(`its SHA-256 is ${found}, and Pulumi has published ${wanted}: not unpacked`);
}

/** Where Pulumi publishes its releases. */
export function sourceOf(architecture: string): string {
  return `https://get.pulumi.com/releases/sdk/pulumi-v${ENGINE_VERSION}-linux-${platformOf(architecture)}.tar.gz`;
}

function platformOf(architecture: string): keyof typeof CHECKSUMS {
  return architecture === "arm64" ? "arm64" : "x64";
}

/** The official download of the engine, which brings the language hosts with it. */
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine";
import { execute } from "./execute";
import { ENGINE_VERSION } from "./version";

/** A network that is closed shows within this time. */
const CONNECT_LIMIT_SECONDS = 5;
/** 150 MB or so. */
const TOTAL_LIMIT_SECONDS = 600;

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
  await execute(["tar", "-xzf", archive, "-C", folder], { purpose: "unpacking Pulumi" });
}

/** Where Pulumi publishes its releases. */
export function sourceOf(architecture: string): string {
  const suffix = architecture === "arm64" ? "arm64" : "x64";
  return `https://get.pulumi.com/releases/sdk/pulumi-v${ENGINE_VERSION}-linux-${suffix}.tar.gz`;
}

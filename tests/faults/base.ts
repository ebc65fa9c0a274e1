/**
 * A migration that has published its image, made once and copied for every scenario that begins there: that saves each of
 * them half a minute. It is made anew when the package has changed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { clearEnvironment } from "./clear";
import type { Built } from "./packages";
import { sample } from "./sample";
import { Environment } from "./environment";

/** Puts a copy of the base into `folder`. `cache`: where the base itself is kept. */
export async function copyBase(cache: string, folder: string, built: Built): Promise<void> {
  const base = join(cache, `base-${built.digest}`);
  if (!existsSync(base)) await makeBase(cache, base, built);
  copyEnvironment(base, folder);
}

async function makeBase(cache: string, base: string, built: Built): Promise<void> {
  const older = readdirSync(cache).filter((name) => name.startsWith("base-"));
  for (const name of older) rmSync(join(cache, name), { recursive: true, force: true });
  const making = join(cache, "making-base");
  await clearEnvironment(making);
  mkdirSync(making);
  try {
    await (await Environment.open(making, built)).prepared(sample());
    renameSync(making, base);
  } finally {
    await clearEnvironment(making);
  }
}

/**
 * Copies an environment in which nothing runs. Volumes are sparse files; snapshots never change, and share their bytes with the original.
 * What speaks of processes and interfaces speaks of some that are gone, as after a restart of the computer.
 */
export function copyEnvironment(from: string, to: string): void {
  const [cloud, copy] = [join(from, "cloud"), join(to, "cloud")];
  mkdirSync(copy, { recursive: true });
  const others = readdirSync(cloud).filter((name) => name !== "snapshots");
  cp("--sparse=always", [...others.map((name) => join(cloud, name)), copy]);
  cp("--link", [join(cloud, "snapshots"), copy]);
  cp("--sparse=auto", [join(from, "stack"), to]);
}

function cp(how: string, paths: string[]): void {
  execFileSync("cp", ["--archive", how, ...paths]);
}

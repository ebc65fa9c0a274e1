import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Gives what belongs to root in a checkout to its owner, so that the user can change and remove it. Links are not followed,
 * and other filesystems that are mounted in it are left alone. Says what to do where something could not be given.
 */
export function handBack(checkout: string, { uid, gid }: { uid: number; gid: number }): void {
  const kept = [...treesInTheMaking(checkout), ...mountsIn(checkout)].flatMap((folder) => [
    "-path",
    folder,
    "-prune",
    "-o",
  ]);
  const owner = `${uid}:${gid}`;
  const command = [
    ...placesOf(checkout),
    "-xdev",
    ...kept,
    "-uid",
    "0",
    "-exec",
    "chown",
    "-h",
    owner,
    "{}",
    "+",
  ];
  const { status, stderr } = spawnSync("find", command, { encoding: "utf8" });
  // Another program that still works here removes files at this moment.
  const problems = String(stderr)
    .split("\n")
    .filter((line) => line && !/No such file or directory/.test(line));
  if (status === 0 || problems.length === 0) return;
  console.error(
    `${problems.join("\n")}\nSome files still belong to root. Give them to their owner: sudo chown -R ${owner} ${checkout}`,
  );
}

/** The cache may be a link to a larger disk. */
function placesOf(checkout: string): string[] {
  const cache = join(checkout, ".cache");
  return existsSync(cache) ? [checkout, `${cache}/`] : [checkout];
}

/** What is mounted in it, and may be a folder of this same disk that is somebody else's. A cache of its own is meant. */
function mountsIn(checkout: string): string[] {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const places = mounts.map((line) => (line.split(" ")[1] ?? "").replaceAll("\\040", " "));
  return places.filter((place) => place.startsWith(`${checkout}/`) && place !== join(checkout, ".cache"));
}

/** Trees of guests that another process puts together at this moment: in them root's files must stay root's. */
function treesInTheMaking(checkout: string): string[] {
  const images = join(checkout, ".cache", "images");
  if (!existsSync(images)) return [];
  const living = readdirSync(images).filter((name) => {
    const pid = /^\.partial-.*-(\d+)$/.exec(name)?.[1];
    return pid !== undefined && existsSync(`/proc/${pid}`);
  });
  return living.flatMap((name) =>
    placesOf(checkout).map((place) => join(place, ...(place === checkout ? [".cache"] : []), "images", name)),
  );
}

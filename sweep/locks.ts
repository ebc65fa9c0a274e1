/** The locks of a backend that is a folder: `.pulumi/locks/organization/<project>/<stack>/<id>.json`, one an update. */
import { readdir } from "node:fs/promises";
import path from "node:path";

/** Whether locks can be looked for at all (buckets show none to `pulumi`'s users), and which there are. */
export type Locks = { seen: false } | { seen: true; held: Lock[] };

export interface Lock {
  /** `project/stack`, or `stack` in a folder of before projects had stacks of their own. */
  stack: string;
  file: string;
}

/** The folder of a `file://` backend; undefined for every other one. `home` is what `~` stands for. */
export function folderOf(url: string, home: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const name = url.slice("file://".length).split("?")[0];
  return path.resolve(name.replace(/^~/, home));
}

/**
 * Every lock, also one whose update was killed: whether a process still lives cannot be told from elsewhere, and
 * `pulumi cancel` takes a dead one's lock away.
 */
export async function findLocks(folder: string): Promise<Lock[]> {
  const root = path.join(folder, ".pulumi", "locks");
  const names = await readdir(root, { recursive: true }).catch(noneWhereAbsent);
  return names
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({
      stack: path.dirname(name).split(path.sep).slice(-2).join("/"),
      file: path.join(root, name),
    }));
}

function noneWhereAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}

import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { BuildOptions } from "./recipe";

export interface CachedImage {
  /** The file's name before the digest. */
  name: string;
  /** Everything that shapes the image, as plain data: another value makes another image. */
  inputs: unknown;
  /** Writes the image to `file`; `scratch` is an empty folder that is removed afterwards. */
  build: (file: string, scratch: string) => Promise<void>;
}

/**
 * The image's file, built where the cache has none of these inputs. It appears under its name only when it is whole:
 * an interrupted build leaves a folder that the next build removes. An older image of the same name is removed.
 */
export async function cachedImage(image: CachedImage, { cache, log }: BuildOptions): Promise<string> {
  const folder = path.join(cache, "images");
  const file = path.join(folder, imageFileName(image.name, image.inputs));
  if (await exists(file)) return file;
  await fs.mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
  const scratch = path.join(folder, `.partial-${image.name}-${process.pid}`);
  await fs.mkdir(scratch);
  try {
    const started = Date.now();
    await image.build(path.join(scratch, "image"), scratch);
    await fs.rename(path.join(scratch, "image"), file);
    log(`${path.basename(file)}: built in ${Math.round((Date.now() - started) / 1000)} s`);
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
  await removeOlder(folder, image.name, file);
  return file;
}

/** `<name>-<twelve characters of the inputs' digest>.img` */
export function imageFileName(name: string, inputs: unknown): string {
  const digest = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
  return `${name}-${digest.slice(0, 12)}.img`;
}

/** Another process may be building in the same cache: only folders of processes that are gone are removed. */
async function removeLeftovers(folder: string) {
  for (const name of await fs.readdir(folder)) {
    const pid = /^\.partial-.*-(\d+)$/.exec(name)?.[1];
    if (pid && !(await exists(`/proc/${pid}`)))
      await fs.rm(path.join(folder, name), { recursive: true, force: true });
  }
}

async function removeOlder(folder: string, name: string, current: string) {
  for (const other of await fs.readdir(folder)) {
    const isOfName = other.startsWith(`${name}-`) && /^[0-9a-f]{12}\.img$/.test(other.slice(name.length + 1));
    if (isOfName && other !== path.basename(current)) await fs.rm(path.join(folder, other), { force: true });
  }
}

const exists = (file: string) =>
  fs.access(file).then(
    () => true,
    () => false,
  );

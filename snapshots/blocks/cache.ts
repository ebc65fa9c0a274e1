/**
 * Blocks that were read, on this machine's disk. A snapshot never changes, so what was read once is good for ever: each block
 * is a file, whole from the moment at which it has its name, with its SHA-256 behind it. Several runs may use one folder.
 */
import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { FailedError } from "../../converter/errors";
import { freeBytes, isFull } from "../../converter/freeSpace";
import { formatBytes } from "../../converter/disk/sizes";
import type { KeptMap } from "./blockMap";
import { BLOCK_BYTES } from "./source";

/** What tells a snapshot from every other one. */
export interface Identity {
  snapshotId: string;
  /** As EC2 has it: a stand-in for EC2 may give one id to several. */
  startTime: string;
  sizeGb: number;
}

interface Layout extends Identity {
  format: 1;
  map: KeptMap;
}

const DIGEST_BYTES = 32;
/** So that no folder has more names than that. */
const BLOCKS_PER_FOLDER = 1000;

export class BlockCache {
  private constructor(
    private readonly folder: string,
    private readonly identity: Identity,
    /** Which blocks hold data, as far as earlier runs have found out. */
    readonly map: KeptMap | undefined,
  ) {}

  /** Opens a snapshot's part of a cache, and empties it where it is of another snapshot. */
  static async open(root: string, identity: Identity): Promise<BlockCache> {
    const folder = path.join(root, identity.snapshotId);
    try {
      await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      const layout = await readLayout(layoutFile(folder));
      if (layout && isSame(layout, identity)) return new BlockCache(folder, identity, layout.map);
      await empty(folder);
    } catch (error) {
      throw await explained(root, error);
    }
    const cache = new BlockCache(folder, identity, undefined);
    await cache.keepMap({ known: [], data: [] });
    return cache;
  }

  /** Undefined where it is not there, or is damaged. */
  async get(index: number): Promise<Buffer | undefined> {
    const bytes = await fs.readFile(this.fileOf(index)).catch(() => undefined);
    if (bytes?.length !== BLOCK_BYTES + DIGEST_BYTES) return undefined;
    const data = bytes.subarray(0, BLOCK_BYTES);
    return digestOf(data).equals(bytes.subarray(BLOCK_BYTES)) ? data : undefined;
  }

  async put(index: number, data: Buffer): Promise<void> {
    await this.write(this.fileOf(index), [data, digestOf(data)]);
  }

  async keepMap(map: KeptMap): Promise<void> {
    const layout: Layout = { format: 1, ...this.identity, map };
    await this.write(layoutFile(this.folder), JSON.stringify(layout));
  }

  private fileOf(index: number): string {
    const group = Math.floor(index / BLOCKS_PER_FOLDER);
    return path.join(this.folder, String(group), String(index));
  }

  private async write(file: string, content: string | Buffer[]): Promise<void> {
    const beside = `${file}.${randomUUID()}`;
    try {
      await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await fs.writeFile(beside, content, { mode: 0o600 });
      await fs.rename(beside, file);
    } catch (error) {
      await fs.rm(beside, { force: true });
      throw await explained(path.dirname(this.folder), error);
    }
  }
}

function layoutFile(folder: string): string {
  return path.join(folder, "layout.json");
}

function isSame(one: Identity, other: Identity): boolean {
  return (
    one.snapshotId === other.snapshotId && one.startTime === other.startTime && one.sizeGb === other.sizeGb
  );
}

/** Takes away what a cache makes, and nothing else that lies there. */
async function empty(folder: string): Promise<void> {
  const own = (await fs.readdir(folder)).filter((name) => /^(\d+|layout\.json.*)$/.test(name));
  for (const name of own) await fs.rm(path.join(folder, name), { recursive: true, force: true });
}

async function readLayout(file: string): Promise<Layout | undefined> {
  try {
    const layout = JSON.parse(await fs.readFile(file, "utf8")) as Layout;
    return layout.format === 1 ? layout : undefined;
  } catch {
    // None is there yet, or it is damaged: what it is about is read anew.
    return undefined;
  }
}

function digestOf(data: Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}

async function explained(root: string, error: unknown): Promise<unknown> {
  const { code, message } = error as NodeJS.ErrnoException;
  if (isFull(error)) {
    const free = formatBytes(await freeBytes(root));
    return new FailedError(
      `--cache: ${root} has ${free} free, and that is not enough for the blocks that were read. Make room there, or name another folder with --cache. What was read so far is kept, and is not read again.`,
    );
  }
  if (code === undefined) return error;
  return new FailedError(
    `--cache: ${root} cannot be used (${message}). Name a folder of your own that can be written to.`,
  );
}

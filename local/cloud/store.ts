import { readFileSync, statSync } from "node:fs";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { makePrivateFolder, PRIVATE_FILE } from "../privateFiles";
import { FileLock } from "./lock";

/**
 * Where the cloud's records lie: `state/<kind>/<id>.json`, one a resource, readable by people. User data has keys in it, and so
 * nobody but the owner reads them.
 */
export class Store {
  private readonly lock: FileLock;

  constructor(readonly directory: string) {
    makePrivateFolder(path.join(directory, "state"));
    this.lock = new FileLock(path.join(directory, "lock"));
  }

  /**
   * Runs a read-modify-write alone, among all processes on this folder. Keep it short (no copying, no machines), and
   * do not nest it.
   */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.lock.hold(work);
  }

  /** The records of one kind. */
  collection<T>(kind: string): Collection<T> {
    return new Collection<T>(path.join(this.directory, "state", kind));
  }
}

/**
 * A folder's time of change is of the kernel's clock tick, up to 10 ms: within one, a second change leaves it as it is.
 * What was read sooner than this after a change is not relied on.
 */
const TICK_MS = 20;

export class Collection<T> {
  /** All records, as long as the folder's time of change is this one: every `put` and `remove` moves it. */
  private known?: { changedMs: number; records: T[] };

  constructor(private readonly directory: string) {
    makePrivateFolder(directory);
  }

  async get(id: string): Promise<T | undefined> {
    return this.read(this.fileOf(id));
  }

  /** The ids of all records, sorted. */
  async ids(): Promise<string[]> {
    const files = (await readdir(this.directory)).filter((name) => name.endsWith(".json"));
    return files.map((name) => path.basename(name, ".json")).sort();
  }

  /** All records, in the order of their ids. Not to be changed: others may be given the same ones. */
  async list(): Promise<T[]> {
    const now = Date.now();
    const changedMs = statSync(this.directory).mtimeMs;
    if (this.known?.changedMs === changedMs) return [...this.known.records];
    const records = await this.readAll();
    this.known = now - changedMs > TICK_MS ? { changedMs, records } : undefined;
    return [...records];
  }

  private async readAll(): Promise<T[]> {
    // One after the other: a hundred look-ups at once, of a hundred records each, are too many open files.
    const records = (await this.ids()).map((id) => this.read(this.fileOf(id)));
    // One may have been removed since the folder was read.
    return records.filter((record) => record !== undefined) as T[];
  }

  private read(file: string): T | undefined {
    try {
      return JSON.parse(readFileSync(file, "utf8")) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Writes beside and renames: a reader sees the old record or the new one, never half of one. */
  async put(id: string, record: T): Promise<void> {
    const beside = `${this.fileOf(id)}.${process.pid}.new`;
    await writeFile(beside, JSON.stringify(record, undefined, 2) + "\n", { mode: PRIVATE_FILE });
    await rename(beside, this.fileOf(id));
  }

  async remove(id: string): Promise<void> {
    await rm(this.fileOf(id), { force: true });
  }

  private fileOf(id: string): string {
    return path.join(this.directory, `${id}.json`);
  }
}

import { mkdirSync } from "node:fs";
import { readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { FileLock } from "./lock";

/** Where the cloud's records lie: `state/<kind>/<id>.json`, one a resource, readable by people. */
export class Store {
  private readonly lock: FileLock;

  constructor(readonly directory: string) {
    mkdirSync(path.join(directory, "state"), { recursive: true });
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

export class Collection<T> {
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
  }

  async get(id: string): Promise<T | undefined> {
    try {
      return JSON.parse(await readFile(this.fileOf(id), "utf8")) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** All records, in the order of their ids. */
  async list(): Promise<T[]> {
    const files = (await readdir(this.directory)).filter((name) => name.endsWith(".json")).sort();
    const records = await Promise.all(files.map((name) => this.get(path.basename(name, ".json"))));
    // One may have been removed since the folder was read.
    return records.filter((record) => record !== undefined) as T[];
  }

  /** Writes beside and renames: a reader sees the old record or the new one, never half of one. */
  async put(id: string, record: T): Promise<void> {
    const beside = `${this.fileOf(id)}.${process.pid}.new`;
    await writeFile(beside, JSON.stringify(record, undefined, 2) + "\n");
    await rename(beside, this.fileOf(id));
  }

  async remove(id: string): Promise<void> {
    await rm(this.fileOf(id), { force: true });
  }

  private fileOf(id: string): string {
    return path.join(this.directory, `${id}.json`);
  }
}

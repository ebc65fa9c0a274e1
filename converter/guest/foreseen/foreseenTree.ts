import type fs from "node:fs";
import path from "node:path";
import type { FileEdit } from "../../types";
import { encodingOf } from "../names";
import { textAfter } from "../patch";
import { GuestTree, type OpenFile } from "../tree";

/**
 * A guest's tree as it will be once a plan's edits are made: nothing is written, the new texts are in memory. What reads a
 * guest reads this one the same way, so that a conversion's outcome can be judged before there is one.
 */
export class ForeseenTree extends GuestTree {
  /** Files whose change does not fit the text that is there, by their paths in the guest. */
  readonly misfits: string[] = [];
  /** New contents, by what tells a file from every other: a second name of it has the same. */
  private readonly contents = new Map<string, Buffer>();
  private readonly removed = new Set<string>();
  private readonly created: string[] = [];

  constructor(tree: GuestTree, edits: FileEdit[]) {
    super(tree.root);
    for (const edit of edits) this.foresee(tree, edit);
  }

  protected override withFile<T>(guestPath: string, work: (file: OpenFile) => T): T | undefined {
    if (this.isRemoved(guestPath)) return undefined;
    const foreseen = this.contents.get(this.foreseenKey(guestPath));
    if (foreseen === undefined) return super.withFile(guestPath, work);
    return work({ size: foreseen.length, start: (bytes) => foreseen.subarray(0, bytes) });
  }

  override status(guestPath: string): fs.Stats | undefined {
    return this.isRemoved(guestPath) ? undefined : super.status(guestPath);
  }

  override statusOfTarget(guestPath: string): fs.Stats | undefined {
    return this.isRemoved(guestPath) ? undefined : super.statusOfTarget(guestPath);
  }

  override exists(guestPath: string): boolean {
    if (this.isRemoved(guestPath)) return false;
    return this.contents.has(this.foreseenKey(guestPath)) || super.exists(guestPath);
  }

  override hasName(guestPath: string): boolean {
    if (this.isRemoved(guestPath)) return false;
    return this.contents.has(this.foreseenKey(guestPath)) || super.hasName(guestPath);
  }

  override list(guestPath: string): string[] {
    const folder = this.resolve(guestPath).replace(/\/$/, "");
    const isThere = (name: string) => !this.removed.has(`${folder}/${name}`);
    const made = this.created.flatMap((file) =>
      file.startsWith(`${folder}/`) ? [file.slice(folder.length + 1).split("/")[0]] : [],
    );
    return [...new Set([...super.list(guestPath).filter(isThere), ...made])].sort();
  }

  private foresee(tree: GuestTree, edit: FileEdit): void {
    const before = tree.readBytes(edit.path);
    const encoding = before === undefined ? "utf8" : encodingOf(before);
    const after = textAfter(edit, before?.toString(encoding));
    if (after === undefined) this.removed.add(this.foreseenName(edit.path));
    else if (after === false) this.misfits.push(edit.path);
    else {
      if (edit.action === "create") this.created.push(this.resolve(edit.path));
      this.contents.set(this.foreseenKey(edit.path), Buffer.from(after, encoding));
    }
  }

  private isRemoved(guestPath: string): boolean {
    return this.removed.size > 0 && this.removed.has(this.foreseenName(guestPath));
  }

  /** As `namePath`, but in the guest. */
  private foreseenName(guestPath: string): string {
    return `/${path.relative(this.root, this.namePath(guestPath))}`;
  }

  private foreseenKey(guestPath: string): string {
    const status = super.statusOfTarget(guestPath);
    return status ? `${status.dev}:${status.ino}` : this.resolve(guestPath);
  }
}

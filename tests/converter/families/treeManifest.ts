/** What a guest's tree is made of, file by file, as far as anyone inside could tell. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { sh } from "../../matrix/shell";

/** One name in the tree. */
export interface Entry {
  /** Kind, mode, owner, device numbers, extended attributes. */
  status: string;
  /** The first of the names that the file has. */
  file: string;
  /** Of files and links. */
  content?: string;
  modified: number;
}

export type TreeManifest = Map<string, Entry>;

/** Reads the tree whose filesystems are mounted below `root`. */
export function treeManifest(root: string): TreeManifest {
  const names = namesBelow(root, "");
  const statuses = new Map(names.map((name) => [name, fs.lstatSync(root + name)]));
  const firstNames = new Map<string, string>();
  for (const [name, { dev, ino }] of statuses)
    if (!firstNames.has(`${dev}:${ino}`)) firstNames.set(`${dev}:${ino}`, name);
  const attributes = attributesBelow(root);
  return new Map(
    [...statuses].map(([name, status]) => [
      name,
      {
        status: [
          ...[status.mode.toString(8), `${status.uid}:${status.gid}`, status.isFile() ? status.nlink : ""],
          ...[status.rdev, attributes.get(name) ?? ""],
        ].join(" "),
        file: firstNames.get(`${status.dev}:${status.ino}`) ?? name,
        content: contentOf(root + name, status),
        modified: status.mtimeMs,
      },
    ]),
  );
}

function namesBelow(root: string, folder: string): string[] {
  const entries = fs.readdirSync(`${root}${folder}`, { withFileTypes: true });
  const below = entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      return entry.isDirectory() ? namesBelow(root, name) : [name];
    });
  return [folder, ...below];
}

function contentOf(file: string, status: fs.Stats): string | undefined {
  if (status.isSymbolicLink()) return fs.readlinkSync(file);
  return status.isFile() ? createHash("sha256").update(fs.readFileSync(file)).digest("hex") : undefined;
}

/** By getfattr's own spelling of names, which is octal for what is not printable. */
function attributesBelow(root: string): Map<string, string> {
  const words = ["--recursive", "--physical", "--no-dereference", "--dump", "--match=-", "--encoding=hex"];
  const blocks = sh("getfattr", "--absolute-names", ...words, root).split("\n\n");
  return new Map(
    blocks.flatMap((block) => {
      const [name, ...lines] = block.split("\n").filter(Boolean);
      return name === undefined ? [] : [[name.slice(`# file: ${root}`.length), lines.sort().join()] as const];
    }),
  );
}

/** What of a tree may differ, each told by the conversion itself. */
export interface Allowed {
  /** Edited or rebuilt: content and time of modification. */
  changed: string[];
  /** Made or removed. */
  comeOrGone: string[];
}

/** The names that differ otherwise than allowed, each with how. */
export function unexplained(before: TreeManifest, after: TreeManifest, allowed: Allowed): string[] {
  const isOwn = (name: string) => /^\/var\/lib\/pv-to-hvm(?:\/|$)/.test(name);
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => !isOwn(name));
  // A folder's time tells of names that came or went in it: a new initramfs is one, for a while.
  const folders = new Set(["/var/lib", ...[...allowed.changed, ...allowed.comeOrGone].map(parentOf)]);
  return names.flatMap((name) => {
    const [one, other] = [before.get(name), after.get(name)];
    if (!one || !other) {
      const isFolderOfNew = !one && allowed.comeOrGone.some((path) => path.startsWith(`${name}/`));
      return isFolderOfNew || allowed.comeOrGone.includes(name) ? [] : [`${name}: ${one ? "gone" : "new"}`];
    }
    if (allowed.comeOrGone.some((path) => parentOf(parentOf(path)) === name)) folders.add(name);
    const isChanged = allowed.changed.some((path) => before.get(path)?.file === one.file);
    return differences(one, other, {
      content: isChanged,
      modified: isChanged || folders.has(name),
    }).map((what) => `${name}: ${what}`);
  });
}

const parentOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf("/")));

function differences(one: Entry, other: Entry, may: { content: boolean; modified: boolean }): string[] {
  return [
    ...(one.file === other.file ? [] : [`other names (${one.file}, ${other.file})`]),
    ...(one.status === other.status ? [] : [`${one.status} → ${other.status}`]),
    ...(may.content || one.content === other.content ? [] : ["other content"]),
    ...(may.modified || one.modified === other.modified ? [] : ["modified at another time"]),
  ];
}

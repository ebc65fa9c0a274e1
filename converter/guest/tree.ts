import fs from "node:fs";
import path from "node:path";
import { FailedError, RefusedError } from "../errors";
import { formatBytes, MIB } from "../disk/sizes";
import { decoded, encodingOf, nameIn, statusOf, statusOfTarget } from "./names";

/** As the kernel has it: a path that needs more links than this runs in a circle. */
const MOST_LINKS = 40;
/** Of a menu or of settings: real ones have kilobytes. */
const LARGEST_TEXT = 16 * MIB;
/** Of a kernel or an initramfs, packed: the largest have a tenth of it. */
const LARGEST_FILE = 1024 * MIB;

/**
 * A guest's root filesystem, mounted somewhere on this machine. Every path that goes in or comes out is absolute
 * *inside the guest*: a link of the guest that points to `/boot/grub/grub.cfg` means the guest's file and never the
 * helper's (Debian 7's menu.lst is such a link).
 */
export class GuestTree {
  readonly root: string;

  /** @param root where the guest's `/` is mounted on this machine */
  constructor(root: string) {
    this.root = fs.realpathSync(root);
  }

  /**
   * The path after every link in every component, the last one included. What does not exist resolves to itself.
   * Throws a `RefusedError` for links that run in a circle.
   */
  resolve(guestPath: string): string {
    return this.follow(guestPath).guestPath;
  }

  /** The same, and where it lies on this machine, in the bytes that its names have on the disk. */
  private follow(guestPath: string): Place {
    let done: Place = { guestPath: "/", file: Buffer.from(this.root) };
    const above: Place[] = [];
    let links = 0;
    const rest = guestPath.split("/");
    while (rest.length > 0) {
      const name = rest.shift() as string;
      if (name === "" || name === ".") continue;
      if (name === "..") {
        done = above.pop() ?? done;
        continue;
      }
      const next = below(done, name);
      const target = readLink(next.file);
      if (target === undefined) {
        above.push(done);
        done = next;
        continue;
      }
      if (++links > MOST_LINKS)
        throw new RefusedError([
          {
            subject: guestPath,
            found: `its links run in a circle, at ${next.guestPath}.`,
            advice: "Mend the link in the source.",
          },
        ]);
      if (target.startsWith("/") && above.length > 0) done = above.splice(0)[0];
      rest.unshift(...target.split("/"));
    }
    return done;
  }

  /**
   * Where the file lies on this machine, its links followed inside the guest. Throws a `RefusedError` if its name is
   * not UTF-8: other programs cannot be given it.
   */
  hostPath(guestPath: string): string {
    return asText(this.follow(guestPath));
  }

  /** Whether there is something at the end of the path's links. */
  exists(guestPath: string): boolean {
    return statOf(this.follow(guestPath)) !== undefined;
  }

  /** Whether the name itself exists, be it a link to nowhere. */
  hasName(guestPath: string): boolean {
    return this.status(guestPath) !== undefined;
  }

  /** What the name itself is, a link as a link; `undefined` if it does not exist. */
  status(guestPath: string): fs.Stats | undefined {
    return statusOf(this.nameOf(guestPath).file);
  }

  /** What is at the end of the path's links; `undefined` if nothing is. */
  statusOfTarget(guestPath: string): fs.Stats | undefined {
    return statOf(this.follow(guestPath));
  }

  /**
   * The file's bytes, or `undefined` if there is no such regular file. Throws a `RefusedError` if it has more than
   * `most` bytes (default: a gigabyte, which no file that counts has).
   */
  readBytes(guestPath: string, most = LARGEST_FILE): Buffer | undefined {
    return this.withFile(guestPath, ({ size, start }) => {
      if (size > most) throw new RefusedError([tooLarge(guestPath, size, most)]);
      return start(size);
    });
  }

  /** The first bytes of a file, however large that is; `undefined` if there is no such regular file. */
  readStart(guestPath: string, bytes: number): Buffer | undefined {
    return this.withFile(guestPath, ({ size, start }) => start(Math.min(bytes, size)));
  }

  /** The one way to a file's content, for every reader; `undefined` if there is no such regular file. */
  protected withFile<T>(guestPath: string, work: (file: OpenFile) => T): T | undefined {
    return withRegularFile(this.follow(guestPath), (handle, size) =>
      work({ size, start: (bytes) => readFrom(handle, bytes) }),
    );
  }

  /**
   * The file's text: UTF-8 where its bytes are, else Latin-1, so that each byte comes back as it was when the text is
   * written again. `undefined` if there is no such regular file. Throws a `RefusedError` for more than 16 MiB.
   */
  read(guestPath: string): string | undefined {
    const bytes = this.readBytes(guestPath, LARGEST_TEXT);
    return bytes && decoded(bytes);
  }

  /** The names in a directory, sorted; none if there is no such directory. Those that are not UTF-8 as Latin-1. */
  list(guestPath: string): string[] {
    const place = this.follow(guestPath);
    if (!statOf(place)?.isDirectory()) return [];
    return fs.readdirSync(place.file, { encoding: "buffer" }).map(decoded).sort();
  }

  /**
   * Writes a text where it differs, into the inode that is there: through symbolic and hard links, with its owner,
   * mode and SELinux label as they were. (CentOS 6's menu.lst and grub.conf are one file by a hard link; writing
   * beside it and renaming would part the two.) Creates the file and its directories where there are none.
   * Returns whether anything was written. Throws a `FailedError` for what is no regular file.
   */
  write(guestPath: string, text: string): boolean {
    const before = this.readBytes(guestPath, LARGEST_TEXT);
    const after = Buffer.from(text, before ? encodingOf(before) : "utf8");
    if (before?.equals(after)) return false;
    const { file } = this.follow(guestPath);
    fs.mkdirSync(file.subarray(0, file.lastIndexOf("/")), { recursive: true });
    overwrite(file, after);
    return true;
  }

  /** Removes the name itself: a link, not what it points to. Returns whether there was one. */
  remove(guestPath: string): boolean {
    if (!this.hasName(guestPath)) return false;
    fs.unlinkSync(this.nameOf(guestPath).file);
    return true;
  }

  /**
   * Where the name itself lies on this machine: links are followed in its directory, not in its last component. Throws as
   * `hostPath` does.
   */
  namePath(guestPath: string): string {
    return asText(this.nameOf(guestPath));
  }

  private nameOf(guestPath: string): Place {
    const { dir, base } = path.posix.parse(path.posix.normalize(guestPath));
    return below(this.follow(dir), base);
  }
}

/** A file's content. */
export interface OpenFile {
  size: number;
  /** Its first bytes. */
  start(bytes: number): Buffer;
}

/** A single read gives 2 GiB at the most, and fewer than were asked for where it likes. */
function readFrom(handle: number, bytes: number): Buffer {
  const start = Buffer.alloc(bytes);
  for (let at = 0; at < bytes;) {
    const count = fs.readSync(handle, start, at, bytes - at, at);
    if (count === 0) return start.subarray(0, at);
    at += count;
  }
  return start;
}

/** A path in the guest, and on this machine in the bytes that it has there. */
interface Place {
  guestPath: string;
  file: Buffer;
}

function below({ guestPath, file }: Place, name: string): Place {
  return {
    guestPath: path.posix.join(guestPath, name),
    file: name === "" ? file : Buffer.concat([file, Buffer.from("/"), nameIn(file, name)]),
  };
}

function asText({ guestPath, file }: Place): string {
  const text = file.toString("utf8");
  if (Buffer.from(text, "utf8").equals(file)) return text;
  throw new RefusedError([
    {
      subject: guestPath,
      found: "its name on the disk is not UTF-8, so no other program can be given it.",
      advice: "Rename it in the source (convmv does it for whole folders), and what names it.",
    },
  ]);
}

function readLink(file: Buffer): string | undefined {
  return statusOf(file)?.isSymbolicLink()
    ? decoded(fs.readlinkSync(file, { encoding: "buffer" }))
    : undefined;
}

function statOf({ file }: Place): fs.Stats | undefined {
  return statusOfTarget(file);
}

/** Opened without waiting: a named pipe would wait for a writer for ever. What was opened is what is looked at. */
function withRegularFile<T>({ file }: Place, work: (handle: number, size: number) => T): T | undefined {
  if (!statusOfTarget(file)?.isFile()) return undefined;
  const handle = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOFOLLOW);
  try {
    const status = fs.fstatSync(handle);
    return status.isFile() ? work(handle, status.size) : undefined;
  } finally {
    fs.closeSync(handle);
  }
}

function tooLarge(guestPath: string, size: number, most: number) {
  return {
    subject: guestPath,
    found: `it has ${formatBytes(size)}, and at most ${formatBytes(most)} are read of such a file.`,
    advice: "Look what it is, and empty or remove it in the source.",
  };
}

/**
 * Writes into the inode that is there, or a new one, and waits until it is on the disk. `file`: on this machine. Throws a
 * `FailedError` for a pipe, a device or a folder: nothing is written to these, and nobody waits for a pipe's reader.
 */
export function overwrite(file: string | Buffer, bytes: Buffer): void {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const before = statusOf(file);
  if (before && !before.isFile()) throw notRegular(file);
  const handle = fs.openSync(file, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o666);
  try {
    if (!fs.fstatSync(handle).isFile()) throw notRegular(file);
    fs.ftruncateSync(handle);
    fs.writeFileSync(handle, bytes);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

function notRegular(file: string | Buffer): FailedError {
  return new FailedError(
    `${file.toString()}: is no regular file, so nothing was written to it. Remove it in the source, and convert that.`,
  );
}

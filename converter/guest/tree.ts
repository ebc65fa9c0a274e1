import fs from "node:fs";
import path from "node:path";
import { RefusedError } from "../errors";

/** As the kernel has it: a path that needs more links than this runs in a circle. */
const MOST_LINKS = 40;

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
    let done = "/";
    let links = 0;
    const rest = guestPath.split("/");
    while (rest.length > 0) {
      const name = rest.shift() as string;
      if (name === "" || name === ".") continue;
      if (name === "..") {
        done = path.posix.dirname(done);
        continue;
      }
      const next = path.posix.join(done, name);
      const target = this.readLink(next);
      if (target === undefined) {
        done = next;
        continue;
      }
      if (++links > MOST_LINKS)
        throw new RefusedError([
          {
            subject: guestPath,
            found: `its links run in a circle, at ${next}.`,
            advice: "Mend the link in the source.",
          },
        ]);
      if (target.startsWith("/")) done = "/";
      rest.unshift(...target.split("/"));
    }
    return done;
  }

  /** Where the file lies on this machine, its links followed inside the guest. */
  hostPath(guestPath: string): string {
    return path.join(this.root, this.resolve(guestPath));
  }

  /** Whether there is something at the end of the path's links. */
  exists(guestPath: string): boolean {
    return fs.existsSync(this.hostPath(guestPath));
  }

  /** Whether the name itself exists, be it a link to nowhere. */
  hasName(guestPath: string): boolean {
    return fs.lstatSync(this.namePath(guestPath), { throwIfNoEntry: false }) !== undefined;
  }

  /** The file's bytes, or `undefined` where there is no such regular file. */
  readBytes(guestPath: string): Buffer | undefined {
    const file = this.hostPath(guestPath);
    return isRegularFile(file) ? fs.readFileSync(file) : undefined;
  }

  /**
   * The file's text: UTF-8 where its bytes are, else Latin-1, so that each byte comes back as it was when the text is
   * written again. `undefined` where there is no such regular file.
   */
  read(guestPath: string): string | undefined {
    const bytes = this.readBytes(guestPath);
    return bytes?.toString(encodingOf(bytes));
  }

  /** The names in a directory, sorted; none where there is no such directory. */
  list(guestPath: string): string[] {
    const directory = this.hostPath(guestPath);
    const isDirectory = fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory();
    return isDirectory ? fs.readdirSync(directory).sort() : [];
  }

  /**
   * Writes a text where it differs, into the inode that is there: through symbolic and hard links, with its owner,
   * mode and SELinux label as they were. (CentOS 6's menu.lst and grub.conf are one file by a hard link; writing
   * beside it and renaming would part the two.) Creates the file and its directories where there are none.
   * Returns whether anything was written.
   */
  write(guestPath: string, text: string): boolean {
    const before = this.readBytes(guestPath);
    const after = Buffer.from(text, before ? encodingOf(before) : "utf8");
    if (before?.equals(after)) return false;
    const file = this.hostPath(guestPath);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    overwrite(file, after);
    return true;
  }

  /** Removes the name itself: a link, not what it points to. Returns whether there was one. */
  remove(guestPath: string): boolean {
    if (!this.hasName(guestPath)) return false;
    fs.unlinkSync(this.namePath(guestPath));
    return true;
  }

  /** Where the name itself lies on this machine: links are followed in its directory, not in its last component. */
  namePath(guestPath: string): string {
    const { dir, base } = path.posix.parse(path.posix.normalize(guestPath));
    return path.join(this.root, this.resolve(dir), base);
  }

  private readLink(guestPath: string): string | undefined {
    const file = path.join(this.root, guestPath);
    return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()
      ? fs.readlinkSync(file)
      : undefined;
  }
}

function isRegularFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Old guests have Latin-1 in their comments; decoding that as UTF-8 would lose it. */
function encodingOf(bytes: Buffer): "utf8" | "latin1" {
  return Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes) ? "utf8" : "latin1";
}

/** Writes into the inode that is there, or a new one, and waits until it is on the disk. `file`: on this machine. */
export function overwrite(file: string, bytes: Buffer): void {
  const handle = fs.openSync(file, "w");
  try {
    fs.writeFileSync(handle, bytes);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

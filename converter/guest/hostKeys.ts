import { createHash } from "node:crypto";
import type { GuestTree } from "./tree";

const FOLDER = "/etc/ssh";
const NAME = /^ssh_host_\w+_key\.pub$/;
/** The kind of a key and the key; what follows is a comment (sshd(8)). */
const KEY = /^((?:ssh|ecdsa)-[\w@.-]+ AAAA[\w+/=]+)(?:\s|$)/;
/** A file of another kind would be far longer. */
const MOST_BYTES = 16 * 1024;

/** The public host keys of a guest's sshd, as a file of known hosts has them; undefined if there are none. */
export function readHostKeys(tree: GuestTree): string[] | undefined {
  const keys = tree
    .list(FOLDER)
    .filter((name) => NAME.test(name))
    .sort()
    .flatMap(
      (name) => KEY.exec(tree.readBytes(`${FOLDER}/${name}`, MOST_BYTES)?.toString() ?? "")?.[1] ?? [],
    );
  return keys.length === 0 ? undefined : keys;
}

/** `ssh-ed25519 SHA256:…`, as ssh asks whether it is the right one. */
export function fingerprintOfKey(key: string): string {
  const [kind, bytes] = key.split(" ");
  const digest = createHash("sha256").update(Buffer.from(bytes, "base64")).digest("base64");
  return `${kind} SHA256:${digest.replace(/=+$/, "")}`;
}

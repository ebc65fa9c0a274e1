/**
 * OpenSSH's own form of private keys, as far as it tells what a key is: no library that the package brings reads it, and
 * Node's crypto does not. Its layout stands in https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key. Pure.
 */

/** What is wrong with a key: it has a passphrase, cannot be read, or is of a type that is of no use. */
export type OpensshKeyProblem = "passphrase" | "damaged" | { type: string };

const MAGIC = Buffer.from("openssh-key-v1\0");

/** Types that pulumi-command logs in with. Those that begin with `sk-` need the token that they were made on. */
const USABLE = ["ssh-rsa", "ssh-ed25519", ...[256, 384, 521].map((bits) => `ecdsa-sha2-nistp${bits}`)];

/** Of what stands between the first line and the last, decoded. Undefined where a login can be made with it. */
export function opensshKeyProblem(key: Buffer): OpensshKeyProblem | undefined {
  if (!key.subarray(0, MAGIC.length).equals(MAGIC)) return "damaged";
  try {
    const fields = new Fields(key.subarray(MAGIC.length));
    if (fields.text().toString() !== "none") return "passphrase";
    // How a passphrase becomes a key: of no meaning without one.
    fields.text();
    fields.text();
    const count = fields.number();
    const type = new Fields(fields.text()).text().toString();
    if (count !== 1 || !isWhole(fields.text(), type)) return "damaged";
    return USABLE.includes(type) ? undefined : { type };
  } catch (error) {
    if (error instanceof RangeError) return "damaged";
    throw error;
  }
}

/** A secret part begins with one number twice, by which a wrong passphrase would be seen, and then names its type. */
function isWhole(secret: Buffer, type: string): boolean {
  const fields = new Fields(secret);
  return fields.number() === fields.number() && fields.text().toString() === type;
}

/** Reads numbers of 4 bytes and texts with their length before them. Throws a RangeError where there is not enough. */
class Fields {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  number(): number {
    const value = this.bytes.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }

  text(): Buffer {
    const length = this.number();
    if (this.at + length > this.bytes.length) throw new RangeError("a text is cut");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { Ec2Error } from "./errors";

/** Public keys as OpenSSH writes them (RFC 4253, section 6.6): length-prefixed fields, base64 in one line. */
export interface SshPublicKey {
  type: "rsa" | "ed25519";
  /** What KeyPair's `fingerprint` shows, in EC2's own form for imported keys. */
  fingerprint: string;
}

/** Reads an authorized_keys line as ImportKeyPair does: RSA and ed25519 only, `InvalidKey.Format` for anything else. */
export function parsePublicKey(line: string): SshPublicKey {
  const [algorithm, base64] = line.trim().split(/\s+/);
  const blob = Buffer.from(base64 ?? "", "base64");
  const fields = readFields(blob);
  if (fields[0]?.toString() !== algorithm) throw invalidFormat();
  if (algorithm === "ssh-rsa" && fields.length === 3) {
    return { type: "rsa", fingerprint: md5OfDer(fields[1], fields[2]) };
  }
  if (algorithm === "ssh-ed25519" && fields.length === 2) {
    return { type: "ed25519", fingerprint: createHash("sha256").update(blob).digest("base64") };
  }
  throw invalidFormat();
}

/** The line for an RSA key that Node made. */
export function formatRsaPublicKey(key: KeyObject, comment: string): string {
  const { n, e } = key.export({ format: "jwk" });
  const blob = Buffer.concat([
    field(Buffer.from("ssh-rsa")),
    field(positive(Buffer.from(e ?? "", "base64url"))),
    field(positive(Buffer.from(n ?? "", "base64url"))),
  ]);
  return `ssh-rsa ${blob.toString("base64")} ${comment}`;
}

/** EC2 shows an imported RSA key as the MD5 of its DER form, unlike ssh-keygen. */
function md5OfDer(exponent: Buffer, modulus: Buffer): string {
  const jwk = { kty: "RSA", e: exponent.toString("base64url"), n: modulus.toString("base64url") };
  const der = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "der" });
  const digest = createHash("md5").update(der).digest("hex");
  return (digest.match(/../g) ?? []).join(":");
}

function readFields(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length;) {
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) return [];
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A multiple-precision integer whose first bit is set would read as negative. */
function positive(bytes: Buffer): Buffer {
  return bytes[0] >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function invalidFormat(): Ec2Error {
  return new Ec2Error("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
}

/**
 * Keys in OpenSSH's own forms (source: openssh-portable PROTOCOL.key, RFC 4253 section 6.6, RFC 5656, RFC 8709).
 * Node's crypto reads and writes PEM only.
 */
import { createHash, createPublicKey, randomBytes, type JsonWebKey, type KeyObject } from "node:crypto";

const CURVES: Record<string, string> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };
/** The padding's unit for an unencrypted private key. */
const BLOCK_BYTES = 8;

/** `ssh-ed25519 AAAA…`, without a comment and without a newline. Throws for a curve that OpenSSH does not have. */
export function publicKeyLine(key: KeyObject): string {
  const blob = publicBlob(key);
  return `${blob.type} ${blob.bytes.toString("base64")}`;
}

/** `-----BEGIN OPENSSH PRIVATE KEY-----`, not encrypted. Throws for a curve that OpenSSH does not have. */
export function privateKeyFile(key: KeyObject): string {
  const blob = publicBlob(createPublicKey(key));
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    text(blob.type),
    privateFields(key.export({ format: "jwk" })),
    text(""),
  ]);
  const padding = Buffer.from(Array.from({ length: paddingOf(secret) }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0", "latin1"),
    text("none"),
    text("none"),
    text(""),
    uint32(1),
    bytes(blob.bytes),
    bytes(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join("\n")}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** `md5`: pairs of hexadecimal digits and colons; `sha256`: `SHA256:` and base64 without its padding. */
export function fingerprint(key: KeyObject, algorithm: "md5" | "sha256"): string {
  const digest = createHash(algorithm).update(publicBlob(key).bytes);
  if (algorithm === "md5") return (digest.digest("hex").match(/../g) ?? []).join(":");
  return `SHA256:${digest.digest("base64").replace(/=+$/, "")}`;
}

/** Whether OpenSSH has a form for the key: it has none for P-224. */
export function hasOpensshForm(key: KeyObject): boolean {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve === undefined || ["prime256v1", "secp384r1", "secp521r1"].includes(curve);
}

function publicBlob(key: KeyObject): { type: string; bytes: Buffer } {
  const jwk = key.export({ format: "jwk" });
  const { type, fields } = publicFields(jwk);
  return { type, bytes: Buffer.concat([text(type), ...fields]) };
}

function publicFields(jwk: JsonWebKey): { type: string; fields: Buffer[] } {
  switch (jwk.kty) {
    case "OKP":
      return { type: "ssh-ed25519", fields: [bytes(decode(jwk.x))] };
    case "RSA":
      return { type: "ssh-rsa", fields: [mpint(decode(jwk.e)), mpint(decode(jwk.n))] };
    case "EC": {
      const curve = CURVES[jwk.crv ?? ""];
      return { type: `ecdsa-sha2-${curve}`, fields: [text(curve), bytes(point(jwk))] };
    }
    default:
      throw new Error(`${jwk.kty}: not a kind of key that OpenSSH knows. Use ED25519, RSA or ECDSA.`);
  }
}

function privateFields(jwk: JsonWebKey): Buffer {
  switch (jwk.kty) {
    case "OKP": {
      const open = decode(jwk.x);
      return Buffer.concat([bytes(open), bytes(Buffer.concat([decode(jwk.d), open]))]);
    }
    case "RSA":
      return Buffer.concat(
        [jwk.n, jwk.e, jwk.d, jwk.qi, jwk.p, jwk.q].map((number) => mpint(decode(number))),
      );
    default:
      return Buffer.concat([text(CURVES[jwk.crv ?? ""]), bytes(point(jwk)), mpint(decode(jwk.d))]);
  }
}

/** An uncompressed point of the curve. */
function point(jwk: JsonWebKey): Buffer {
  return Buffer.concat([Buffer.from([4]), decode(jwk.x), decode(jwk.y)]);
}

function paddingOf(secret: Buffer): number {
  return (BLOCK_BYTES - (secret.length % BLOCK_BYTES)) % BLOCK_BYTES;
}

function decode(field: string | undefined): Buffer {
  return Buffer.from(field ?? "", "base64url");
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([uint32(value.length), value]);
}

function text(value: string): Buffer {
  return bytes(Buffer.from(value, "latin1"));
}

/** A positive number without leading zeros, but for the one that keeps it positive. */
function mpint(value: Buffer): Buffer {
  const first = value.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.alloc(0) : value.subarray(first);
  return bytes(digits[0] & 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

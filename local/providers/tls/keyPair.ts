/** Makes a key pair and writes it in every form that tls.PrivateKey has. */
import { createHash, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { fingerprint, hasOpensshForm, privateKeyFile, publicKeyLine } from "./openssh";

const generate = promisify(generateKeyPair);

export const ALGORITHMS = ["RSA", "ECDSA", "ED25519"];
/** The SDK's names of curves, and OpenSSL's. */
export const CURVES: Record<string, string> = {
  P224: "secp224r1",
  P256: "prime256v1",
  P384: "secp384r1",
  P521: "secp521r1",
};

export interface KeyRequest {
  /** One of `ALGORITHMS`. */
  algorithm: string;
  /** For RSA. */
  rsaBits: number;
  /** For ECDSA: a key of `CURVES`. */
  ecdsaCurve: string;
}

/** Outputs of tls.PrivateKey, by their names there. */
export interface KeyTexts {
  privateKeyPem: string;
  privateKeyPemPkcs8: string;
  /** Empty for P224, as are the other forms of OpenSSH. */
  privateKeyOpenssh: string;
  publicKeyPem: string;
  publicKeyOpenssh: string;
  publicKeyFingerprintMd5: string;
  publicKeyFingerprintSha256: string;
}

export async function generateKey({ algorithm, rsaBits, ecdsaCurve }: KeyRequest): Promise<KeyObject> {
  switch (algorithm) {
    case "RSA":
      return (await generate("rsa", { modulusLength: rsaBits })).privateKey;
    case "ECDSA":
      return (await generate("ec", { namedCurve: CURVES[ecdsaCurve] })).privateKey;
    case "ED25519":
      return (await generate("ed25519")).privateKey;
    default:
      throw new Error(`algorithm: must be one of ${ALGORITHMS.join(", ")}, got ${algorithm}.`);
  }
}

/** All texts end in a newline, those that are not PEM included, as the real provider's do. */
export function describeKey(key: KeyObject): KeyTexts {
  const open = createPublicKey(key);
  const openssh = hasOpensshForm(key);
  return {
    privateKeyPem: pem(key, { rsa: "pkcs1", ec: "sec1" }[key.asymmetricKeyType as string] ?? "pkcs8"),
    privateKeyPemPkcs8: pem(key, "pkcs8"),
    privateKeyOpenssh: openssh ? privateKeyFile(key) : "",
    publicKeyPem: open.export({ type: "spki", format: "pem" }) as string,
    publicKeyOpenssh: openssh ? `${publicKeyLine(open)}\n` : "",
    publicKeyFingerprintMd5: openssh ? fingerprint(open, "md5") : "",
    publicKeyFingerprintSha256: openssh ? fingerprint(open, "sha256") : "",
  };
}

/** The resource's id: a digest of the public key. */
export function idOf(key: KeyObject): string {
  const open = createPublicKey(key).export({ type: "spki", format: "der" });
  return createHash("sha1").update(open).digest("hex");
}

function pem(key: KeyObject, type: string): string {
  return key.export({ type: type as "pkcs8", format: "pem" }) as string;
}

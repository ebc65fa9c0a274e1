/** tls:index/privateKey:PrivateKey: a key pair that is kept in the stack's state and nowhere else. */
import { UNKNOWN, type CheckFailure, type Properties, type ResourceHandler } from "../provider";
import { changedNames } from "../server/differences";
import { ALGORITHMS, CURVES, describeKey, generateKey, idOf, type KeyRequest } from "./keyPair";

/** The real provider's defaults (source: hashicorp/tls, resource `tls_private_key`). */
const DEFAULTS = { rsaBits: 2048, ecdsaCurve: "P224" };

export const privateKey: ResourceHandler = {
  outputs: [
    "privateKeyPem",
    "privateKeyPemPkcs8",
    "privateKeyOpenssh",
    "publicKeyPem",
    "publicKeyOpenssh",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
  ],

  async check(inputs) {
    const complete = { ...DEFAULTS, ...inputs };
    return { inputs: complete, failures: failuresOf(complete) };
  },

  /** A key cannot be changed: whatever differs needs a new one. */
  async diff(_id, olds, news) {
    const changed = changedNames(olds, news);
    return { changed, replaces: changed };
  },

  async create(inputs) {
    const key = await generateKey(inputs as unknown as KeyRequest);
    return { id: idOf(key), state: { ...inputs, ...describeKey(key) } };
  },

  /** The key is nowhere but in the state, which goes with the resource. */
  async delete() {},
};

function failuresOf({ algorithm, ecdsaCurve }: Properties): CheckFailure[] {
  return [
    ...oneOf("algorithm", algorithm, ALGORITHMS),
    ...(algorithm === "ECDSA" ? oneOf("ecdsaCurve", ecdsaCurve, Object.keys(CURVES)) : []),
  ];
}

function oneOf(property: string, value: unknown, allowed: string[]): CheckFailure[] {
  if (value === UNKNOWN || allowed.includes(String(value))) return [];
  return [{ property, reason: `must be one of ${allowed.join(", ")}, got ${String(value)}` }];
}

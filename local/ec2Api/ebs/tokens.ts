/** Tokens as EBS gives them for blocks and pages: of one snapshot, for some days, and nobody can make one up. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Of this server: those of one that has ended are good no longer, as those that have expired. */
const KEY = randomBytes(32);

export interface Sealed {
  snapshotId: string;
  /** Of a block, or of the one that a page begins with. */
  index: number;
  /** Milliseconds since 1970. */
  expires: number;
}

export function seal(what: Sealed): string {
  const text = Buffer.from(JSON.stringify(what)).toString("base64url");
  return `${text}.${signatureOf(text)}`;
}

/** Undefined for what was not sealed here, is of another snapshot, or has expired. */
export function unseal(token: string, snapshotId: string): Sealed | undefined {
  const [text, signature = ""] = token.split(".");
  const [given, wanted] = [Buffer.from(signature), Buffer.from(signatureOf(text))];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const sealed = JSON.parse(Buffer.from(text, "base64url").toString()) as Sealed;
  return sealed.snapshotId === snapshotId && sealed.expires > Date.now() ? sealed : undefined;
}

function signatureOf(text: string): string {
  return createHmac("sha256", KEY).update(text).digest("base64url");
}

/** Identities for tables and partitions that had none: made from the root filesystem's UUID, so that planning twice gives the same. */
import { createHash } from "node:crypto";

/** A disk's signature in a master boot record, never zero. */
export function signatureFrom(uuid: string): string {
  const number = digest(uuid, "disk").readUInt32LE(0) || 1;
  return `0x${number.toString(16).padStart(8, "0")}`;
}

/** A GUID with the marks of RFC 9562's version 8 (made by a rule of one's own). */
export function guidFrom(uuid: string, what: string): string {
  const bytes = digest(uuid, what).subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString("hex").toUpperCase();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function digest(uuid: string, what: string): Buffer {
  return createHash("sha256").update(`pv-to-hvm ${uuid} ${what}`).digest();
}

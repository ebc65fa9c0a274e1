/** Private keys for tests of the component, which are read before anything is made. */
import { generateKeyPairSync } from "node:crypto";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const PEM = privateKey.export({ type: "sec1", format: "pem" }).toString();

/** A key that a test knows again by a word: what stands before a key's first line, every reader passes over. */
export function keyCalled(word: string): string {
  return `${word}\n${PEM}`;
}

/** What a CopyToRemote copies: an asset or archive, as the engine sends it. Pure. */
import { UNKNOWN, type CheckFailure } from "../provider";
import { ARCHIVE_SIGNATURE, ASSET_SIGNATURE, SIGNATURE_KEY } from "../server/signatures";

/** A text, or a path on this machine: a file, or a folder (with a slash at its end only what is in it is copied). */
export type Source = { text: string } | { path: string };

interface AssetValue {
  [SIGNATURE_KEY]?: string;
  hash?: string;
  path?: string;
  text?: string;
  uri?: string;
}

/** `@pulumi/command` 1.2.1 takes file and text assets, and archives that are a path. */
export function sourceFailures(source: unknown): CheckFailure[] {
  if (source === UNKNOWN) return [];
  const { [SIGNATURE_KEY]: signature, path, text } = (source ?? {}) as AssetValue;
  if (signature === ASSET_SIGNATURE && path === undefined && text === undefined) {
    return [{ property: "asset", reason: "asset must be a path-based file asset or a text asset" }];
  }
  if (signature === ARCHIVE_SIGNATURE && !path) {
    return [{ property: "archive", reason: "archive must be a path to a file or directory" }];
  }
  if (signature !== ASSET_SIGNATURE && signature !== ARCHIVE_SIGNATURE) {
    return [{ property: "asset", reason: "either asset or archive must be set" }];
  }
  return [];
}

export function sourceOf(value: unknown): Source {
  const { path, text } = value as AssetValue;
  return path ? { path } : { text: text ?? "" };
}

/** The engine's own digest of what the asset holds. */
export function hashOf(value: unknown): string | undefined {
  return (value as AssetValue | undefined)?.hash;
}

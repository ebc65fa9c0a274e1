import { settingsFiles } from "./settingsFiles";
import type { GuestTree } from "./tree";

/** The first cloud-init that asks for a token: https://github.com/canonical/cloud-init/pull/55 is in 20.1. */
const CLOUD_INIT_WITH_TOKENS = [20, 1];

/** Where Python packages lie, 2 and 3, Debian's and the others'. */
const PYTHON = /^python\d*(?:\.\d+)?$/;

/** The address of the metadata service; what says it and asks for no token is refused where tokens are required. */
const ADDRESS = "169.254.169.254";
const TOKEN = /latest\/api\/token|X-aws-ec2-metadata-token/i;

/** Start scripts of the first years, whose program has the address in another file. */
const START_SCRIPT = /^\/etc\/init\.d\/ec2(?:-|$)/;

/** Names of files that a report lists; any one is reason enough. */
const MOST_FILES = 10;

/**
 * What in a guest reads the instance's metadata as it boots, and knows no token (IMDSv1 alone): cloud-init before 20.1, and
 * scripts of the system's own settings. Each in a few words; empty if there is none. Programs that somebody starts by hand
 * are not among them.
 */
export function findMetadataReaders(tree: GuestTree): string[] {
  return [...cloudInit(tree), ...scripts(tree)];
}

function cloudInit(tree: GuestTree): string[] {
  const versions = packages(tree).map((folder) => versionIn(tree.read(`${folder}/version.py`) ?? ""));
  const known = versions.filter((version) => version !== undefined);
  const isThere = versions.length > 0 || tree.exists("/usr/bin/cloud-init");
  if (!isThere) return [];
  if (known.length === 0) return ["cloud-init, of an unknown version"];
  return known.filter((version) => !knowsTokens(version)).map((version) => `cloud-init ${version}`);
}

/** Folders of cloud-init's own modules; more than one where several Pythons have it. */
function packages(tree: GuestTree): string[] {
  const pythons = ["/usr/lib", "/usr/lib64"].flatMap((folder) =>
    tree
      .list(folder)
      .filter((name) => PYTHON.test(name))
      .map((name) => `${folder}/${name}`),
  );
  const roots = pythons.flatMap((python) => [`${python}/dist-packages`, `${python}/site-packages`]);
  const places = [...roots, "/usr/share/pyshared"].map((root) => `${root}/cloudinit`);
  // One that is a link to another of them is the same one.
  return [...new Set(places.filter((place) => tree.exists(place)).map((place) => tree.resolve(place)))];
}

/** `__VERSION__ = "20.1"`, and before 0.7.7 `return "0.7.5"`. */
function versionIn(text: string): string | undefined {
  return /(?:__VERSION__\s*=|return)\s*["']([\d.]+)/.exec(text)?.[1];
}

function knowsTokens(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [needed, least] = CLOUD_INIT_WITH_TOKENS;
  return major > needed || (major === needed && minor >= least);
}

function scripts(tree: GuestTree): string[] {
  const found: string[] = [];
  for (const path of settingsFiles(tree)) {
    if (found.length >= MOST_FILES) break;
    // cloud-init's own settings name the address and ask nothing.
    if (
      !path.startsWith("/etc/cloud/") &&
      (START_SCRIPT.test(path) || asksWithoutToken(tree.read(path) ?? ""))
    ) {
      found.push(path);
    }
  }
  return found;
}

function asksWithoutToken(text: string): boolean {
  if (text.includes("\0") || !text.includes(ADDRESS) || TOKEN.test(text)) return false;
  return text.split("\n").some((line) => line.includes(ADDRESS) && !/^\s*(?:#|;|\/\/)/.test(line));
}

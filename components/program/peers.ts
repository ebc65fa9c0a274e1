/**
 * The packages of the user's program that the component works with. npm refuses versions that do not fit when it installs
 * them; other package managers only warn, and an old SDK then fails in words that lead nowhere. So importing the component
 * looks at them first, before it loads any of them.
 */
import type { Problem } from "../checks/problems";

/** The oldest version of each that works; the newest is the last of the same major version. A test holds package.json to it. */
export const OLDEST_PEERS = {
  // What is in front of it does not know all that a conversion's key relies on (Pulumi.yaml requires the same engine).
  "@pulumi/pulumi": "3.248.0",
  // `cpuOptions.nestedVirtualization` of an instance, by which the helper rehearses with KVM.
  "@pulumi/aws": "7.20.0",
  // `connection.hostKey`, without which a machine would be trusted unseen, came with 1.1.0, which makes old commands anew.
  "@pulumi/command": "1.1.3",
  "@pulumi/tls": "5.0.1",
} as const;

export type Peer = keyof typeof OLDEST_PEERS;

/** A bundler finds what it has to bring by these words, so each of them stands here whole. */
/* eslint-disable @typescript-eslint/no-require-imports */
const MANIFESTS: Record<Peer, () => unknown> = {
  "@pulumi/pulumi": () => require("@pulumi/pulumi/package.json"),
  "@pulumi/aws": () => require("@pulumi/aws/package.json"),
  "@pulumi/command": () => require("@pulumi/command/package.json"),
  "@pulumi/tls": () => require("@pulumi/tls/package.json"),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The version of that package which this one gets; undefined where it gets none. */
function installedVersion(peer: Peer): string | undefined {
  try {
    return (MANIFESTS[peer]() as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** `^3.248.0`: as package.json has it. */
export function rangeOf(peer: Peer): string {
  return `^${OLDEST_PEERS[peer]}`;
}

/** One for each package that is missing or does not fit. */
export function peerProblems(versionOf: (peer: Peer) => string | undefined = installedVersion): Problem[] {
  return (Object.keys(OLDEST_PEERS) as Peer[]).flatMap((peer) => {
    const [found, oldest] = [versionOf(peer), OLDEST_PEERS[peer]];
    if (found !== undefined && fits(found, oldest)) return [];
    const next = numbersOf(oldest)[0] + 1;
    const is = found === undefined ? "is not installed" : `is version ${found}`;
    return [
      {
        path: peer,
        reason: `${is}, and pv-to-hvm needs ${oldest} or newer, below ${next}.0.0`,
        fix: `Run: npm install ${peer}@${rangeOf(peer)}`,
      },
    ];
  });
}

/** Throws an error that names all of them. Its stack is of no use to the reader, and the program runner leaves it out. */
export function checkPeers(problems: Problem[] = peerProblems()): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, reason, fix }) => `  ${path} ${reason}. ${fix}`);
  const message = ["pv-to-hvm does not fit the packages beside it:", ...lines].join("\n");
  throw Object.assign(new Error(message), { __pulumiRunError: true, stack: message });
}

/** The same major version, and not an older one. A pre-release counts as what it leads to. */
function fits(found: string, oldest: string): boolean {
  const [numbers, needed] = [numbersOf(found), numbersOf(oldest)];
  if (numbers[0] !== needed[0]) return false;
  const place = numbers.findIndex((number, index) => number !== needed[index]);
  return place < 0 || numbers[place] > needed[place];
}

/** Of `v5.0.1`, too: so @pulumi/tls writes its version into its own package.json. */
function numbersOf(version: string): number[] {
  return version.replace(/^v/, "").split(/[-+]/)[0].split(".").map(Number);
}

checkPeers();

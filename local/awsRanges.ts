/**
 * Writes components/checks/awsRanges.ts anew:
 * `node -r ts-node/register/transpile-only local/awsRanges.ts ip-ranges.json`, with AWS's own file of that name
 * (https://ip-ranges.amazonaws.com/ip-ranges.json).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type Block, blockOf, contains, textOf } from "../components/checks/block";
import { WIDEST_OF_AWS } from "../components/checks/cidr";

/** What is read of AWS's file. */
export interface IpRanges {
  /** e.g. 2026-08-22-15-17-05 */
  createDate: string;
  prefixes: { ip_prefix: string }[];
  ipv6_prefixes: { ipv6_prefix: string }[];
}

/** The file's blocks, neighbours put together; without those that one customer may have whole, for which nothing is refused. */
export function blocksOf({ prefixes, ipv6_prefixes }: IpRanges): string[] {
  const cidrs = [
    ...prefixes.map(({ ip_prefix }) => ip_prefix),
    ...ipv6_prefixes.map(({ ipv6_prefix }) => ipv6_prefix),
  ];
  const blocks = cidrs.map((cidr) => blockOf(cidr)!).sort(byAddress);
  return blocks
    .reduce(put, [])
    .filter(({ version, length }) => length < WIDEST_OF_AWS[version])
    .map(textOf);
}

function byAddress(one: Block, other: Block): number {
  if (one.version !== other.version) return one.version - other.version;
  if (one.network !== other.network) return one.network < other.network ? -1 : 1;
  return one.length - other.length;
}

/** Adds a block to others that come before it: inside the last, beside it as its other half, or after it. */
function put(blocks: Block[], next: Block): Block[] {
  const last = blocks.at(-1);
  if (last === undefined) return [next];
  if (contains(last, next)) return blocks;
  const half = blockOf(`${textOf(last).split("/")[0]}/${last.length - 1}`);
  const isOtherHalf = last.length > 0 && last.length === next.length && contains(half!, next);
  // Put together, the two may be a half themselves.
  return isOtherHalf ? put(blocks.slice(0, -1), half!) : [...blocks, next];
}

/** Characters of a line. */
const LINE = 150;

function wrapped(words: string[]): string {
  const lines = [""];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= LINE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** The module's text. */
export function moduleOf(ranges: IpRanges): string {
  return `/**
 * AWS's public address ranges, of https://ip-ranges.amazonaws.com/ip-ranges.json: those of all its services, with neighbours
 * put together. EC2's are among them, and so anybody's who rents a machine. Made by local/awsRanges.ts; not to be edited.
 */
export const AWS_RANGES_DATE = "${ranges.createDate.slice(0, 10)}";

/** In CIDR notation, with white space between them. */
export const AWS_RANGES = \`
${wrapped(blocksOf(ranges))}
\`;
`;
}

if (require.main === module) {
  const ranges = JSON.parse(readFileSync(process.argv[2], "utf8")) as IpRanges;
  writeFileSync("components/checks/awsRanges.ts", moduleOf(ranges));
}

import { AWS_RANGES, AWS_RANGES_DATE } from "./awsRanges";
import { type Block, blockOf, blockOfAddress, isInAny, sharedOf, textOf } from "./block";
import type { Problem } from "./problems";

/**
 * How to find one's own block. The service is AWS's: it answers with the address that a request came from
 * (https://docs.aws.amazon.com/vpc/latest/userguide/working-with-security-group-rules.html).
 */
export const FIND_OWN_ADDRESS =
  "curl https://checkip.amazonaws.com prints the address that this machine has on the internet; with /32 after it, it names that machine alone.";

/** Blocks that stand for addresses in documents, and that no machine has, with what says so. */
const DOCUMENTATION: [cidr: string, source: string][] = [
  ["192.0.2.0/24", "RFC 5737"],
  ["198.51.100.0/24", "RFC 5737"],
  ["203.0.113.0/24", "RFC 5737"],
  ["2001:db8::/32", "RFC 3849"],
  ["3fff::/20", "RFC 9637"],
];

/**
 * Networks that the internet has no route to: RFC 1918's, those of providers' NAT (RFC 6598), of benchmarks (RFC 2544), and
 * unique local addresses (RFC 4193). Who is in one of them came by a VPN, a peering or the VPC itself.
 */
const PRIVATE = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15"],
  "fc00::/7",
];

/** The shortest prefix of a network that may be somebody's own, by the version of IP. */
type Widest = Record<4 | 6, number>;

/** 10.0.0.0/8 is a network that companies have whole. */
const WIDEST_PRIVATE: Widest = { 4: 8, 6: 32 };
/** 4096 addresses; of IPv6 one site's (RFC 6177). */
const WIDEST_PUBLIC: Widest = { 4: 20, 6: 48 };
/**
 * The widest that one customer gets of AWS's ranges: a public IPv4 pool takes blocks of /24 and longer
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ProvisionPublicIpv4PoolCidr.html); of IPv6 a VPC gets a /56, and
 * VPC IPAM a /52 unless more was asked for.
 */
export const WIDEST_OF_AWS: Widest = { 4: 24, 6: 52 };

/** What is wrong with one block that is to reach the helper's ssh port: nothing, or one problem. */
export function cidrProblem(path: string, cidr: string): Problem[] {
  const block = blockOf(cidr);
  if (!block) return [notationProblem(path, cidr)];
  const placeholder = documentedBy(cidr);
  if (placeholder !== undefined) return [onlyAPlaceholder(path, cidr, placeholder)];
  if (isInAny(block, PRIVATE))
    return block.length >= WIDEST_PRIVATE[block.version] ? [] : [tooWide(path, cidr, block)];
  if (block.length < WIDEST_PUBLIC[block.version]) return [tooWide(path, cidr, block)];
  const range = rangeOfAws(block);
  return range === undefined ? [] : [isOfAws(path, cidr, block, range)];
}

/** What is no block in CIDR notation. */
export function notationProblem(path: string, cidr: string): Problem {
  const reason = `must be an address and a prefix length in CIDR notation, got ${JSON.stringify(cidr)}`;
  const fix = cidr.startsWith("pl-")
    ? `A prefix list is not taken: its owner can widen it later. Name its networks: aws ec2 get-managed-prefix-list-entries --prefix-list-id ${cidr} prints them.`
    : "For a single address add /32 (IPv4) or /128 (IPv6).";
  return { path, reason, fix };
}

const lets = (cidr: string) =>
  `${cidr} lets strangers reach the helper, which holds a copy of the source's data`;

function tooWide(path: string, cidr: string, { version }: Block): Problem {
  const limits = `a public one no wider than /${WIDEST_PUBLIC[version]}, a private one no wider than /${WIDEST_PRIVATE[version]}`;
  return { path, reason: lets(cidr), fix: `Name your own network: ${limits}. ${FIND_OWN_ADDRESS}` };
}

/** Whoever rents a machine of EC2's may get an address there. */
function isOfAws(path: string, cidr: string, { version }: Block, range: Block): Problem {
  const reason = `${lets(cidr)}: AWS gives addresses of ${textOf(range)} to any of its customers (ip-ranges.json of ${AWS_RANGES_DATE})`;
  const fix = `Name the address of your own machine, NAT gateway or CI runner there: no wider than /${WIDEST_OF_AWS[version]}. ${FIND_OWN_ADDRESS}`;
  return { path, reason, fix };
}

let ranges: Block[] | undefined;

/** The range of AWS's that a block has more addresses of than one customer gets; undefined where there is none. */
function rangeOfAws(block: Block): Block | undefined {
  ranges ??= AWS_RANGES.trim()
    .split(/\s+/)
    .map((cidr) => blockOf(cidr)!);
  return ranges.find((range) => {
    const shared = sharedOf(range, block);
    return shared !== undefined && shared.length < WIDEST_OF_AWS[block.version];
  });
}

/** It would pass at EC2, and every dial would then go unanswered. */
function onlyAPlaceholder(path: string, cidr: string, source: string): Problem {
  const reason = `${cidr} is a placeholder of documentation's (${source}): no machine has such an address, so the helper would let nobody in`;
  return { path, reason, fix: `Put your own address here. ${FIND_OWN_ADDRESS}` };
}

/** What says that a block's address, as it is written, is for documents alone; undefined for any other address. */
function documentedBy(cidr: string): string | undefined {
  const written = blockOfAddress(cidr.split("/")[0]);
  return DOCUMENTATION.find(([block]) => written && isInAny(written, [block]))?.[1];
}

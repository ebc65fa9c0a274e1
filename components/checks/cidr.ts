import { BlockList, isIP } from "node:net";
import type { Problem } from "./problems";

/**
 * How to find one's own block. The service is AWS's: it answers with the address that a request came from
 * (https://docs.aws.amazon.com/vpc/latest/userguide/working-with-security-group-rules.html).
 */
export const FIND_OWN_ADDRESS =
  "curl https://checkip.amazonaws.com prints the address that this machine has on the internet; with /32 after it, it names that machine alone.";

/** Blocks that stand for addresses in documents, and that no machine has, with what says so. */
const DOCUMENTATION: [network: string, length: number, family: "ipv4" | "ipv6", source: string][] = [
  ["192.0.2.0", 24, "ipv4", "RFC 5737"],
  ["198.51.100.0", 24, "ipv4", "RFC 5737"],
  ["203.0.113.0", 24, "ipv4", "RFC 5737"],
  ["2001:db8::", 32, "ipv6", "RFC 3849"],
  ["3fff::", 20, "ipv6", "RFC 9637"],
];

/** Wider than these, a block is no longer somebody's network (10.0.0.0/8 is; RIRs give out IPv6 /32 and longer). */
const WIDEST = { 4: 8, 6: 32 } as const;

/** What is wrong with one block that is to reach the helper's ssh port: nothing, or one problem. */
export function cidrProblem(path: string, cidr: string): Problem[] {
  const version = ipVersion(cidr);
  if (!version) {
    const reason = `must be an address and a prefix length in CIDR notation, got ${JSON.stringify(cidr)}`;
    return [{ path, reason, fix: "For a single address add /32 (IPv4) or /128 (IPv6)." }];
  }
  const length = Number(cidr.split("/")[1]);
  const placeholder = documentedBy(cidr);
  if (placeholder !== undefined) return [onlyAPlaceholder(path, cidr, placeholder)];
  if (length >= WIDEST[version]) return [];
  const reason = `${cidr} lets strangers reach the helper, which holds a copy of the source's data`;
  const fix = `Name your own network, no wider than /${WIDEST[version]}. ${FIND_OWN_ADDRESS}`;
  return [{ path, reason, fix }];
}

/** It would pass at EC2, and every dial would then go unanswered. */
function onlyAPlaceholder(path: string, cidr: string, source: string): Problem {
  const reason = `${cidr} is a placeholder of documentation's (${source}): no machine has such an address, so the helper would let nobody in`;
  return { path, reason, fix: `Put your own address here. ${FIND_OWN_ADDRESS}` };
}

/** What says that a block's address is for documents alone; undefined for any other address. */
function documentedBy(cidr: string): string | undefined {
  const [address] = cidr.split("/");
  const given = isIP(address) === 4 ? "ipv4" : "ipv6";
  return DOCUMENTATION.find(([network, length, family]) => {
    const block = new BlockList();
    block.addSubnet(network, length, family);
    return family === given && block.check(address, given);
  })?.[3];
}

/**
 * Blocks as EC2 keeps them, each once and in order: an IPv6 address in small letters and its shortest form, and no bit set
 * beyond the prefix. EC2 refuses two rules that are one, pulumi-aws a block with such bits, and either gives back another
 * text than was sent, which would be a change in every preview. What is no block stays as it is.
 */
export function normalizeCidrs(cidrs: string[]): string[] {
  return [...new Set(cidrs.map(normalizeCidr))].sort();
}

function normalizeCidr(cidr: string): string {
  const version = ipVersion(cidr);
  if (!version) return cidr;
  const [address, length] = cidr.split("/");
  const bits = version === 4 ? 32 : 128;
  const kept = BigInt(length) === 0n ? 0n : ((1n << BigInt(length)) - 1n) << BigInt(bits - Number(length));
  const network = (version === 4 ? numberOf4(address) : numberOf6(address)) & kept;
  return `${version === 4 ? textOf4(network) : textOf6(network)}/${Number(length)}`;
}

function numberOf4(address: string): bigint {
  return address.split(".").reduce((number, part) => number * 256n + BigInt(part), 0n);
}

function textOf4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 255n).join(".");
}

/** The last 32 bits may be written as an IPv4 address. */
function numberOf6(address: string): bigint {
  const last = /[\d.]+$/.exec(address)?.[0] ?? "";
  const embedded = isIP(last) === 4 ? numberOf4(last) : undefined;
  const hex = (part: bigint) => part.toString(16);
  const plain =
    embedded === undefined
      ? address
      : `${address.slice(0, -last.length)}${hex(embedded >> 16n)}:${hex(embedded & 0xffffn)}`;
  const [head, tail] = plain.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - (tail?.length ?? 0);
  const parts = tail === undefined ? head : [...head, ...Array<string>(missing).fill("0"), ...tail];
  return parts.reduce((number, part) => number * 65536n + BigInt(`0x${part}`), 0n);
}

/** The URL standard's form of a host is RFC 5952's, as Go's `net/netip` writes it too. */
function textOf6(number: bigint): string {
  const parts = Array.from({ length: 8 }, (_, index) =>
    ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return new URL(`http://[${parts.join(":")}]`).hostname.slice(1, -1);
}

/** 4 or 6 for a block in CIDR notation, undefined for anything else. */
export function ipVersion(cidr: string): 4 | 6 | undefined {
  const [address, length, ...rest] = String(cidr).split("/");
  const version = isIP(address);
  if (rest.length > 0 || !/^\d{1,3}$/.test(length ?? "") || address.includes("%")) return undefined;
  if (version === 4) return Number(length) <= 32 ? 4 : undefined;
  if (version === 6) return Number(length) <= 128 ? 6 : undefined;
  return undefined;
}

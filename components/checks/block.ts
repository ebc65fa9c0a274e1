/** Blocks of addresses in CIDR notation. Pure arithmetic. */
import { isIP } from "node:net";

/** A block of addresses: its first one, and how many bits all of them share. No bit is set beyond those. */
export interface Block {
  version: 4 | 6;
  network: bigint;
  length: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** What a block in CIDR notation stands for; undefined for anything else. */
export function blockOf(cidr: string): Block | undefined {
  const version = ipVersion(cidr);
  if (!version) return undefined;
  const [address, prefix] = cidr.split("/");
  const length = Number(prefix);
  const number = version === 4 ? numberOf4(address) : numberOf6(address);
  return { version, network: cutTo(length, version, number), length };
}

/** The block of one address; undefined for what is none. */
export function blockOfAddress(address: string): Block | undefined {
  const version = isIP(address);
  return version === 4 || version === 6 ? blockOf(`${address}/${BITS[version]}`) : undefined;
}

/** As EC2 keeps a block: IPv6 in small letters and its shortest form. */
export function textOf({ version, network, length }: Block): string {
  return `${version === 4 ? textOf4(network) : textOf6(network)}/${length}`;
}

/** Whether every address of one block is in another. */
export function contains(outer: Block, inner: Block): boolean {
  return (
    outer.version === inner.version &&
    outer.length <= inner.length &&
    cutTo(outer.length, outer.version, inner.network) === outer.network
  );
}

/** Whether every address of a block is in one of several, in CIDR notation. What is no block has no address. */
export function isInAny(block: Block, cidrs: readonly string[]): boolean {
  return cidrs.some((cidr) => {
    const outer = blockOf(cidr);
    return outer !== undefined && contains(outer, block);
  });
}

/** The addresses that two blocks share: the smaller of the two, or none. */
export function sharedOf(one: Block, other: Block): Block | undefined {
  if (contains(one, other)) return other;
  return contains(other, one) ? one : undefined;
}

/**
 * Blocks as EC2 keeps them, each once and in order: an IPv6 address in small letters and its shortest form, and no bit set
 * beyond the prefix. EC2 refuses two rules that are one, pulumi-aws a block with such bits, and either gives back another
 * text than was sent, which would be a change in every preview. What is no block stays as it is.
 */
export function normalizeCidrs(cidrs: string[]): string[] {
  const normalized = cidrs.map((cidr) => {
    const block = blockOf(cidr);
    return block ? textOf(block) : cidr;
  });
  return [...new Set(normalized)].sort();
}

/** 4 or 6 for a block in CIDR notation, undefined for anything else. */
export function ipVersion(cidr: string): 4 | 6 | undefined {
  const [address, length, ...rest] = String(cidr).split("/");
  const version = isIP(address);
  if (rest.length > 0 || !/^\d{1,3}$/.test(length ?? "") || address.includes("%")) return undefined;
  if (version !== 4 && version !== 6) return undefined;
  return Number(length) <= BITS[version] ? version : undefined;
}

function cutTo(length: number, version: 4 | 6, number: bigint): bigint {
  const rest = BigInt(BITS[version] - length);
  return (number >> rest) << rest;
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

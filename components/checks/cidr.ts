import { isIP } from "node:net";
import type { Problem } from "./problems";

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
  if (length >= WIDEST[version]) return [];
  const reason = `${cidr} lets strangers reach the helper, which holds a copy of the source's data`;
  return [
    { path, reason, fix: `Name your own network, no wider than /${WIDEST[version]}, e.g. 203.0.113.7/32.` },
  ];
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

import { createHash } from "node:crypto";
import { BlockList } from "node:net";
import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";
import path from "node:path";
import { Ec2Error } from "./errors";
import type { Collection, Store } from "./store";

/** 198.18.0.0/15, which RFC 2544 sets aside for measuring network devices: no network that a host is in has it. */
const FIRST = (198 << 24) | (18 << 16);
/** A machine takes two of its addresses, the lower for the host and the upper for itself. */
const PAIRS = 2 ** 16;

/** What `os.networkInterfaces` says of this host's addresses. */
export type HostNetworks = () => Pick<NetworkInterfaceInfo, "address" | "family" | "cidr">[];

/**
 * The machines' addresses, another for each start. Each folder begins somewhere else, so that two clouds on one host
 * seldom meet, and what the host has in use at the time is passed over. None is given out twice before all others
 * have been. Nothing has to be given back: an address is in use for as long as its machine's interface is there.
 */
export class Addresses {
  private readonly records: Collection<{ given: number }>;

  constructor(
    private readonly store: Store,
    private readonly hostNetworks: HostNetworks = networksOfThisHost,
  ) {
    this.records = store.collection("addresses");
  }

  /**
   * The next address that is free. To be called under the store's lock.
   * @throws Ec2Error `InsufficientFreeAddressesInSubnet` where the host has a network that covers all of them.
   */
  async next(): Promise<string> {
    const given = (await this.records.get("last"))?.given ?? 0;
    const taken = blockListOf(this.hostNetworks());
    for (let passed = 0; passed < PAIRS; passed++) {
      const lower = lowerAddress(firstPair(this.store.directory) + given + passed);
      if (taken.check(dotted(lower)) || taken.check(dotted(lower + 1))) continue;
      await this.records.put("last", { given: given + passed + 1 });
      return dotted(lower + 1);
    }
    throw new Ec2Error(
      "InsufficientFreeAddressesInSubnet",
      "There are not enough free addresses: this host's own networks take all of 198.18.0.0/15, where machines " +
        "of the local cloud have theirs. `ip address` shows which; take that interface down.",
    );
  }
}

function networksOfThisHost(): ReturnType<HostNetworks> {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
}

function blockListOf(networks: ReturnType<HostNetworks>): BlockList {
  const list = new BlockList();
  for (const { address, family, cidr } of networks) {
    if (family === "IPv4") list.addSubnet(address, Number(cidr?.split("/")[1] ?? 32));
  }
  return list;
}

function lowerAddress(pair: number): number {
  return FIRST + 2 * (pair % PAIRS);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

function firstPair(directory: string): number {
  return createHash("sha256").update(path.resolve(directory)).digest().readUInt32BE(0) % PAIRS;
}

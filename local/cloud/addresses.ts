import { createHash } from "node:crypto";
import path from "node:path";
import type { Collection, Store } from "./store";

/** 127.1.0.0 to 127.254.255.255: the host's own services answer on 127.0.0.0/16. */
const NETWORKS = 254 * 256;
const HOSTS = 254;

/**
 * Loopback addresses, one for each start of an instance. Linux has all of 127.0.0.0/8 at hand without set-up. Each
 * folder begins in a /24 of its own, so that two clouds on one machine seldom meet; none is given out twice before all
 * others have been.
 */
export class Addresses {
  private readonly records: Collection<{ given: number }>;

  constructor(private readonly store: Store) {
    this.records = store.collection("addresses");
  }

  /** The next address. To be called under the store's lock. */
  async next(): Promise<string> {
    const given = (await this.records.get("last"))?.given ?? 0;
    await this.records.put("last", { given: given + 1 });
    return addressAt(firstNetwork(this.store.directory) + Math.floor(given / HOSTS), given % HOSTS);
  }
}

function addressAt(network: number, host: number): string {
  const wrapped = network % NETWORKS;
  return `127.${1 + Math.floor(wrapped / 256)}.${wrapped % 256}.${1 + host}`;
}

function firstNetwork(directory: string): number {
  return createHash("sha256").update(path.resolve(directory)).digest().readUInt32BE(0) % NETWORKS;
}

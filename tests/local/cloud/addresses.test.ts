import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { BlockList } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Addresses, type HostNetworks } from "../../../local/cloud/addresses";
import { Store } from "../../../local/cloud/store";
import { hostEndOf } from "../../../local/machines/network";

/** RFC 2544's. */
const ALLOWED = new BlockList();
ALLOWED.addSubnet("198.18.0.0", 15);

describe("the machines' addresses", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), "addresses-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const of = (folder: string, ...inUse: string[]) =>
    new Addresses(new Store(path.join(directory, folder)), networks(inUse));
  const networks =
    (cidrs: string[]): HostNetworks =>
    () =>
      cidrs.map((cidr) => ({
        address: cidr.split("/")[0],
        family: cidr.includes(":") ? "IPv6" : "IPv4",
        cidr,
      }));
  async function take(addresses: Addresses, count: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) taken.push(await addresses.next());
    return taken;
  }

  it("are in 198.18.0.0/15, each with the host's end just below it, and none twice", async () => {
    const taken = await take(of("cloud"), 300);
    for (const address of taken) {
      assert.ok(ALLOWED.check(address), address);
      assert.ok(ALLOWED.check(hostEndOf(address)));
    }
    assert.equal(new Set(taken).size, 300);
  });

  it("go on where another process of the same cloud left off", async () => {
    const first = await take(of("cloud"), 3);
    const second = await take(of("cloud"), 3);
    assert.equal(new Set([...first, ...second]).size, 6);
  });

  it("begin somewhere else in another cloud, and at the same place in the same one", async () => {
    const [one] = await take(of("one"), 1);
    const [other] = await take(of("other"), 1);
    assert.notEqual(one, other);
    rmSync(path.join(directory, "one"), { recursive: true });
    assert.deepEqual(await take(of("one"), 1), [one]);
  });

  it("pass over what is in use on the host, whichever end it is", async () => {
    const free = await take(of("cloud"), 4);
    rmSync(path.join(directory, "cloud"), { recursive: true });
    const inUse = [`${hostEndOf(free[0])}/31`, `${free[2]}/32`, "fd00::1/64", "10.0.0.1/8"];
    assert.deepEqual(await take(of("cloud", ...inUse), 2), [free[1], free[3]]);
  });

  for (const [network, rest] of [
    ["198.18.0.1/16", /^198\.19\./],
    ["198.19.0.1/16", /^198\.18\./],
  ] as const) {
    it(`keep out of a network that the host is in: ${network}`, async () => {
      for (const address of await take(of("cloud", network), 20)) assert.match(address, rest);
    });
  }

  it("are refused by EC2's code where the host is in a network that takes them all", () =>
    assert.rejects(of("cloud", "198.18.0.1/15").next(), {
      code: "InsufficientFreeAddressesInSubnet",
      message: /198\.18\.0\.0\/15/,
    }));
});

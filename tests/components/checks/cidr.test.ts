/** How wide a network may be that reaches the helper. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { AWS_RANGES, AWS_RANGES_DATE } from "../../../components/checks/awsRanges";
import { type Block, blockOf, contains, sharedOf, textOf } from "../../../components/checks/block";
import { cidrProblem, FIND_OWN_ADDRESS } from "../../../components/checks/cidr";
import { blocksOf, type IpRanges, moduleOf } from "../../../local/awsRanges";

const TOO_WIDE_4 = `Name your own network: a public one no wider than /20, a private one no wider than /8. ${FIND_OWN_ADDRESS}`;
const TOO_WIDE_6 = `Name your own network: a public one no wider than /48, a private one no wider than /32. ${FIND_OWN_ADDRESS}`;
const ofAws = (longest: number) =>
  `Name the address of your own machine, NAT gateway or CI runner there: no wider than /${longest}. ${FIND_OWN_ADDRESS}`;

/** What is refused, with what to do about it; and of AWS's ranges the one that it is in. */
const REFUSED: [cidr: string, fix: string, range?: string][] = [
  // a /8 and a /16 of EC2's, which were let in once
  ["52.0.0.0/8", TOO_WIDE_4],
  ["3.0.0.0/8", TOO_WIDE_4],
  ["52.20.0.0/16", TOO_WIDE_4],
  ["81.2.64.0/19", TOO_WIDE_4],
  ["2a02:8100::/32", TOO_WIDE_6],
  ["2a02:8100:1230::/47", TOO_WIDE_6],
  // around private networks, and beside them
  ["10.0.0.0/7", TOO_WIDE_4],
  ["172.0.0.0/8", TOO_WIDE_4],
  ["172.32.0.0/12", TOO_WIDE_4],
  ["192.169.0.0/16", TOO_WIDE_4],
  ["100.0.0.0/8", TOO_WIDE_4],
  ["198.20.0.0/15", TOO_WIDE_4],
  ["fd00::/8", TOO_WIDE_6],
  ["fe00::/16", TOO_WIDE_6],
  // narrow enough, and AWS's
  ["52.20.16.0/20", ofAws(24), "52.0.0.0/11"],
  ["52.23.254.0/23", ofAws(24), "52.0.0.0/11"],
  ["2600:1f18:4000::/48", ofAws(52), "2600:1f18::/33"],
  ["2600:1f18:4000:1000::/51", ofAws(52), "2600:1f18::/33"],
];

/** Somebody's own. */
const LET_IN = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "fd00::/32"],
  ...["81.2.64.0/20", "81.2.69.142/32", "2a02:8100:1230::/48", "2a02:8100:1230::7/128"],
  // a CI runner, a NAT gateway, a pool of one's own, a VPC: in AWS's ranges
  ...["52.20.16.7/32", "52.20.16.0/28", "52.20.16.0/24", "2600:1f18:4000:ab00::/56", "2600:1f18:4000::/52"],
];

describe("a network that may reach the helper", () => {
  for (const [cidr, fix, range] of REFUSED) {
    it(`is refused where strangers are in it: ${cidr}`, () => {
      const strangers = `${cidr} lets strangers reach the helper, which holds a copy of the source's data`;
      const why =
        range === undefined
          ? ""
          : `: AWS gives addresses of ${range} to any of its customers (ip-ranges.json of ${AWS_RANGES_DATE})`;
      assert.deepEqual(cidrProblem("helper.allowedCidrs[0]", cidr), [
        { path: "helper.allowedCidrs[0]", reason: `${strangers}${why}`, fix },
      ]);
    });
  }

  for (const cidr of LET_IN) {
    it(`is let in where it is somebody's own: ${cidr}`, () => assert.deepEqual(cidrProblem("", cidr), []));
  }

  it("is refused, whichever range of AWS's it is the widest piece of", () => {
    for (const cidr of AWS_RANGES.trim().split(/\s+/)) {
      const [address, length] = cidr.split("/");
      const widest = Math.max(Number(length), cidr.includes(":") ? 48 : 20);
      const [problem] = cidrProblem("", `${address}/${widest}`);
      assert.match(
        problem?.reason ?? "",
        /lets strangers reach the helper.*of AWS|AWS gives addresses/,
        cidr,
      );
    }
  });
});

describe("AWS's ranges", () => {
  const RANGES: IpRanges = {
    createDate: "2026-08-22-15-17-05",
    prefixes: ["52.0.2.0/24", "52.0.3.0/24", "52.0.0.0/23", "52.0.1.0/32", "52.0.8.0/22", "9.9.9.0/24"].map(
      (ip_prefix) => ({ ip_prefix }),
    ),
    ipv6_prefixes: ["2600:1f18::/36", "2600:1f18:1000::/36", "2600:1f19::/56"].map((ipv6_prefix) => ({
      ipv6_prefix,
    })),
  };

  it("are put together of neighbours, without what lies inside another and what one customer may have", () => {
    assert.deepEqual(blocksOf(RANGES), ["52.0.0.0/22", "52.0.8.0/22", "2600:1f18::/35"]);
  });

  it("are kept with their date", () => {
    assert.match(moduleOf(RANGES), /AWS_RANGES_DATE = "2026-08-22"/);
    assert.match(moduleOf(RANGES), /`\n52\.0\.0\.0\/22 52\.0\.8\.0\/22 2600:1f18::\/35\n`/);
  });

  it("stand in the order of their addresses, and none meets another", () => {
    const blocks = AWS_RANGES.trim()
      .split(/\s+/)
      .map((cidr) => blockOf(cidr)!);
    assert.ok(blocks.length > 2000, String(blocks.length));
    for (const [index, block] of blocks.slice(1).entries()) {
      assert.equal(sharedOf(blocks[index], block), undefined, textOf(block));
    }
  });
});

/** Python's own arithmetic of networks is the judge. */
const PYTHON = `
import ipaddress, json, sys
for one, other in json.load(sys.stdin):
    a, b = ipaddress.ip_network(one, strict=False), ipaddress.ip_network(other, strict=False)
    print(json.dumps([str(a), str(b), a.version == b.version and b.subnet_of(a)]))
`;

describe("blocks of addresses", () => {
  it("are what Python's ipaddress makes of them", () => {
    const ofVersion = (address: fc.Arbitrary<string>, bits: number) =>
      fc.tuple(address, fc.integer({ min: 0, max: bits })).map(([text, length]) => `${text}/${length}`);
    const block = fc.oneof(ofVersion(fc.ipV4(), 32), ofVersion(fc.ipV6(), 128));
    const wider = fc.tuple(block, fc.nat(128)).map(([inner, cut]): [string, string] => {
      const [address, length] = inner.split("/");
      return [`${address}/${Math.max(0, Number(length) - cut)}`, inner];
    });
    const pairs = fc.sample(fc.oneof(fc.tuple(block, block), wider), { numRuns: 500, seed: 1 });
    const said = execFileSync("python3", ["-c", PYTHON], { input: JSON.stringify(pairs), encoding: "utf8" });
    const judged = said
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as [string, string, boolean]);
    const ours = pairs.map(([one, other]) => {
      const [a, b] = [blockOf(one), blockOf(other)] as [Block, Block];
      return [textOf(a), textOf(b), contains(a, b)];
    });
    assert.deepEqual(ours, judged);
    assert.ok(judged.some(([, , inside]) => inside));
  });
});

/** What routes mean for a helper. That EC2 is asked for them, and which: `preflight.test.ts`. */
import assert from "node:assert/strict";
import type { Route } from "@aws-sdk/client-ec2";
import { serverOf } from "../../components/checks/url";
import type { PlannedWay } from "../../preflight/plan";
import { judgeWay, routesOf } from "../../preflight/wayOut";

const LOCAL: Route = { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active" };
const to = (DestinationCidrBlock: string, target: Partial<Route>): Route => ({
  ...{ DestinationCidrBlock, State: "active" },
  ...target,
});
const INTERNET = to("0.0.0.0/0", { GatewayId: "igw-1" });
const NAT = to("0.0.0.0/0", { NatGatewayId: "nat-1" });
const TRANSIT = to("10.0.0.0/8", { TransitGatewayId: "tgw-1" });

const MIRRORS: PlannedWay = { isShut: false };
const SHUT: PlannedWay = { isShut: true };
const by = (kind: "proxy" | "mirror", url: string): PlannedWay => ({
  ...{ isShut: false, by: kind, server: serverOf(url) },
});
const PROXY = by("proxy", "http://10.0.0.7:3128");

const ROWS: [
  title: string,
  way: PlannedWay,
  isPublic: boolean | undefined,
  routes: Route[],
  answer: RegExp,
][] = [
  [
    "mirrors by an internet gateway",
    MIRRORS,
    undefined,
    [LOCAL, INTERNET],
    /^yes its mirrors: by the internet gateway igw-1/,
  ],
  ["mirrors by a NAT gateway", MIRRORS, false, [LOCAL, NAT], /^yes its mirrors: by nat-1$/],
  [
    "mirrors without a route",
    MIRRORS,
    false,
    [LOCAL, TRANSIT],
    /^no its mirrors: .*no route to 0\.0\.0\.0\/0\..*helper\.proxy or helper\.mirror/,
  ],
  [
    "mirrors without a route, and a public address",
    MIRRORS,
    true,
    [LOCAL],
    /^no its mirrors: its route table has no route to 0\.0\.0\.0\/0\./,
  ],
  [
    "a gateway that is gone",
    MIRRORS,
    true,
    [{ ...NAT, State: "blackhole" }],
    /^no its mirrors: .*leads to nat-1, which is gone/,
  ],
  [
    "a public address behind NAT",
    MIRRORS,
    true,
    [LOCAL, NAT],
    /^no its mirrors: .*leads to nat-1: a public address cannot be reached/,
  ],
  [
    "a private address behind an internet gateway",
    MIRRORS,
    false,
    [INTERNET],
    /^no its mirrors: .*helper\.usePrivateAddress is set/,
  ],
  [
    "a proxy in the VPC, without any other route",
    PROXY,
    false,
    [LOCAL],
    /^yes its proxy 10\.0\.0\.7: it is in the VPC$/,
  ],
  [
    "a proxy in the VPC, and a public address",
    PROXY,
    true,
    [LOCAL],
    /^no its proxy 10\.0\.0\.7: its route table leads to no 0\.0\.0\.0\/0: a public address cannot be reached/,
  ],
  [
    "a proxy in the VPC, reached by the internet",
    PROXY,
    true,
    [LOCAL, INTERNET],
    /^yes its proxy 10\.0\.0\.7: it is in the VPC$/,
  ],
  [
    "a proxy by the narrowest of routes",
    by("proxy", "http://10.9.0.7"),
    false,
    [LOCAL, NAT, TRANSIT],
    /^unknown its proxy 10\.9\.0\.7: by tgw-1: .*whether it is reached\. Ask who keeps that network whether 10\.9\.0\.7 is reached\.$/,
  ],
  [
    "a proxy without a route",
    by("proxy", "http://172.16.0.7"),
    false,
    [LOCAL],
    /^no its proxy 172\.16\.0\.7: its route table has no route to 172\.16\.0\.7\/32\./,
  ],
  [
    "a mirror by its name, and the internet",
    by("mirror", "http://mirror.internal/debian"),
    false,
    [LOCAL, NAT],
    /^yes its mirror mirror\.internal: by nat-1$/,
  ],
  [
    "a mirror by its name, in a closed network",
    by("mirror", "http://mirror.internal/debian"),
    false,
    [LOCAL],
    /^unknown its mirror mirror\.internal: .*where the mirror is does not show\. See that the address/,
  ],
  ["a proxy that is a secret", { isShut: false, by: "proxy" }, false, [LOCAL], /^unknown its proxy: /],
  ["nothing to connect to", SHUT, false, [LOCAL], /^yes its mirrors: helper\.egressCidrs is empty/],
  [
    "nothing to connect to, and a public address that nothing leads to",
    SHUT,
    undefined,
    [LOCAL],
    /^no its mirrors: .*a public address cannot be reached/,
  ],
];

describe("a helper's way to its packages is judged by its routes:", () => {
  for (const [title, way, isPublic, routes, expected] of ROWS) {
    it(title, () => {
      const machine = {
        ...{ migration: "web", isHelper: true, instanceType: "t3.micro" },
        subnetId: "subnet-1",
        isPublic,
      };
      const { what, answer, found, advice, migrations } = judgeWay(machine, way, routes);
      assert.match(
        `${answer} ${what}: ${found}${advice ? `. ${advice}` : ""}`
          .replace("the helper's way to ", "")
          .replace(" from subnet-1", ""),
        expected,
      );
      assert.equal(answer === "yes", advice === undefined);
      assert.deepEqual(migrations, ["web"]);
    });
  }

  it("of its own table, else of its VPC's main one", () => {
    const main = { VpcId: "vpc-1", Associations: [{ Main: true }], Routes: [NAT] };
    const own = { VpcId: "vpc-1", Associations: [{ SubnetId: "subnet-1" }], Routes: [INTERNET] };
    const other = { VpcId: "vpc-2", Associations: [{ Main: true }], Routes: [LOCAL] };
    assert.deepEqual(routesOf({ SubnetId: "subnet-1", VpcId: "vpc-1" }, [other, main, own]), [INTERNET]);
    assert.deepEqual(routesOf({ SubnetId: "subnet-2", VpcId: "vpc-1" }, [other, own, main]), [NAT]);
    assert.deepEqual(routesOf({ SubnetId: "subnet-2", VpcId: "vpc-3" }, [other, own, main]), []);
  });
});

import assert from "node:assert/strict";
import { firewallOf } from "../../../local/cloud/firewall";
import type { Rule, SecurityGroupRecord } from "../../../local/cloud/securityGroups";
import { hvmRequest, newFixture, newImage, newSnapshot, type Fixture } from "./fixture";

const ANYWHERE = ["0.0.0.0/0"];
const ssh: Rule = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["198.51.100.0/24"] };
const all: Rule = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ANYWHERE };

function group(ingress: Rule[], egress: Rule[] = [], groupId = "sg-1"): SecurityGroupRecord {
  return { groupId, name: "access", description: "", vpcId: "vpc-1", ingress, egress, tags: {} };
}

describe("the firewall of an instance", () => {
  const members = (groupId: string) => (groupId === "sg-1" ? ["198.18.0.1", "198.18.0.3"] : ["198.18.0.5"]);
  const cases: [string, SecurityGroupRecord[], ReturnType<typeof firewallOf>][] = [
    [
      "lets through what its group says",
      [group([ssh], [all])],
      {
        ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ["198.51.100.0/24"] }],
        egress: [{ protocol: "all", fromPort: 0, toPort: 65535, cidrs: ANYWHERE }],
      },
    ],
    [
      "adds its groups up",
      [group([ssh]), group([{ ...ssh, fromPort: 80, toPort: 81 }])],
      {
        ingress: [
          { protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ["198.51.100.0/24"] },
          { protocol: "tcp", fromPort: 80, toPort: 81, cidrs: ["198.51.100.0/24"] },
        ],
        egress: [],
      },
    ],
    ["lets nothing through where its group has no rule", [group([])], { ingress: [], egress: [] }],
    [
      "takes protocols by number, and ICMP without ports",
      [
        group([
          { ...ssh, protocol: "17", fromPort: 53, toPort: 53 },
          { ...ssh, protocol: "icmp", fromPort: -1, toPort: -1 },
        ]),
      ],
      {
        ingress: [
          { protocol: "udp", fromPort: 53, toPort: 53, cidrs: ["198.51.100.0/24"] },
          { protocol: "icmp", fromPort: 0, toPort: 65535, cidrs: ["198.51.100.0/24"] },
        ],
        egress: [],
      },
    ],
    [
      "reads groups, its own too, as the addresses of their members",
      [group([{ protocol: "tcp", fromPort: 1, toPort: 2, self: true, securityGroups: ["sg-2"] }])],
      {
        ingress: [
          {
            protocol: "tcp",
            fromPort: 1,
            toPort: 2,
            cidrs: ["198.18.0.5/32", "198.18.0.1/32", "198.18.0.3/32"],
          },
        ],
        egress: [],
      },
    ],
    [
      "lets nothing through by rules of IPv6, prefix lists and other protocols",
      [
        group([
          { protocol: "tcp", fromPort: 22, toPort: 22, ipv6CidrBlocks: ["::/0"] },
          { protocol: "tcp", fromPort: 22, toPort: 22, prefixListIds: ["pl-1"] },
          { ...ssh, protocol: "50" },
        ]),
      ],
      { ingress: [], egress: [] },
    ],
    [
      "is the default group's where it has none: ssh comes in, nothing goes out",
      [],
      {
        ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ANYWHERE }],
        egress: [],
      },
    ],
  ];
  for (const [what, groups, expected] of cases) {
    it(what, () => assert.deepEqual(firewallOf(groups, members), expected));
  }
});

describe("a machine's firewall", () => {
  let fixture: Fixture;
  let groupId: string;
  let instanceId: string;
  beforeEach(async () => {
    fixture = newFixture();
    const { cloud } = fixture;
    ({ groupId } = await cloud.securityGroups.create({ ...group([ssh]), vpcId: undefined }));
    const { imageId } = await newImage(cloud, hvmRequest((await newSnapshot(cloud)).snapshotId));
    const request = { imageId, instanceType: "t3.micro", securityGroupIds: [groupId] };
    ({ instanceId } = await cloud.instances.run(request));
    await cloud.background.settled();
  });
  afterEach(() => fixture.remove());

  it("is what its groups say when it starts", () => {
    assert.deepEqual(fixture.machines.specs[0].firewall.ingress, [
      { protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ["198.51.100.0/24"] },
    ]);
  });

  it("follows rules that change while it runs", async () => {
    await fixture.cloud.securityGroups.modify(groupId, { ingress: [] });
    assert.deepEqual(fixture.machines.firewalls.get(instanceId), { ingress: [], egress: [] });
  });

  it("follows the groups that it is put into", async () => {
    const { cloud, machines } = fixture;
    const other = await cloud.securityGroups.create({ ...group([], [all]), name: "other", vpcId: undefined });
    await cloud.instances.modify(instanceId, { securityGroupIds: [other.groupId] });
    assert.deepEqual(machines.firewalls.get(instanceId)?.egress, [
      { protocol: "all", fromPort: 0, toPort: 65535, cidrs: ANYWHERE },
    ]);
  });

  it("is left alone by a new tag, and where it does not run", async () => {
    const { cloud, machines } = fixture;
    await cloud.securityGroups.modify(groupId, { tags: { a: "b" } });
    await cloud.instances.stop(instanceId);
    await cloud.background.settled();
    await cloud.securityGroups.modify(groupId, { ingress: [] });
    assert.equal(machines.firewalls.size, 0);
  });
});

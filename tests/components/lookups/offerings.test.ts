import assert from "node:assert/strict";
import type { PvToHvmMigrationArgs } from "../../../components";
import { HELPER_TYPES } from "../../../components/lookups/offerings";
import { ec2Error, IDS, SUBNET, TYPES } from "../ec2";
import { ANSWERS, ARGS, child, LAUNCHING, refuse, register, said, type World } from "../mockEngine";
import { publishedImage, worldWith } from "../published/publishedImages";

const OFFERINGS = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings";
const GET_TYPE = "aws:ec2/getInstanceType:getInstanceType";

/** A region in which each of these types is to be had in these zones alone. The subnet is in us-east-1a. */
function offering(zonesOf: { [type: string]: string[] }): World {
  return {
    calls: {
      [OFFERINGS]: ({ filters }) => {
        const [{ values }] = filters as { values: string[] }[];
        const rows = values.flatMap((type) => (zonesOf[type] ?? []).map((zone) => [type, zone]));
        return { instanceTypes: rows.map(([type]) => type), locations: rows.map(([, zone]) => zone) };
      },
      [GET_TYPE]: ({ instanceType }) => ({
        instanceType,
        ...(TYPES[instanceType as string] ?? TYPES["t3.micro"]),
      }),
    },
  };
}

const OLD_ZONE = offering({
  "m8i-flex.large": ["us-east-1b", "us-east-1c"],
  "m6i.large": ["us-east-1a", "us-east-1b"],
  "m5.large": ["us-east-1a", "us-east-1b"],
});
const named = (instanceType: string): PvToHvmMigrationArgs => ({
  ...ARGS,
  helper: { ...ARGS.helper, instanceType },
});

describe("the helper's type, where none is named,", () => {
  const CHOSEN: [title: string, world: World, type: string][] = [
    ["the first with nested virtualization where the zone has it", {}, "m8i-flex.large"],
    ["the next that the zone has", OLD_ZONE, "m6i.large"],
    [
      "any other with nested virtualization before one without",
      offering({ "c8i.large": ["us-east-1a"], "m7i-flex.large": ["us-east-1a"] }),
      "c8i.large",
    ],
  ];
  for (const [title, world, type] of CHOSEN) {
    it(`is ${title}`, async () => {
      const { registered } = await register(ARGS, world);
      assert.equal(child(registered, "helper").inputs.instanceType, type);
    });
  }

  it("is asked for once, for all zones", async () => {
    const asked: unknown[] = [];
    await register(ARGS, {
      calls: { [OFFERINGS]: (args) => (asked.push(args), ANSWERS[OFFERINGS](args)) },
    });
    assert.deepEqual(asked, [
      { filters: [{ name: "instance-type", values: HELPER_TYPES }], locationType: "availability-zone" },
    ]);
  });

  it("is told to rehearse without KVM where it does, and not where nothing is rehearsed", async () => {
    const told = async (args: PvToHvmMigrationArgs, world: World) =>
      (await said(args, world)).filter((line) => line.includes("KVM"));
    assert.deepEqual(await told(ARGS, OLD_ZONE), [
      "info: The helper is a m6i.large, which has no nested virtualization: the rehearsal is emulated, without KVM, and takes " +
        "minutes in place of seconds.",
    ]);
    assert.deepEqual(await told(ARGS, {}), []);
    assert.deepEqual(await told({ ...ARGS, until: "inspect" }, OLD_ZONE), []);
    assert.deepEqual(await told({ ...ARGS, rehearsal: { skip: true } }, OLD_ZONE), []);
  });
});

const LIST =
  "aws ec2 describe-instance-type-offerings --location-type availability-zone --filters Name=location,Values=us-east-1a";
const REFUSED: [title: string, args: PvToHvmMigrationArgs, world: World, line: string][] = [
  [
    "a named helper type that the zone does not have",
    named("m8i-flex.large"),
    OLD_ZONE,
    `helper.instanceType: m8i-flex.large is not offered in us-east-1a, the zone of helper.subnetId, ${IDS.subnet}. ` +
      "It is offered in us-east-1b, us-east-1c: name a subnet there. Or remove helper.instanceType for a type that the zone has.",
  ],
  [
    "a zone that has none of the helper's own types",
    ARGS,
    offering({ "m8i.large": ["us-east-1b"], "m5.large": ["us-east-1c"] }),
    `helper.instanceType: none of ${HELPER_TYPES.join(", ")} is offered in us-east-1a, the zone of helper.subnetId, ` +
      `${IDS.subnet}. Name a subnet in us-east-1b, us-east-1c, or an x86_64 Nitro type that the zone has: ${LIST} lists them.`,
  ],
  [
    "a launch type that the zone does not have",
    { ...LAUNCHING, launch: { ...LAUNCHING.launch!, instanceType: "t3.micro" } },
    offering({ "m8i-flex.large": ["us-east-1a"], "t3.micro": ["us-east-1d"] }),
    `launch.instanceType: t3.micro is not offered in us-east-1a, the zone of launch.subnetId, ${IDS.subnet}. ` +
      `It is offered in us-east-1d: name a subnet there. Or take another type: ${LIST} lists what us-east-1a has.`,
  ],
  [
    "a role that may not look, by the right that it lacks",
    ARGS,
    {
      calls: {
        [OFFERINGS]: () => {
          throw ec2Error(
            "reading EC2 Instance Type Offerings: operation error EC2: DescribeInstanceTypeOfferings, api error " +
              "UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:iam::1:user/u is not " +
              "authorized to perform: ec2:DescribeInstanceTypeOfferings because no identity-based policy allows it",
          );
        },
      },
    },
    `helper.instanceType: the zones of ${HELPER_TYPES.join(", ")} could not be looked up (reading EC2 Instance Type Offerings: ` +
      "operation error EC2: DescribeInstanceTypeOfferings, api error UnauthorizedOperation: You are not authorized to perform " +
      "this operation. User: arn:aws:iam::1:user/u is not authorized to perform: ec2:DescribeInstanceTypeOfferings because no " +
      "identity-based policy allows it). These credentials lack the right to ec2:DescribeInstanceTypeOfferings. " +
      "policies/preview.json has it (docs/rights.md).",
  ],
];

describe("a type that a zone does not have is refused before anything is made:", () => {
  for (const [title, args, world, line] of REFUSED) {
    it(title, async () => {
      const { messages, registered } = await refuse(args, world);
      assert.deepEqual(messages, [`web: one problem, nothing was created.\n  ${line}`]);
      assert.deepEqual(registered, []);
    });
  }

  it("but not where the image is published, and needs no helper any more", async () => {
    const { calls } = worldWith([publishedImage()]);
    const world = { calls: { ...OLD_ZONE.calls, ...calls } };
    const lines = await said(named("m8i-flex.large"), world);
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(
      lines[0],
      /^info: helper\.instanceType: m8i-flex\.large is not offered in us-east-1a.* does not need it/,
    );
  });
});

describe("what a subnet is held against:", () => {
  const GET_SUBNET = "aws:ec2/getSubnet:getSubnet";
  const where = (change: object): World => ({ calls: { [GET_SUBNET]: () => ({ ...SUBNET, ...change }) } });
  const ELSEWHERE =
    "Name a subnet in a zone of the region itself: the image can be launched elsewhere all the same.";
  const OUTPOST = "arn:aws:outposts:us-east-1:123456789012:outpost/op-1";
  const everywhere = (zone: string): World => ({
    calls: {
      ...where({ availabilityZone: zone }).calls,
      [OFFERINGS]: () => ({ instanceTypes: ["m5.large"], locations: [zone] }),
      [GET_TYPE]: () => TYPES["t3.micro"],
    },
  });
  const ROWS: [title: string, args: PvToHvmMigrationArgs, world: World, line: string][] = [
    [
      "a helper in a Local Zone",
      ARGS,
      everywhere("us-west-2-lax-1a"),
      `helper.subnetId: ${IDS.subnet} is in us-west-2-lax-1a, a Local Zone. ${ELSEWHERE}`,
    ],
    [
      "a helper in a Wavelength Zone",
      ARGS,
      everywhere("us-east-1-wl1-bos-wlz-1"),
      `helper.subnetId: ${IDS.subnet} is in us-east-1-wl1-bos-wlz-1, a Wavelength Zone. ${ELSEWHERE}`,
    ],
    [
      "a helper on an Outpost",
      ARGS,
      where({ outpostArn: OUTPOST }),
      `helper.subnetId: ${IDS.subnet} is on the Outpost ${OUTPOST}. ${ELSEWHERE}`,
    ],
    [
      "a helper without an IPv4 address",
      ARGS,
      where({ ipv6Native: true }),
      `helper.subnetId: ${IDS.subnet} is a subnet for IPv6 alone, and what runs in it has no IPv4 address to be reached by. ` +
        "Name a subnet with IPv4 addresses.",
    ],
    [
      "a launch into a subnet that another account shares, without a group",
      LAUNCHING,
      where({ ownerId: "999999999999" }),
      `launch.securityGroupIds: is missing, and ${IDS.subnet} is shared by account 999999999999, to which the VPC's default ` +
        "group belongs. Name a security group that this account has made in that VPC.",
    ],
  ];
  for (const [title, args, world, line] of ROWS) {
    it(title, async () => {
      const { messages } = await refuse(args, world);
      assert.deepEqual(messages, [`web: one problem, nothing was created.\n  ${line}`]);
    });
  }

  for (const zone of ["eu-west-1c", "us-gov-west-1a", "cn-north-1b", "ap-southeast-2a"]) {
    it(`${zone} is a zone of its region`, async () => {
      const { registered } = await register(ARGS, everywhere(zone));
      assert.equal(child(registered, "source").inputs.availabilityZone, zone);
    });
  }

  it("a shared subnet with a group of one's own is taken", async () => {
    const launch = { ...LAUNCHING.launch!, securityGroupIds: ["sg-0aaaaaaaaaaaaaaaa"] };
    await register({ ...LAUNCHING, launch }, where({ ownerId: "999999999999" }));
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { LaunchArgs, PvToHvmMigrationArgs } from "../../../components";
import { ec2Error, IDS } from "../ec2";
import { keyCalled } from "../keys";
import {
  ANSWERS,
  ARGS,
  child,
  LAUNCHING,
  PREPARING,
  refuse,
  register,
  said,
  type World,
} from "../mockEngine";
import { publishedImage, worldWith } from "../published/publishedImages";

const GET_INSTANCE = "aws:ec2/getInstance:getInstance";
const GET_INSTANCES = "aws:ec2/getInstances:getInstances";
const GET_SUBNET = "aws:ec2/getSubnet:getSubnet";
const VPC = "vpc-0eeeeeeeeeeeeeeee";
const OTHER_VPC = "vpc-0dddddddddddddddd";
const GROUP = "sg-0aaaaaaaaaaaaaaaa";
const OTHER_GROUP = "sg-0bbbbbbbbbbbbbbbb";
const LOST_GROUP = "sg-0cccccccccccccccc";
const LOST_SUBNET = "subnet-0dddddddddddddddd";

/** An account without the key pair `gone`, the group and the subnet that are lost, and with a group of another VPC. */
const WORLD: World = {
  calls: {
    "aws:ec2/getKeyPair:getKeyPair": ({ keyName }) => {
      if (keyName === "gone") throw ec2Error("no matching EC2 Key Pair found");
      return { id: "key-0ffffffffffffffff", keyName };
    },
    "aws:ec2/getSecurityGroup:getSecurityGroup": ({ id }) => {
      if (id === LOST_GROUP) throw ec2Error("no matching EC2 Security Group found");
      return { id, vpcId: id === OTHER_GROUP ? OTHER_VPC : VPC };
    },
    [GET_SUBNET]: (args) => {
      if (args.id === LOST_SUBNET) throw ec2Error("InvalidSubnetID.NotFound: The subnet ID does not exist");
      return ANSWERS[GET_SUBNET](args);
    },
  },
};

const launching = (change: Partial<LaunchArgs>): PvToHvmMigrationArgs => ({
  ...LAUNCHING,
  launch: { ...LAUNCHING.launch!, ...change },
});

const NO_KEY_PAIR =
  "launch.keyName: key pair gone is not to be found (no matching EC2 Key Pair found). " +
  "Check its name and the region: aws ec2 describe-key-pairs lists those that there are.";
const LOST =
  `launch.securityGroupIds[1]: security group ${LOST_GROUP} is not to be found (no matching EC2 Security Group found). ` +
  "Check the id, the region and that this account may read it.";
const APART =
  `launch.securityGroupIds[0]: ${OTHER_GROUP} is a group of ${OTHER_VPC}, but launch.subnetId, ${IDS.subnet}, is a subnet of ` +
  `${VPC}. Name a group of ${VPC}, or a subnet of ${OTHER_VPC}: an instance takes no group of another VPC.`;

const ROWS: [title: string, change: Partial<LaunchArgs>, lines: string[]][] = [
  ["a key pair that is not there", { keyName: "gone" }, [NO_KEY_PAIR]],
  ["one of two security groups that is not there", { securityGroupIds: [GROUP, LOST_GROUP] }, [LOST]],
  ["a security group of another VPC than the subnet", { securityGroupIds: [OTHER_GROUP] }, [APART]],
  [
    "a subnet that is not there",
    { subnetId: LOST_SUBNET, securityGroupIds: [OTHER_GROUP] },
    [
      `launch.subnetId: subnet ${LOST_SUBNET} is not to be found (InvalidSubnetID.NotFound: The subnet ID does not exist). ` +
        "Check the id, the region and that this account may read it.",
    ],
  ],
  [
    "all of it at once, as outputs too",
    { keyName: pulumi.output("gone"), securityGroupIds: pulumi.output([OTHER_GROUP, LOST_GROUP]) },
    [APART, LOST, NO_KEY_PAIR],
  ],
];

describe("where a launch goes is looked up before anything is made:", () => {
  for (const [title, change, lines] of ROWS) {
    it(title, async () => {
      const { messages, registered } = await refuse(launching(change), WORLD);
      const heading = `web: ${lines.length === 1 ? "one problem" : `${lines.length} problems`}, nothing was created.`;
      assert.deepEqual(messages, [[heading, ...lines.map((line) => `  ${line}`)].join("\n")]);
      assert.deepEqual(
        registered.map(({ name }) => name),
        [],
      );
    });
  }

  it("what is there, and belongs together, is taken", async () => {
    const { registered } = await register(launching({ keyName: "mine", securityGroupIds: [GROUP] }), WORLD);
    assert.equal(child(registered, "instance").inputs.keyName, "mine");
  });

  it("what the program makes itself is not asked for, and puts nothing else off", async () => {
    await pulumi.runtime.setMocks(
      { newResource: () => ({ id: LOST_GROUP, state: {} }), call: () => ({}) },
      "project",
      "stack",
    );
    class Group extends pulumi.CustomResource {
      constructor() {
        super("aws:ec2/securityGroup:SecurityGroup", "own");
      }
    }
    const own = new Group().id;
    const { messages } = await refuse(
      launching({ securityGroupIds: [own, OTHER_GROUP], keyName: own.apply(() => "gone") }),
      WORLD,
    );
    assert.deepEqual(messages, [`web: one problem, nothing was created.\n  ${APART.replace("[0]", "[1]")}`]);
  });

  describe("a key pair that was deleted after the launch", () => {
    /** The account with a launched instance, made with this key pair. */
    const launched = (keyName: string, finished = true): World => ({
      calls: {
        ...WORLD.calls,
        ...worldWith([publishedImage(finished ? undefined : { "source.imageId": "ami-0123456789abcdef0" })])
          .calls,
        [GET_INSTANCES]: ({ filters }) => {
          const tags = JSON.stringify(filters);
          const isAsked = [
            '"tag:pv-to-hvm:role","values":["instance"]',
            '"values":["project/stack"]',
            '"values":["web"]',
          ].every((part) => tags.includes(part));
          return { ids: isAsked ? ["i-0bbbbbbbbbbbbbbbb"] : [] };
        },
        [GET_INSTANCE]: (args) => ({ ...ANSWERS[GET_INSTANCE](args), keyName }),
      },
    });

    it("does not matter to an instance that stays, whichever it has", async () => {
      for (const world of [launched("gone"), launched("gone", false), launched("mine")]) {
        const lines = await said(launching({ keyName: "gone" }), world);
        assert.deepEqual(
          lines.filter((line) => line.includes("keyName")),
          [
            "info: launch.keyName: key pair gone is not to be found (no matching EC2 Key Pair found). " +
              "The launched instance is there, and goes on as it is; a new one would need it.",
          ],
        );
      }
    });

    for (const [title, args, world] of [
      ["would be replaced for it", launching({ keyName: "gone", onNewImage: "replace" }), launched("mine")],
      ["will be replaced", launching({ keyName: "gone", onNewImage: "replace" }), launched("gone", false)],
    ] as const) {
      it(`is a problem where the instance ${title}`, async () => {
        assert.deepEqual((await refuse(args, world)).messages, [
          `web: one problem, nothing was created.\n  ${NO_KEY_PAIR}`,
        ]);
      });
    }
  });
});

describe("a private key that a program gives as a secret", () => {
  const README = pulumi.secret("# Keys\n");
  const reason =
    "is no private key that ssh can use: it is a text of one line without a line -----BEGIN …. " +
    "Give the private key whole, from its line -----BEGIN … PRIVATE KEY----- to its line -----END.";
  const connection = { user: "root", privateKey: README, jumpHost: { host: "h", privateKey: README } };
  const PLACES: [path: string, args: PvToHvmMigrationArgs][] = [
    ["launch.connection", { ...LAUNCHING, launch: { ...LAUNCHING.launch!, connection } }],
    ["source.connection", { ...PREPARING, source: { instanceId: IDS.instance, connection } }],
  ];
  for (const [path, args] of PLACES) {
    it(`is judged before anything is made: ${path}, its jump host's too`, async () => {
      const { messages } = await refuse(args);
      const lines = [`${path}.privateKey`, `${path}.jumpHost.privateKey`].map(
        (each) => `  ${each}: ${reason}`,
      );
      assert.deepEqual(messages, [["web: 2 problems, nothing was created.", ...lines].join("\n")]);
    });
  }

  it("is judged before anything is made: helper.jumpHost", async () => {
    const helper = { ...ARGS.helper, jumpHost: { host: "h", privateKey: README } };
    const { messages } = await refuse({ ...ARGS, helper });
    assert.deepEqual(messages, [
      `web: one problem, nothing was created.\n  helper.jumpHost.privateKey: ${reason}`,
    ]);
  });

  it("makes no secret of what was found", async () => {
    const privateKey = pulumi.secret(keyCalled("PRIVATE-KEY"));
    const login = { user: "root", privateKey };
    const { registered } = await register({
      ...LAUNCHING,
      launch: { ...LAUNCHING.launch!, connection: login },
    });
    assert.equal(child(registered, "destination").inputs.size, 9);
  });
});

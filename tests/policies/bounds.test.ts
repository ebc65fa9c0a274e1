/** How far the policies reach: what belongs to somebody else stays as it is. */
import assert from "node:assert/strict";
import { allows, type Asked, isAllowed, readPolicy } from "./policy";

const UP = ["preview", "up"];
const WITH_SOURCES = [...UP, "preview-live-source", "up-live-source"];

const arn = (kind: string, id = "x") =>
  ["image", "snapshot"].includes(kind)
    ? `arn:aws:ec2:us-east-1::${kind}/${id}`
    : `arn:aws:ec2:us-east-1:123456789012:${kind}/${id}`;
const tagged = { "aws:ResourceTag/pv-to-hvm:stack": "pv-to-hvm/prod" };
const tagging = { "aws:RequestTag/pv-to-hvm:stack": "pv-to-hvm/prod" };

const asked = (name: string, kind: string, context?: Asked["context"]): Asked => ({
  action: `ec2:${name}`,
  arn: arn(kind),
  context,
});

/** An action that changes or removes something, and the kinds of things that it touches. */
const CHANGES: [name: string, ...kinds: string[]][] = [
  ["TerminateInstances", "instance"],
  ["StopInstances", "instance"],
  ["StartInstances", "instance"],
  ["ModifyInstanceAttribute", "instance"],
  ["DeleteVolume", "volume"],
  ["AttachVolume", "volume", "instance"],
  ["DetachVolume", "volume", "instance"],
  ["CreateSnapshot", "volume"],
  ["DeleteSnapshot", "snapshot"],
  ["RegisterImage", "snapshot"],
  ["DeregisterImage", "image"],
  ["ModifyImageAttribute", "image"],
  ["DeleteSecurityGroup", "security-group"],
  ["AuthorizeSecurityGroupIngress", "security-group"],
  ["AuthorizeSecurityGroupEgress", "security-group"],
  ["RevokeSecurityGroupIngress", "security-group"],
  ["RevokeSecurityGroupEgress", "security-group"],
  ["DeleteTags", "instance", "volume", "snapshot", "image", "security-group"],
];

/** What is made, and what it is made of. */
const MAKING: [name: string, made: string, ...of: string[]][] = [
  [
    "RunInstances",
    "instance",
    "image",
    "subnet",
    "security-group",
    "key-pair",
    "network-interface",
    "volume",
  ],
  ["CreateVolume", "volume", "snapshot"],
  ["CreateSecurityGroup", "security-group", "vpc"],
  ["CreateSnapshot", "snapshot"],
];

describe("a role that may run migrations", () => {
  for (const [name, ...kinds] of CHANGES) {
    for (const kind of kinds) {
      it(`may ${name} where the ${kind} carries the tag of a migration, and nowhere else`, () => {
        assert.equal(isAllowed(UP, asked(name, kind, tagged)), true);
        assert.equal(isAllowed(UP, asked(name, kind)), false);
        // A tag in the request is no tag of the thing that is there.
        assert.equal(isAllowed(UP, asked(name, kind, tagging)), false);
      });
    }
  }

  for (const [name, made, ...of] of MAKING) {
    it(`may ${name} with the tag in the request, of whatever there is, and not without`, () => {
      assert.equal(isAllowed(UP, asked(name, made, tagging)), true);
      assert.equal(isAllowed(UP, asked(name, made)), false);
      for (const kind of of) assert.equal(isAllowed(UP, asked(name, kind)), true, kind);
    });
  }

  it("may register an image, which gets its tags right after", () => {
    assert.equal(isAllowed(UP, asked("RegisterImage", "image")), true);
    assert.equal(isAllowed(UP, asked("CreateTags", "image", tagging)), true);
    assert.equal(isAllowed(UP, asked("CreateTags", "volume", tagging)), true);
  });

  it("may tag what is just being made", () => {
    const creating = { ...tagging, "ec2:CreateAction": "RunInstances" };
    assert.equal(isAllowed(UP, asked("CreateTags", "instance", creating)), true);
    const importing = { ...tagging, "ec2:CreateAction": "ImportKeyPair" };
    assert.equal(isAllowed(UP, asked("CreateTags", "instance", importing)), false);
  });

  for (const kind of ["instance", "snapshot", "security-group", "vpc", "subnet"]) {
    it(`may not tag a ${kind} of others to get at it`, () => {
      assert.equal(isAllowed(UP, asked("CreateTags", kind, tagging)), false);
    });
  }

  for (const kind of ["image", "volume"]) {
    it(`may tag no ${kind} with anything but the tag of a migration`, () => {
      assert.equal(isAllowed(UP, asked("CreateTags", kind, { "aws:RequestTag/Name": "mine" })), false);
    });
  }

  it("sees into the user data of its own instances only", () => {
    const looking = (context?: Asked["context"]) => asked("DescribeInstanceAttribute", "instance", context);
    assert.equal(isAllowed(UP, looking(tagged)), true);
    assert.equal(isAllowed(UP, looking()), false);
  });
});

describe("a role that may migrate volumes and instances", () => {
  const ADDED: [name: string, kind: string][] = [
    ["CreateSnapshot", "volume"],
    ["StopInstances", "instance"],
    ["StartInstances", "instance"],
    ["DescribeInstanceAttribute", "instance"],
  ];
  for (const [name, kind] of ADDED) {
    it(`may ${name} of a source that carries no tag`, () => {
      assert.equal(isAllowed(WITH_SOURCES, asked(name, kind)), true);
    });
  }

  for (const [name, kind] of [
    ["TerminateInstances", "instance"],
    ["ModifyInstanceAttribute", "instance"],
    ["DeleteVolume", "volume"],
    ["DetachVolume", "volume"],
  ] as const) {
    it(`may not ${name} of a source`, () => {
      assert.equal(isAllowed(WITH_SOURCES, asked(name, kind)), false);
    });
  }
});

describe("a role that may sweep", () => {
  for (const [name, kind] of [
    ["TerminateInstances", "instance"],
    ["DeleteVolume", "volume"],
    ["DeleteSecurityGroup", "security-group"],
    ["DeregisterImage", "image"],
    ["DeleteSnapshot", "snapshot"],
  ] as const) {
    it(`may ${name} where the tag is, and nowhere else`, () => {
      assert.equal(isAllowed(["sweep"], asked(name, kind, tagged)), true);
      assert.equal(isAllowed(["sweep"], asked(name, kind)), false);
    });
  }

  const SNAPSHOTS: [role: string, may: boolean][] = [
    ["source-snapshot", true],
    ["snapshot", false],
  ];
  for (const [role, may] of SNAPSHOTS) {
    it(`may ${may ? "" : "not "}delete a ${role} where it is not given images`, () => {
      const deleting = (context: Asked["context"]) => {
        const { Statement } = readPolicy("sweep");
        const without = Statement.filter(({ Sid }) => Sid !== "RemoveImages");
        assert.equal(without.length, Statement.length - 1);
        return without.some((statement) => allows(statement, asked("DeleteSnapshot", "snapshot", context)));
      };
      const roleTag = { "aws:ResourceTag/pv-to-hvm:role": role };
      assert.equal(deleting({ ...tagged, ...roleTag }), may);
      // The tag of the role alone is nobody's, that of the stack alone some other snapshot's.
      assert.equal(deleting(roleTag), false);
      assert.equal(deleting(tagged), false);
    });
  }
});

describe("a role that may use a KMS key for migrations", () => {
  const key = "arn:aws:kms:REGION:ACCOUNT-ID:key/KEY-ID";
  const use = (action: string, context?: Asked["context"], of = key) =>
    isAllowed(["up-kms"], { action, arn: of, context });

  it("may use it through EC2 alone", () => {
    assert.equal(use("kms:Decrypt", { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" }), true);
    assert.equal(use("kms:Decrypt", { "kms:ViaService": "s3.eu-west-1.amazonaws.com" }), false);
    assert.equal(use("kms:Decrypt", { "kms:ViaService": "ec2.cn-north-1.amazonaws.com.cn" }), true);
    assert.equal(use("kms:Decrypt", { "kms:ViaService": "s3.cn-north-1.amazonaws.com.cn" }), false);
    assert.equal(use("kms:Decrypt"), false);
  });

  it("may grant it to AWS's own resources alone", () => {
    assert.equal(use("kms:CreateGrant", { "kms:GrantIsForAWSResource": "true" }), true);
    assert.equal(use("kms:CreateGrant", { "kms:GrantIsForAWSResource": "false" }), false);
  });

  it("may not use another", () => {
    const through = { "kms:ViaService": "ec2.eu-west-1.amazonaws.com" };
    assert.equal(use("kms:Decrypt", through, "arn:aws:kms:REGION:ACCOUNT-ID:key/OTHER"), false);
  });
});

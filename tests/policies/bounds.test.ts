/** How far the policies reach: what belongs to somebody else stays as it is. */
import assert from "node:assert/strict";
import { taggedKinds } from "../../components/resources";
import { allows, type Asked, isAllowed, readPolicy } from "./policy";

const UP = ["preview", "up"];
const WITH_SOURCES = [...UP, "preview-live-source", "up-live-source"];

const arn = (kind: string, id = "x") =>
  ["image", "snapshot"].includes(kind)
    ? `arn:aws:ec2:us-east-1::${kind}/${id}`
    : `arn:aws:ec2:us-east-1:123456789012:${kind}/${id}`;
const STACK = "pv-to-hvm/prod";
const taggedAs = (role: string, stack = STACK) => ({
  "aws:ResourceTag/pv-to-hvm:stack": stack,
  "aws:ResourceTag/pv-to-hvm:role": role,
});
/** Tags of the stack alone: of what somebody has put there by hand. */
const tagged = { "aws:ResourceTag/pv-to-hvm:stack": STACK };
const tagging = { "aws:RequestTag/pv-to-hvm:stack": STACK };
const taggingAs = (role: string) => ({ ...tagging, "aws:RequestTag/pv-to-hvm:role": role });

const asked = (name: string, kind: string, context?: Asked["context"]): Asked => ({
  action: `ec2:${name}`,
  arn: arn(kind),
  context,
});

/** Every role of a migration's things, with EC2's word for what it is. */
const ROLES = [...taggedKinds()].map(([role, kind]): [role: string, kind: string] => [
  role,
  kind.replace(" ", "-"),
]);

/** An action that changes or removes something, and the roles of the things that it is for. */
const CHANGES: [name: string, ...roles: string[]][] = [
  ["TerminateInstances", "helper", "instance"],
  ["StopInstances", "helper", "instance"],
  ["StartInstances", "helper", "instance"],
  ["ModifyInstanceAttribute", "instance"],
  ["DeleteVolume", "destination", "source"],
  ["AttachVolume", "destination", "helper", "source"],
  ["DetachVolume", "destination", "helper", "source"],
  ["CreateSnapshot", "destination", "source"],
  ["DeleteSnapshot", "snapshot", "source-snapshot"],
  ["RegisterImage", "snapshot", "source-snapshot"],
  ["DeregisterImage", "image"],
  ["ModifyImageAttribute", "image"],
  ["DeleteSecurityGroup", "access"],
  ["AuthorizeSecurityGroupIngress", "access"],
  ["AuthorizeSecurityGroupEgress", "access"],
  ["RevokeSecurityGroupIngress", "access"],
  ["RevokeSecurityGroupEgress", "access"],
  ["DeleteTags", ...ROLES.map(([role]) => role)],
  ["CreateTags", ...ROLES.map(([role]) => role)],
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
  for (const [name, ...roles] of CHANGES) {
    const kinds = new Set(ROLES.filter(([role]) => roles.includes(role)).map(([, kind]) => kind));
    for (const [role, kind] of ROLES.filter(([, each]) => kinds.has(each))) {
      const may = roles.includes(role);
      it(`may ${may ? "" : "not "}${name} a migration's ${role}`, () => {
        assert.equal(isAllowed(UP, asked(name, kind, taggedAs(role))), may);
      });
    }
    for (const kind of kinds) {
      it(`may not ${name} where the ${kind} is nobody's migration's`, () => {
        const role = ROLES.find(([each, of]) => roles.includes(each) && of === kind)?.[0] ?? "";
        assert.equal(isAllowed(UP, asked(name, kind)), false);
        assert.equal(
          isAllowed(UP, asked(name, kind, { "aws:ResourceTag/pv-to-hvm:role": role })),
          false,
          "the role alone",
        );
        // A tag in the request is no tag of the thing that is there.
        if (name !== "CreateTags") assert.equal(isAllowed(UP, asked(name, kind, taggingAs(role))), false);
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
    assert.equal(isAllowed(UP, asked("CreateTags", "image", taggingAs("image"))), true);
  });

  for (const role of ["helper-root", "root"]) {
    it(`may tag a volume as ${role}, and then neither delete it nor make it something else`, () => {
      const there = taggedAs(role);
      assert.equal(isAllowed(UP, asked("CreateTags", "volume", taggingAs(role))), true);
      for (const name of ["DeleteVolume", "DetachVolume", "AttachVolume", "CreateSnapshot"])
        assert.equal(isAllowed(UP, asked(name, "volume", there)), false, name);
      for (const other of ["source", "destination"]) {
        assert.equal(isAllowed(UP, asked("CreateTags", "volume", { ...there, ...taggingAs(other) })), false);
        assert.equal(isAllowed(UP, asked("CreateTags", "volume", taggingAs(other))), false, "untagged");
        // Of a migration's stack, and of no role any more.
        assert.equal(isAllowed(UP, asked("CreateTags", "volume", { ...tagged, ...taggingAs(other) })), false);
      }
    });
  }

  it("may tag what is just being made", () => {
    const creating = { ...tagging, "ec2:CreateAction": "RunInstances" };
    assert.equal(isAllowed(UP, asked("CreateTags", "instance", creating)), true);
    const importing = { ...tagging, "ec2:CreateAction": "ImportKeyPair" };
    assert.equal(isAllowed(UP, asked("CreateTags", "instance", importing)), false);
  });

  for (const kind of ["instance", "snapshot", "security-group", "vpc", "subnet"]) {
    it(`may not tag a ${kind} of others to get at it`, () => {
      for (const [role] of ROLES)
        assert.equal(isAllowed(UP, asked("CreateTags", kind, taggingAs(role))), false, role);
    });
  }

  for (const kind of ["image", "volume"]) {
    it(`may tag no ${kind} with anything but the tags of a migration`, () => {
      assert.equal(isAllowed(UP, asked("CreateTags", kind, { "aws:RequestTag/Name": "mine" })), false);
      assert.equal(isAllowed(UP, asked("CreateTags", kind, tagging)), false);
    });
  }

  it("sees into the user data of its own machines only", () => {
    const looking = (context?: Asked["context"]) => asked("DescribeInstanceAttribute", "instance", context);
    for (const role of ["helper", "instance"])
      assert.equal(isAllowed(UP, looking(taggedAs(role))), true, role);
    assert.equal(isAllowed(UP, looking(tagged)), false);
    assert.equal(isAllowed(UP, looking()), false);
  });

  it("puts no machine into another group, unless it has up-change-groups, and then in that VPC alone", () => {
    for (const kind of ["network-interface", "security-group"]) {
      const inVpc = (id: string) =>
        asked("ModifyNetworkInterfaceAttribute", kind, { "ec2:Vpc": arn("vpc", id) });
      assert.equal(isAllowed(UP, inVpc("VPC-ID")), false);
      assert.equal(isAllowed([...UP, "up-change-groups"], inVpc("VPC-ID")), true);
      assert.equal(isAllowed([...UP, "up-change-groups"], inVpc("vpc-other")), false);
    }
  });
});

describe("a role that may run one stack's migrations, with up-narrow", () => {
  const [OURS, THEIRS] = ["PROJECT/STACK", "PROJECT/OTHER"];
  const here = (kind: string, id = "x") =>
    arn(kind, id).replace("us-east-1", "REGION").replace("123456789012", "ACCOUNT-ID");
  const may = (name: string, kind: string, context?: Asked["context"], id?: string) =>
    isAllowed(["up-narrow"], { action: `ec2:${name}`, arn: here(kind, id), context });

  for (const [name, ...roles] of CHANGES) {
    it(`may ${name} what is of its stack, and nothing of another`, () => {
      for (const [role, kind] of ROLES.filter(([each]) => roles.includes(each))) {
        assert.equal(may(name, kind, taggedAs(role, OURS)), true, role);
        assert.equal(may(name, kind, taggedAs(role, THEIRS)), false, role);
      }
    });
  }

  it("makes what is its stack's, and of what it is told to", () => {
    const inRequest = (stack: string) => ({ "aws:RequestTag/pv-to-hvm:stack": stack });
    for (const [name, kind] of MAKING) {
      assert.equal(may(name, kind, inRequest(OURS)), true, name);
      assert.equal(may(name, kind, inRequest(THEIRS)), false, name);
    }
    const cases: [name: string, kind: string, id: string, context: Asked["context"], allowed: boolean][] = [
      ["RunInstances", "subnet", "SUBNET-ID", {}, true],
      ["RunInstances", "subnet", "subnet-other", {}, false],
      ["RunInstances", "image", "x", { "ec2:Owner": "136693071363" }, true],
      ["RunInstances", "image", "x", { "ec2:Owner": "ACCOUNT-ID" }, true],
      ["RunInstances", "image", "x", { "ec2:Owner": "999999999999" }, false],
      ["RunInstances", "security-group", "x", { "ec2:Vpc": here("vpc", "VPC-ID") }, true],
      ["RunInstances", "security-group", "x", { "ec2:Vpc": here("vpc", "vpc-other") }, false],
      ["CreateSecurityGroup", "vpc", "VPC-ID", {}, true],
      ["CreateSecurityGroup", "vpc", "vpc-other", {}, false],
      ["CreateVolume", "snapshot", "x", {}, false],
      ["CreateVolume", "snapshot", "x", { "aws:ResourceTag/migrate": "yes" }, true],
      ["CreateVolume", "snapshot", "x", taggedAs("source-snapshot", OURS), true],
    ];
    for (const [name, kind, id, context, allowed] of cases)
      assert.equal(may(name, kind, context, id), allowed, `${name} ${kind} ${JSON.stringify(context)}`);
  });

  it("works in its region alone", () => {
    const elsewhere = { action: "ec2:RunInstances", arn: arn("instance"), context: taggingAs("helper") };
    assert.equal(isAllowed(["up-narrow"], elsewhere), false);
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
    it(`may ${name} of a source that carries the tag migrate, and of no other`, () => {
      const may = (value: string) =>
        isAllowed(WITH_SOURCES, asked(name, kind, { "aws:ResourceTag/migrate": value }));
      assert.deepEqual([may("yes"), may("no")], [true, false]);
      assert.equal(isAllowed(WITH_SOURCES, asked(name, kind)), false);
      assert.equal(isAllowed(UP, asked(name, kind, { "aws:ResourceTag/migrate": "yes" })), false);
    });
  }

  for (const [name, kind] of [
    ["TerminateInstances", "instance"],
    ["ModifyInstanceAttribute", "instance"],
    ["DeleteVolume", "volume"],
    ["DetachVolume", "volume"],
    ["CreateTags", "instance"],
  ] as const) {
    it(`may not ${name} of a source`, () => {
      const source = { "aws:ResourceTag/migrate": "yes", ...(name === "CreateTags" ? tagging : {}) };
      assert.equal(isAllowed(WITH_SOURCES, asked(name, kind, source)), false);
    });
  }
});

describe("a role that may sweep", () => {
  const REMOVES: [name: string, ...roles: string[]][] = [
    ["TerminateInstances", "helper"],
    ["DeleteVolume", "destination", "source"],
    ["DeleteSecurityGroup", "access"],
    ["DeregisterImage", "image"],
    ["DeleteSnapshot", "snapshot", "source-snapshot"],
  ];
  for (const [name, ...roles] of REMOVES) {
    const [, kind] = ROLES.find(([role]) => role === roles[0]) ?? ["", ""];
    for (const [role] of ROLES.filter(([, each]) => each === kind)) {
      const may = roles.includes(role);
      it(`may ${may ? "" : "not "}${name} a ${role}`, () => {
        assert.equal(isAllowed(["sweep"], asked(name, kind, taggedAs(role))), may);
      });
    }
    it(`may not ${name} what has no role`, () => {
      assert.equal(isAllowed(["sweep"], asked(name, kind, tagged)), false);
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
      assert.equal(deleting(taggedAs(role)), may);
      // The tag of the role alone is nobody's, that of the stack alone some other snapshot's.
      assert.equal(deleting({ "aws:ResourceTag/pv-to-hvm:role": role }), false);
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

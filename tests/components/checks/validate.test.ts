import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { formatProblem } from "../../../components/checks/problems";
import { normalizeCidrs } from "../../../components/checks/block";
import { FIND_OWN_ADDRESS } from "../../../components/checks/cidr";
import { checkArgs } from "../../../components/checks/validate";
import { IDS } from "../ec2";
import { keyCalled } from "../keys";
import { ARGS, LAUNCHING, refuse } from "../mockEngine";

/** ARGS with parts replaced; values of wrong types are what a user of plain JavaScript or YAML may write. */
function but(parts: Record<string, unknown>): PvToHvmMigrationArgs {
  return { ...ARGS, ...parts } as PvToHvmMigrationArgs;
}
const helper = (parts: object) => but({ helper: { ...ARGS.helper, ...parts } });
const launch = (parts: object) => but({ launch: { ...LAUNCHING.launch, ...parts } });

const KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const ROWS: [args: PvToHvmMigrationArgs, lines: string[]][] = [
  // logins, and what goes together
  [
    helper({ jumpHost: { host: "bastion" } }),
    [
      "helper.jumpHost.privateKey: is missing. Give the key itself, or privateKeyFile in a stack's configuration.",
    ],
  ],
  [
    launch({ connection: { user: "", jumpHost: { privateKey: keyCalled("") } } }),
    [
      "launch.connection.user: is missing. Name it.",
      "launch.connection.privateKey: is missing. Give the key itself, or privateKeyFile in a stack's configuration.",
      "launch.connection.jumpHost.host: is missing. Name it.",
    ],
  ],
  [
    but({ guest: { families: ["xen"] }, image: { ena: true } }),
    [
      "image.ena: is true, but guest.families does not ask for drivers of Nitro types. Add nitro to guest.families, or remove image.ena.",
    ],
  ],
  // the helper
  [but({ helper: undefined }), ["helper: is missing. Give it a subnetId and allowedCidrs."]],
  [
    helper({ allowedCidrs: [] }),
    [
      "helper.allowedCidrs: no address is named, and a default would open the helper's ssh port to strangers. " +
        `Name the network that this program runs in. ${FIND_OWN_ADDRESS}`,
    ],
  ],
  ...["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/7"].map((cidr): [PvToHvmMigrationArgs, string[]] => [
    helper({ allowedCidrs: ["10.20.30.40/32", cidr] }),
    [
      `helper.allowedCidrs[1]: ${cidr} lets strangers reach the helper, which holds a copy of the source's data. ` +
        `Name your own network: a public one no wider than /20, a private one no wider than /8. ${FIND_OWN_ADDRESS}`,
    ],
  ]),
  [
    helper({ allowedCidrs: ["::/0"] }),
    [
      "helper.allowedCidrs[0]: ::/0 lets strangers reach the helper, which holds a copy of the source's data. " +
        `Name your own network: a public one no wider than /48, a private one no wider than /32. ${FIND_OWN_ADDRESS}`,
    ],
  ],
  // no block of a document's, at both of its ends, whatever the length
  ...(
    [
      ["192.0.2.0/24", "RFC 5737"],
      ["198.51.100.255/32", "RFC 5737"],
      ["203.0.113.7/32", "RFC 5737"],
      ["203.0.113.0/8", "RFC 5737"],
      ["203.0.113.0/0", "RFC 5737"],
      ["2001:db8::/32", "RFC 3849"],
      ["2001:0DB8:ffff::7/128", "RFC 3849"],
      ["3fff::1/128", "RFC 9637"],
      ["3fff:fff:ffff::/48", "RFC 9637"],
    ] as const
  ).map(([cidr, source]): [PvToHvmMigrationArgs, string[]] => [
    helper({ allowedCidrs: ["10.20.30.40/32", cidr] }),
    [
      `helper.allowedCidrs[1]: ${cidr} is a placeholder of documentation's (${source}): no machine has such an address, ` +
        `so the helper would let nobody in. Put your own address here. ${FIND_OWN_ADDRESS}`,
    ],
  ]),
  ...[
    ...[
      "192.0.1.255/32",
      "192.0.3.0/24",
      "198.51.99.1/32",
      "198.51.101.0/24",
      "203.0.112.0/24",
      "203.0.114.0/32",
    ],
    ...["2001:db7:ffff::1/128", "2001:db9::/48", "3ffe:ffff::1/128", "3fff:1000::/48", "::ffff:10.0.0.1/128"],
  ].map((cidr): [PvToHvmMigrationArgs, string[]] => [helper({ allowedCidrs: [cidr] }), []]),
  ...["10.0.0.7", "10.0.0.7/33", "example.com/32", ""].map((cidr): [PvToHvmMigrationArgs, string[]] => [
    helper({ allowedCidrs: [cidr] }),
    [
      `helper.allowedCidrs[0]: must be an address and a prefix length in CIDR notation, got "${cidr}". ` +
        "For a single address add /32 (IPv4) or /128 (IPv6).",
    ],
  ]),
  ...(["allowedCidrs", "egressCidrs"] as const).map((field): [PvToHvmMigrationArgs, string[]] => [
    helper({ [field]: ["pl-0123456789abcdef0"] }),
    [
      `helper.${field}[0]: must be an address and a prefix length in CIDR notation, got "pl-0123456789abcdef0". ` +
        "A prefix list is not taken: its owner can widen it later. Name its networks: aws ec2 get-managed-prefix-list-entries " +
        "--prefix-list-id pl-0123456789abcdef0 prints them.",
    ],
  ]),
  [
    helper({ subnetId: undefined }),
    ["helper.subnetId: is missing. Name the subnet that the helper shall run in."],
  ],
  // what is made for good
  [
    but({ protect: pulumi.output(true), keepImage: "yes", secretReports: 1 }),
    [
      "protect: must be true or false, got an output. Give the plain value, or remove it for false.",
      'keepImage: must be true or false, got "yes". Give the plain value, or remove it for false.',
      "secretReports: must be true or false, got 1. Give the plain value, or remove it for false.",
    ],
  ],
  // the destination
  [
    but({ destination: { sizeGb: 0 } }),
    [
      "destination.sizeGb: must be a whole number of GiB from 1 to 65536, got 0. Remove it for the source's size and 1 GiB.",
    ],
  ],
  [
    but({ destination: { encrypted: false, kmsKeyId: KEY_ARN } }),
    [
      "destination.kmsKeyId: a key is named for a volume that is not to be encrypted. " +
        "Remove it, or remove destination.encrypted: false.",
    ],
  ],
  ...["alias/mine", "1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:eu-west-1:1:key/x", ""].map(
    (kmsKeyId): [PvToHvmMigrationArgs, string[]] => [
      but({ destination: { kmsKeyId } }),
      [
        `destination.kmsKeyId: must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT-ID:key/KEY-ID), got "${kmsKeyId}". ` +
          "aws kms describe-key --key-id KEY --query KeyMetadata.Arn prints it, for an id and for alias/NAME.",
      ],
    ],
  ),
  ...[
    KEY_ARN,
    "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    "arn:aws:kms:eu-west-1:123456789012:alias/team/mine",
  ].map((kmsKeyId): [PvToHvmMigrationArgs, string[]] => [but({ destination: { kmsKeyId } }), []]),
  [
    but({ destination: { layout: "apm" } }),
    ["destination.layout: must be one of mbr, gpt, got apm. Choose one of these."],
  ],
  [
    but({ destination: { volumeType: "st1" } }),
    ["destination.volumeType: must be one of gp2, gp3, got st1. Choose one of these."],
  ],
  // the guest
  [
    but({ guest: { families: [] } }),
    ["guest.families: is empty. Name xen, nitro or both, or remove it for both."],
  ],
  [
    but({ guest: { families: ["xen", "vmware"] } }),
    ["guest.families[1]: must be one of xen, nitro, got vmware. Choose one of these."],
  ],
  // the image's name: EC2 takes 128 characters, and nine are added
  [
    but({ image: { name: "x".repeat(120) } }),
    ["image.name: has 120 characters, 119 fit: EC2 allows 128 and 9 are added. Shorten it by 1."],
  ],
  [but({ image: { name: "x".repeat(119) } }), []],
  [
    but({ image: { name: "web #1 ü" } }),
    [
      "image.name: has characters that EC2 refuses: # ü. Use letters, digits, spaces and ( ) [ ] . / - ' @ _ only.",
    ],
  ],
  [but({ image: { name: "a(b)[c] d.e/f-g'h@i_j" } }), []],
  [
    but({ image: { name: "" } }),
    ["image.name: is empty. Use letters, digits, spaces and ( ) [ ] . / - ' @ _ only."],
  ],
  // the image's description
  [but({ image: { description: "x".repeat(255) } }), []],
  [
    but({ image: { description: "x".repeat(257) } }),
    ["image.description: has 257 characters, EC2 takes 255. Shorten it by 2."],
  ],
  // the launch
  [
    launch({ subnetId: "subnet-1", securityGroupIds: ["sg-0aaaaaaaaaaaaaaaa", "default"] }),
    [
      'launch.subnetId: must be subnet- and 8 or 17 hexadecimal digits, got "subnet-1". ' +
        "Copy the id from EC2's console or from another stack's output.",
      'launch.securityGroupIds[1]: must be sg- and 8 or 17 hexadecimal digits, got "default". ' +
        "Copy the id from EC2's console or from another stack's output.",
    ],
  ],
  [
    launch({ instanceType: undefined }),
    ["launch.instanceType: is missing. Name the type to launch, e.g. t3.micro."],
  ],
  [
    launch({ onNewImage: "never" }),
    ["launch.onNewImage: must be one of keep, replace, got never. Choose one of these."],
  ],
  [
    { ...LAUNCHING, guest: { families: ["xen"] }, image: { ena: true } },
    [
      "image.ena: is true, but guest.families does not ask for drivers of Nitro types. " +
        "Add nitro to guest.families, or remove image.ena.",
    ],
  ],
  // the rehearsal
  ...[0, -1, 1.5].map((timeoutSeconds): [PvToHvmMigrationArgs, string[]] => [
    but({ rehearsal: { timeoutSeconds } }),
    [
      `rehearsal.timeoutSeconds: must be a whole number of at least 1, got ${timeoutSeconds}. ` +
        "Remove it for 3600; no image is published that has not booted.",
    ],
  ]),
  [
    but({ rehearsal: { timeoutSeconds: 900, skip: true } }),
    ["rehearsal.timeoutSeconds: has no meaning beside rehearsal.skip. Remove one of the two."],
  ],
  // how long
  ...[0, -1, 1.5, "60", Infinity].map((copied): [PvToHvmMigrationArgs, string[]] => [
    but({ timeouts: { stepSeconds: copied } }),
    [
      `timeouts.stepSeconds: must be a whole number of seconds of at least 1, got ${JSON.stringify(copied)}. ` +
        "Remove it for a limit that no disk should reach.",
    ],
  ]),
  [
    but({ timeouts: { snapshotSeconds: pulumi.output(60) } }),
    [
      "timeouts.snapshotSeconds: must be a whole number of seconds of at least 1, got an output. " +
        "Remove it for a limit that no disk should reach.",
    ],
  ],
  [but({ timeouts: { helperSeconds: 1, stepSeconds: 60, imageSeconds: undefined } }), []],
  // how far, and what stays
  [
    but({ until: "never" }),
    ["until: must be one of inspect, rehearse, publish, got never. Choose one of these."],
  ],
  [
    but({ workbench: "removed", until: "inspect" }),
    [
      "workbench: is removed, but until: inspect stops before there is an image to keep. " +
        "Set until to publish, or remove workbench.",
    ],
  ],
  // in order
  [ARGS, []],
  [LAUNCHING, []],
];

/** A migration's name, and what is wrong with it: nothing, or one line. */
const NAMES: [name: string, line?: string][] = [
  ["web"],
  ["old web (2009)/[eu] #1"],
  ["x".repeat(240)],
  [
    "sg-web",
    "name: sg-web begins with sg-, and the helper's security group, which is named after it, may not. " +
      "Give the migration another name; image.name names the image.",
  ],
  [
    "x".repeat(241),
    "name: has 241 characters, 240 fit: the helper's security group is named after it. " +
      "Shorten it by 1; image.name names the image.",
  ],
  [
    "bob's wëb",
    "name: has characters that EC2 refuses in the name of the helper's security group: ' ë. " +
      "Use letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ * only.",
  ],
];

describe("a migration's name", () => {
  for (const [name, line] of NAMES) {
    it(line ?? `${name.slice(0, 30)} is in order`, () => {
      const args = but({ image: { name: "image" } });
      assert.deepEqual(checkArgs(name, args).map(formatProblem), line ? [line] : []);
    });
  }
});

describe("the blocks that may reach the helper", () => {
  const ROWS_OF_CIDRS: [title: string, given: string[], sent: string[]][] = [
    ["no bit beyond the prefix", ["203.0.114.7/24", "10.1.2.3/32"], ["10.1.2.3/32", "203.0.114.0/24"]],
    [
      "small letters, in the shortest form",
      ["2A02:0DB8:0:0::/32", "fd00::1:0:0:7/128"],
      ["2a02:db8::/32", "fd00::1:0:0:7/128"],
    ],
    ["each once", ["10.0.0.0/8", "10.9.9.9/8", "FD00::/48", "fd00::1/48"], ["10.0.0.0/8", "fd00::/48"]],
    ["whatever was given in order", ["192.168.0.0/16", "10.0.0.0/8"], ["10.0.0.0/8", "192.168.0.0/16"]],
    ["an IPv4 address within an IPv6 one", ["64:ff9b::10.0.0.1/128"], ["64:ff9b::a00:1/128"]],
  ];
  for (const [title, given, sent] of ROWS_OF_CIDRS) {
    it(`are sent as EC2 keeps them: ${title}`, () => assert.deepEqual(normalizeCidrs(given), sent));
  }
});

describe("arguments are judged before anything is registered:", () => {
  for (const [args, lines] of ROWS) {
    it(lines[0] ?? `in order: ${JSON.stringify(args.image ?? args.launch ?? {}).slice(0, 60)}`, () => {
      assert.deepEqual(checkArgs("web", args).map(formatProblem), lines);
    });
  }

  it("passes over values that are not known yet", () => {
    const later = pulumi.output(Promise.resolve("nonsense"));
    const unknown = but({
      source: { imageId: later },
      helper: { subnetId: later, allowedCidrs: later },
      destination: { sizeGb: later, encrypted: later, kmsKeyId: later },
      guest: { families: later },
      image: { name: later },
      launch: { instanceType: later, subnetId: later, securityGroupIds: later },
    });
    assert.deepEqual(checkArgs("web", unknown), []);
  });

  it("tells everything at once, with its path in the text, and registers nothing", async () => {
    const wrong = but({ source: {}, helper: { subnetId: IDS.subnet }, rehearsal: { timeoutSeconds: 0 } });
    const { errors, registered } = await refuse(wrong);
    const [error, ...others] = [...new Set(errors)];
    assert.deepEqual(others, [], "the program runner prints each error once");
    assert.ok(pulumi.InputPropertiesError.isInstance(error));
    assert.ok(pulumi.RunError.isInstance(error), "the program runner prints its stack");
    const [heading, ...lines] = error.message.split("\n");
    assert.equal(heading, "web: 3 problems, nothing was created.");
    const paths = ["source", "helper.allowedCidrs", "rehearsal.timeoutSeconds"];
    assert.deepEqual(
      lines.map((line) => line.trim().split(":")[0]),
      paths,
    );
    assert.deepEqual(
      error.errors.map(({ propertyPath }) => propertyPath),
      paths,
    );
    assert.deepEqual(registered, []);
  });
});

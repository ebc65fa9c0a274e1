import assert from "node:assert/strict";
import type { ResourceValidationArgs } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import { TAG } from "../../../components/tags";
import type { Account, Answer } from "../../../policies/pack/account";
import type { Props } from "../../../policies/pack/launches";
import { rules } from "../../../policies/pack/rules";

/** What the package's own server hands inputs to rules in; it declares no types of these. */
const { UnknownValueError, unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  UnknownValueError: new () => Error;
  unknownCheckingProxy(inputs: Props): Props;
  unknownStringValue: string;
};

const PV = "ami-00000000000000001";
const HVM = "ami-00000000000000002";
const PROVEN = "ami-00000000000000003";
const UNREHEARSED = "ami-00000000000000004";
const GONE = "ami-0000000000000dead";

const PROOF = { [TAG.conversion]: "0123abcd", [TAG.filesystem]: "77779c65-64bc-4f45-b929-39dbf0605fe2" };

const IMAGES: Record<string, { virtualizationType: string; tags: Record<string, string> }> = {
  [PV]: { virtualizationType: "paravirtual", tags: {} },
  [HVM]: { virtualizationType: "hvm", tags: { Name: "web" } },
  [PROVEN]: { virtualizationType: "hvm", tags: PROOF },
  [UNREHEARSED]: { virtualizationType: "hvm", tags: { ...PROOF, [TAG.rehearsal]: "skipped" } },
};
const LAUNCHED = {
  old: { imageId: PV, instanceType: "m1.small" },
  new: { imageId: PROVEN, instanceType: "t3.small" },
  bare: {},
};

/** An account with these alone. */
const account: Account = {
  image: async (id) => found(IMAGES[id]),
  instance: async (id) => found(id === "i-0old" ? IMAGES[PV] : IMAGES[HVM]),
  template: async ({ id, name }) =>
    found(LAUNCHED[(id ?? name)?.replace("lt-", "") as keyof typeof LAUNCHED]),
  configuration: async (name) => found(LAUNCHED[name as keyof typeof LAUNCHED]),
};

function found<T>(value: T | undefined): Answer<T> {
  return value === undefined ? { unknown: "EC2 shows no such thing" } : { found: value };
}

interface Judged {
  rule: string;
  type: string;
  props: Props;
  config?: object;
}

/** What a rule says to a resource. */
async function judge({ rule, type, props, config = {} }: Judged): Promise<string[]> {
  const said: string[] = [];
  const policy = rules(() => account).find(({ name }) => name === rule);
  const args = { type, props: unknownCheckingProxy(props), getConfig: () => config };
  const validate = policy?.validateResource as (
    args: ResourceValidationArgs,
    report: (message: string) => void,
  ) => Promise<void>;
  await validate(args as unknown as ResourceValidationArgs, (message) => said.push(message));
  return said;
}

const INSTANCE = "aws:ec2/instance:Instance";
const GROUP = "aws:autoscaling/group:Group";
const AMI = "aws:ec2/ami:Ami";
const FLEET = "aws:ec2/spotFleetRequest:SpotFleetRequest";
const mixed = (launchTemplate: object) => ({ mixedInstancesPolicy: { launchTemplate } });

/** A rule, what it is held against, and the beginnings of what it says. */
type Row = [title: string, type: string, props: Props, said: RegExp[]];

const TABLES: Record<string, Row[]> = {
  "no-paravirtual-images": [
    // Images that are made.
    [
      "an image that says nothing: RegisterImage's default",
      AMI,
      {},
      [/^virtualizationType is not set, which means paravirtual, and must be hvm/],
    ],
    [
      "an image that says paravirtual",
      AMI,
      { virtualizationType: "paravirtual" },
      [/^virtualizationType is paravirtual/],
    ],
    ["an HVM image", AMI, { virtualizationType: "hvm" }, []],
    [
      "a copy",
      "aws:ec2/amiCopy:AmiCopy",
      { sourceAmiId: PV, sourceAmiRegion: "us-east-1" },
      [/^sourceAmiId: ami-\d+1 is paravirtual/],
    ],
    [
      "an image of an instance",
      "aws:ec2/amiFromInstance:AmiFromInstance",
      { sourceInstanceId: "i-0old" },
      [/^sourceInstanceId: i-0old is/],
    ],
    // What launches them itself.
    ["an instance", INSTANCE, { ami: PV }, [/^ami: ami-\d+1 is paravirtual, and must be HVM/]],
    ["an instance of an HVM image", INSTANCE, { ami: HVM }, []],
    ["a spot request", "aws:ec2/spotInstanceRequest:SpotInstanceRequest", { ami: PV }, [/^ami: /]],
    ["a launch template", "aws:ec2/launchTemplate:LaunchTemplate", { imageId: PV }, [/^imageId: /]],
    ["a launch template without an image", "aws:ec2/launchTemplate:LaunchTemplate", {}, []],
    [
      "a launch configuration",
      "aws:ec2/launchConfiguration:LaunchConfiguration",
      { imageId: PV },
      [/^imageId: /],
    ],
    [
      "one of a spot fleet's",
      FLEET,
      { launchSpecifications: [{ ami: HVM }, { ami: PV }] },
      [/^launchSpecifications\[1\]\.ami: /],
    ],
    // What refers to what does.
    [
      "a group's launch configuration",
      GROUP,
      { launchConfiguration: "old" },
      [/^launchConfiguration: launch configuration old: ami-\d+1 is/],
    ],
    [
      "a group's launch template",
      GROUP,
      { launchTemplate: { id: "lt-old", version: "$Latest" } },
      [/^launchTemplate: launch template lt-old \(version \$Latest\): ami-\d+1 is/],
    ],
    ["a group's launch template, by its name", GROUP, { launchTemplate: { name: "new" } }, []],
    ["a launch template that leaves the image to others", GROUP, { launchTemplate: { id: "lt-bare" } }, []],
    [
      "a mixed group's template, and one of its overrides",
      GROUP,
      mixed({
        launchTemplateSpecification: { launchTemplateId: "lt-old" },
        overrides: [
          { instanceType: "t3.small" },
          { launchTemplateSpecification: { launchTemplateName: "old" } },
        ],
      }),
      [
        /^mixedInstancesPolicy\.launchTemplate\.launchTemplateSpecification: launch template lt-old \(version \$Default\)/,
        /^mixedInstancesPolicy\.launchTemplate\.overrides\[1\]\.launchTemplateSpecification: launch template old/,
      ],
    ],
    [
      "a fleet's template",
      "aws:ec2/fleet:Fleet",
      {
        launchTemplateConfigs: [
          { launchTemplateSpecification: { launchTemplateId: "lt-old", version: "1" } },
        ],
      },
      [/^launchTemplateConfigs\[0\]\.launchTemplateSpecification: /],
    ],
    ["an instance's template", INSTANCE, { launchTemplate: { id: "lt-old" } }, [/^launchTemplate: /]],
    [
      "an instance whose own image takes the place of its template's",
      INSTANCE,
      { ami: HVM, launchTemplate: { id: "lt-old" } },
      [],
    ],
    // What cannot be found out.
    [
      "an image that EC2 does not show",
      INSTANCE,
      { ami: GONE },
      [/could not be looked up: EC2 shows no such thing\. Give the caller/],
    ],
    [
      "a launch template that it does not show",
      GROUP,
      { launchTemplate: { id: "lt-none" } },
      [/could not be looked up/],
    ],
    [
      "a parameter of Systems Manager",
      "aws:ec2/launchTemplate:LaunchTemplate",
      { imageId: "resolve:ssm:/golden" },
      [/^imageId: resolve:ssm:\/golden could not be looked up: it is no image's id/],
    ],
    ["a resource that launches nothing", "aws:ec2/vpc:Vpc", { ami: PV }, []],
  ],
  "no-paravirtual-types": [
    [
      "an instance",
      INSTANCE,
      { instanceType: "t1.micro" },
      [/^instanceType: t1\.micro was made for paravirtual images/],
    ],
    ["an instance of a current type", INSTANCE, { instanceType: "t3.small" }, []],
    ["a type that ran HVM from its first day on", INSTANCE, { instanceType: "m3.medium" }, []],
    [
      "a template's own",
      "aws:ec2/launchTemplate:LaunchTemplate",
      { instanceType: "c1.xlarge" },
      [/^instanceType: c1/],
    ],
    [
      "a group's template's",
      GROUP,
      { launchTemplate: { id: "lt-old" } },
      [/^launchTemplate: launch template lt-old .*: m1\.small/],
    ],
    [
      "an override of a mixed group",
      GROUP,
      mixed({
        launchTemplateSpecification: { launchTemplateId: "lt-new" },
        overrides: [{ instanceType: "m2.xlarge" }],
      }),
      [/overrides\[0\]\.instanceType: m2\.xlarge/],
    ],
    [
      "one of a spot fleet's",
      FLEET,
      { launchSpecifications: [{ ami: HVM, instanceType: "m1.large" }] },
      [/^launchSpecifications\[0\]\.instanceType: /],
    ],
    [
      "a template that is not shown",
      GROUP,
      { launchTemplate: { id: "lt-none" } },
      [/could not be looked up/],
    ],
  ],
  "only-proven-images": [
    [
      "an image without the tags",
      INSTANCE,
      { ami: HVM },
      [/^ami: ami-\d+2 lacks the tag pv-to-hvm:conversion and pv-to-hvm:filesystem: no conversion/],
    ],
    ["a converted image", INSTANCE, { ami: PROVEN }, []],
    [
      "one that nobody has seen boot",
      INSTANCE,
      { ami: UNREHEARSED },
      [/^ami: ami-\d+4 was published without a rehearsal/],
    ],
    [
      "an image that is registered without them",
      AMI,
      { tags: { Name: "web" } },
      [/^the image lacks the tag/],
    ],
    ["an image that is registered with them", AMI, { tags: PROOF }, []],
    ["a copy without them", "aws:ec2/amiCopy:AmiCopy", { sourceAmiId: PROVEN }, [/^the image lacks the tag/]],
    ["the helper of a migration", INSTANCE, { ami: HVM, tags: { [TAG.role]: "helper" } }, []],
    ["a group's template's", GROUP, { launchTemplate: { id: "lt-new" } }, []],
    ["an image that EC2 does not show", INSTANCE, { ami: GONE }, [/could not be looked up/]],
  ],
};

describe("the policy pack's rules", () => {
  for (const [rule, rows] of Object.entries(TABLES)) {
    for (const [title, type, props, said] of rows) {
      it(`${rule}: ${title}`, async () => {
        const messages = await judge({ rule, type, props });
        assert.equal(messages.length, said.length, messages.join("\n"));
        said.forEach((pattern, index) => assert.match(messages[index], pattern));
      });
    }
  }

  it("let pass what cannot be looked up, where that is wanted", async () => {
    const asked = { type: INSTANCE, props: { ami: GONE }, config: { ifUnknown: "pass" } };
    for (const rule of ["no-paravirtual-images", "only-proven-images"])
      assert.deepEqual(await judge({ rule, ...asked }), []);
  });

  it("ask for proof in the stacks that are named alone", async () => {
    const asked = { rule: "only-proven-images", type: INSTANCE, props: { ami: HVM } };
    // The stack of a process without an engine.
    process.env.PULUMI_NODEJS_STACK = "stack";
    assert.equal((await judge({ ...asked, config: { stacks: ["prod", "stack"] } })).length, 1);
    assert.equal((await judge({ ...asked, config: { stacks: ["prod"] } })).length, 0);
  });

  it("touch no value that they do not judge: at a preview it may not be known", async () => {
    const props = { ami: unknownStringValue, instanceType: "t3.small" };
    assert.deepEqual(await judge({ rule: "no-paravirtual-types", type: INSTANCE, props }), []);
    const ofImage = judge({ rule: "no-paravirtual-images", type: INSTANCE, props });
    await assert.rejects(ofImage, (error) => error instanceof UnknownValueError);
  });

  it("are mandatory, but for the proof, which a stack has to ask for", () => {
    const levels = rules().map(({ name, enforcementLevel }) => [name, enforcementLevel]);
    assert.deepEqual(levels, [
      ["no-paravirtual-images", "mandatory"],
      ["no-paravirtual-types", "mandatory"],
      ["only-proven-images", "disabled"],
    ]);
  });
});

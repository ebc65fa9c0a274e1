/** The stand-in for pulumi-aws, given what the real provider was given: it answers as that one did. */
import assert from "node:assert/strict";
import { Client } from "../../../local/providers/aws/client";
import { awsProvider } from "../../../local/providers/aws/provider";
import type { Context, Properties, Provider } from "../../../local/providers/provider";
import { withoutIgnored } from "../../../local/providers/server/differences";
import { refreshedInputs } from "../../../local/providers/server/refreshedInputs";
import { AMI, GROUP, INSTANCE, SNAPSHOT, STATE, VOLUME, ATTACHMENT } from "./awsResource";
import { ec2Of } from "./awsRecordedEc2";
import { recordedAnswers, type Operation } from "./awsRecording";

const OF_THE_BRIDGE = "the dynamic bridge's name of the id; pulumi-aws has none but `id`";
const PLURAL = "the dynamic bridge has ingress and egress in the plural, and passed over the program's rules";
const OF_NOTHING_HERE = "there is none here: shown by the real one as its zero value";

/** Properties in which the two differ, and why the stand-in's are right or do not matter. */
const DIFFERENCES: Record<string, Record<string, string>> = {
  [AMI]: { amiId: OF_THE_BRIDGE, manageEbsSnapshots: "pulumi-aws's own has it, the bridge's has not" },
  [ATTACHMENT]: { volumeAttachmentId: OF_THE_BRIDGE },
  [GROUP]: {
    ...{ egress: PLURAL, egresses: PLURAL, ingress: PLURAL, ingresses: PLURAL },
    ...{ namePrefix: OF_NOTHING_HERE, securityGroupId: OF_THE_BRIDGE },
  },
  [INSTANCE]: {
    cpuOptions: "moto keeps no nested virtualization; on EC2 it is said again",
    instanceId: OF_THE_BRIDGE,
    primaryNetworkInterface: OF_NOTHING_HERE,
    secondaryNetworkInterfaces: OF_NOTHING_HERE,
  },
  [SNAPSHOT]: { ebsSnapshotId: OF_THE_BRIDGE },
  [STATE]: { ec2InstanceStateId: OF_THE_BRIDGE },
  [VOLUME]: { ebsVolumeId: OF_THE_BRIDGE },
  "aws:ec2/getAmiIds:getAmiIds": {
    id: "a digest of the question in the real one's own Go; nothing hangs on it",
  },
  "aws:ec2/getInstance:getInstance": {
    instanceTags: "pulumi-aws's own look-up has it, the bridge's has not",
    userData: "the recording has no user data; the look-up shows its digest",
    userDataBase64: "pulumi-aws's own look-up has it, the bridge's has not",
    passwordData: "shown where it is asked for",
  },
};

/** What the graph tells the engine to ignore of a finished migration, which the recording does not have; and the rules. */
const IGNORED: Record<string, string[]> = {
  [AMI]: ["sriovNetSupport"],
  [GROUP]: ["egress", "ingress"],
  [INSTANCE]: ["cpuOptions", "vpcSecurityGroupIds"],
};

type Play = (operation: Operation, seen: Set<string>) => Promise<void>;

const PLAYS: Partial<Record<Operation["op"], Play>> = {
  check: async ({ type, news, olds, answer, inputs, name }) => {
    const given = Object.keys(olds).length > 0 ? olds : undefined;
    const checked = await opened().resources[type].check!(news, given, contextOf(type, name));
    assert.deepEqual(checked.failures, []);
    // The recording was made without autonaming; pulumi-aws has it.
    const { __defaults, ...found } = checked.inputs;
    const made = (__defaults ?? []) as string[];
    const expected = { ...answer, ...inputs };
    assert.deepEqual(without(found, made), without(expected, made));
  },

  diff: async ({ type, olds, news, oldInputs, diff }) => {
    const whole = await opened().resources[type].diff!("id", oldInputs, news, olds);
    const found = withoutIgnored(whole, IGNORED[type] ?? []);
    assert.deepEqual(
      { changes: found.changed.length > 0 ? 2 : 1, diffs: found.changed, replaces: found.replaces },
      { changes: diff!.changes, diffs: diff!.diffs, replaces: diff!.replaces },
    );
  },

  create: async (operation, seen) => {
    const { type, name, args, answer } = operation;
    const { state } = await opened(operation).resources[type].create(args, contextOf(type, name));
    assertAlike(type, state, answer, seen);
  },

  read: async (operation, seen) => {
    const { type, name, args, answer, inputs, oldInputs } = operation;
    const id = String(idOf(args));
    const found = await opened(operation).resources[type].read!(id, args, contextOf(type, name));
    assert.ok(found, "it is gone");
    assertAlike(type, found.state, answer, seen);
    assertAlike(type, refreshedInputs(oldInputs, found.inputs), inputs, seen);
  },

  update: async (operation, seen) => {
    const { type, name, answer, news, oldInputs, olds } = operation;
    const { update } = opened(operation).resources[type];
    const state = await update!(String(idOf(olds)), news, oldInputs, olds, contextOf(type, name));
    assertAlike(type, state, answer, seen);
  },

  invoke: async (operation, seen) => {
    const { type, args, answer } = operation;
    assertAlike(type, await opened(operation).functions[type](args), answer, seen);
  },
};

describe("the aws stand-in, asked what the real provider was asked,", () => {
  const seen = new Set<string>();

  for (const [scenario, operations] of recordedAnswers()) {
    for (const operation of operations) {
      const play = PLAYS[operation.op];
      if (play)
        it(`${scenario}: answers ${operation.op} ${operation.name} as that one did`, () =>
          play(operation, seen));
    }
  }

  // A difference that is none any longer would hide the next one.
  after(() => {
    const listed = Object.entries(DIFFERENCES).flatMap(([type, properties]) =>
      Object.keys(properties).map((property) => `${type} ${property}`),
    );
    assert.deepEqual(
      listed.filter((difference) => !seen.has(difference)),
      [],
      "listed as different, and alike",
    );
  });
});

/** The recording had no account: its EC2 was no AWS. */
function opened(operation?: Operation): Provider {
  const client = new Client({ carrier: operation && ec2Of(operation), everyMs: 1 });
  const provider = awsProvider(client);
  const config = { endpoints: `[{"ec2":"http://127.0.0.1:1"}]`, region: "us-east-1" };
  void client.configure({ ...config, skipCredentialsValidation: "true", skipRequestingAccountId: "true" });
  return provider;
}

function assertAlike(type: string, found: Properties, expected: Properties, seen: Set<string>): void {
  const listed = Object.keys(DIFFERENCES[type] ?? {});
  const [is, was] = [plain(found), plain(expected)];
  for (const name of listed) {
    if (JSON.stringify(is[name]) !== JSON.stringify(was[name])) seen.add(`${type} ${name}`);
  }
  assert.deepEqual(without(is, listed), without(was, listed));
}

function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

function without(properties: Properties, names: string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** Under whichever name the bridge has it. */
function idOf(state: Properties): unknown {
  const own = [
    "amiId",
    "ebsSnapshotId",
    "ebsVolumeId",
    "ec2InstanceStateId",
    "securityGroupId",
    "volumeAttachmentId",
  ];
  const name = [...own, "instanceId"].find((candidate) => state[candidate] !== undefined);
  return name && state[name];
}

function contextOf(type: string, name: string): Context {
  const urn = `urn:pulumi:real::pv-to-hvm::${type}::${name}`;
  return { urn, log: () => undefined, signal: new AbortController().signal };
}

import assert from "node:assert/strict";
import type { PvToHvmMigrationArgs } from "../../components";
import { liveProgramPath, readBundle } from "../../components/converterBundle";
import { IDS } from "./ec2";
import { keyCalled } from "./keys";
import { without } from "./golden";
import { forgottenWorld, instanceWorld, taken, TAKEN_ID, volumeWorld } from "./findings/liveSources";
import { ARGS, child, PREPARING, refuse, register, type Registered, said, type World } from "./mockEngine";
import { publishedImage, worldWith } from "./published/publishedImages";
import { liveReport } from "./report/liveReports";

type Values = Record<string, unknown>;
type Tags = Record<string, string>;

const FROZEN_COMMAND = [
  ...["connection", "create", "update", "delete", "environment", "stdin", "logging"],
  "addPreviousOutputInEnv",
];
const INSTANCE: PvToHvmMigrationArgs = { ...ARGS, source: { instanceId: IDS.instance } };
const VOLUME: PvToHvmMigrationArgs = { ...ARGS, source: { volumeId: IDS.root } };
const CONNECTED: PvToHvmMigrationArgs = {
  ...ARGS,
  source: { instanceId: IDS.instance, connection: PREPARING.source.connection },
};

/** What a source adds to a graph, in EC2's types. */
const added = (registered: Registered[]) =>
  registered
    .filter(({ name }) => name.startsWith("web-source-") && name !== "web-source-attachment")
    .map(({ name, type }) => `${name.replace("web-", "")} ${type}`)
    .sort();
const COMMAND = "command:remote:Command";
const STATE = "aws:ec2transitgateway/instanceState:InstanceState";
const SNAPSHOT = "source-snapshot aws:ebs/snapshot:Snapshot";
const VISITED = [`source-inspection ${COMMAND}`, `source-program ${COMMAND}`];
const EVERYTHING = [
  ...[...VISITED, `source-preparation ${COMMAND}`, SNAPSHOT],
  ...[`source-start ${STATE}`, `source-stop ${STATE}`],
].sort();

const WAYS: [title: string, args: PvToHvmMigrationArgs, children: string[]][] = [
  ["an image adds nothing", ARGS, []],
  ["a snapshot adds nothing", { ...ARGS, source: { snapshotId: IDS.snapshot } }, []],
  ["a volume is snapshotted", VOLUME, [SNAPSHOT]],
  ["an instance is snapshotted, and not dialled", INSTANCE, [SNAPSHOT]],
  [
    "an instance that is stopped first is started again",
    { ...ARGS, source: { instanceId: IDS.instance, stopFirst: true } },
    [SNAPSHOT, `source-start ${STATE}`, `source-stop ${STATE}`],
  ],
  ["an instance that can be reached is inspected", CONNECTED, [...VISITED, SNAPSHOT].sort()],
  ["an instance is prepared, stopped and started", PREPARING, EVERYTHING],
  ["until inspect, a copy of a source is inspected", { ...INSTANCE, until: "inspect" }, [SNAPSHOT]],
];

describe("what a source adds to the graph:", () => {
  for (const [title, args, children] of WAYS) {
    it(title, async () => assert.deepEqual(added((await register(args)).registered), children));
  }

  it("ends a dry run that would prepare the source with the inspection in place", async () => {
    const { registered, outputs } = await register({ ...PREPARING, until: "inspect" });
    const names = registered.map(({ name }) => name);
    assert.deepEqual(names, ["web", "web-source-program", "web-source-inspection"]);
    const { inspection, preparation, snapshotId } = outputs.sourceReport as Values;
    assert.deepEqual((inspection as Values).missing, ["GRUB: grub-pc-bin"]);
    assert.deepEqual([preparation, snapshotId, outputs.plan, outputs.report], Array(4).fill(undefined));
  });

  it("goes on from a dry run's inspection, which stays as it is", async () => {
    const dry = await register({ ...PREPARING, until: "inspect" });
    const whole = await register(PREPARING);
    for (const role of ["source-program", "source-inspection"]) {
      assert.deepEqual(child(whole.registered, role), child(dry.registered, role));
    }
  });

  it("leaves nothing of it once the workbench is removed", async () => {
    const inputs = Object.fromEntries(
      Object.entries({ instanceId: IDS.instance, stopFirst: "true", prepare: "true" }).map(
        ([name, value]) => [`source.${name}`, value],
      ),
    );
    const world = worldWith([publishedImage(inputs)]);
    const { registered, outputs } = await register({ ...PREPARING, workbench: "removed" }, world);
    assert.deepEqual(registered.map(({ name }) => name).sort(), ["web", "web-image", "web-snapshot"]);
    assert.equal(outputs.sourceReport, undefined);
  });
});

describe("the graph of an instance that is prepared and stopped", () => {
  let registered: Registered[];
  let outputs: Values;
  before(async () => ({ registered, outputs } = await register(PREPARING)));

  const ORDER: [after: string, before: string[]][] = [
    ["source-program", []],
    ["source-inspection", ["source-program"]],
    ["source-preparation", ["source-inspection", "source-program"]],
    ["source-stop", ["source-preparation"]],
    ["source-snapshot", ["source-preparation", "source-stop"]],
    ["source-start", ["source-snapshot"]],
    ...["client-key", "host-key", "access", "destination"].map((role): [string, string[]] => [
      role,
      ["source-preparation"],
    ]),
    ["source", ["source-preparation", "source-snapshot"]],
  ];
  for (const [after, before] of ORDER) {
    it(`makes ${after} after ${before.join(" and ") || "nothing"}`, () => {
      const expected = before.map((role) => `web-${role}`);
      assert.deepEqual(child(registered, after).dependsOn, expected);
    });
  }

  it("makes the helper before the source is stopped, without an edge that would delete the source volume first", () => {
    const order = registered.map(({ name }) => name);
    assert.ok(order.indexOf("web-helper") < order.indexOf("web-source-stop"), order.join(" "));
    const { dependsOn } = child(registered, "helper");
    assert.ok(
      dependsOn.includes("web-destination") && !dependsOn.includes("web-source"),
      dependsOn.join(" "),
    );
    assert.ok(!child(registered, "source-stop").dependsOn.includes("web-helper"));
    assert.equal(child(registered, "source").inputs.snapshotId, "web-source-snapshot-id");
  });

  it("stops nothing where the helper could not be made", async () => {
    const failing = await refuse(PREPARING, { fails: ["web-helper"] });
    const names = failing.registered.map(({ name }) => name);
    assert.ok(names.includes("web-helper"), names.join(" "));
    assert.ok(!names.includes("web-source-stop"), names.join(" "));
  });

  const KEY = [`source.instanceId=${IDS.instance}`, "source.stopFirst=true", "source.prepare=true"];
  const TAGS = ["architecture", "root-device", "consistency", "other-volumes"].map(
    (name) => `tags["pv-to-hvm:source-${name}"]`,
  );
  const MORE = [2, 3, 4, 5, 6, 7].map((number) => `tags["pv-to-hvm:source-other-volumes:${number}"]`);
  const FROZEN: [role: string, ignored: string[]][] = [
    ...["program", "inspection", "preparation"].map((what): [string, string[]] => [
      `source-${what}`,
      FROZEN_COMMAND,
    ]),
    ["source-stop", ["state"]],
    ["source-start", ["state"]],
    ["source-snapshot", ["volumeId", "description", ...TAGS, ...MORE]],
  ];
  for (const [role, ignored] of FROZEN) {
    it(`makes ${role} anew for another key, and for nothing else`, () => {
      const { inputs, replacementTrigger, ignoreChanges } = child(registered, role);
      assert.deepEqual(inputs.triggers ?? replacementTrigger, KEY);
      assert.deepEqual(ignoreChanges, ignored);
    });
  }

  it("stops the instance, and starts it", () => {
    const states = ["source-stop", "source-start"].map((role) => child(registered, role).inputs);
    assert.deepEqual(states, [
      { instanceId: IDS.instance, state: "stopped" },
      { instanceId: IDS.instance, state: "running" },
    ]);
  });

  it("tags the snapshot as a source's, with what was found of the source", () => {
    const { volumeId, tags } = child(registered, "source-snapshot").inputs as { tags: Tags } & Values;
    assert.equal(volumeId, IDS.root);
    assert.equal(tags["pv-to-hvm:role"], "source-snapshot");
    assert.equal(tags["pv-to-hvm:source-consistency"], "stopped");
    assert.equal(tags["pv-to-hvm:source-other-volumes"], `/dev/sdf=${IDS.data}=100`);
  });

  it("tells on the image what its source disk was made of, and what was asked for", () => {
    const { tags, description } = child(registered, "image").inputs as { tags: Tags } & Values;
    assert.equal(tags["pv-to-hvm:source"], "web-source-snapshot-id");
    assert.equal(tags["pv-to-hvm:input:source.instanceId"], IDS.instance);
    assert.equal(tags["pv-to-hvm:input:source.prepare"], "true");
    assert.equal(description, `${IDS.instance}, converted from paravirtual to HVM by pv-to-hvm`);
  });

  it("reports source, volumes, inspection and preparation", () => {
    const inspection = without({ ...liveReport("inspect") }, "format");
    const preparation = without({ ...liveReport("prepare") }, "format");
    assert.deepEqual(outputs.sourceReport, {
      ...{ kind: "instance", id: IDS.instance, volumeId: IDS.root, snapshotId: "web-source-snapshot-id" },
      consistency: "stopped",
      otherVolumes: [{ deviceName: "/dev/sdf", volumeId: IDS.data, sizeGb: 100 }],
      inspection,
      preparation,
    });
  });

  it("tells each visit where the program was put, since another user may log in by then", async () => {
    const putAt = `/home/first/.pv-to-hvm-${readBundle(liveProgramPath()).digest}.sh`;
    const states = { "web-source-program": { stdout: `${putAt}\n` } };
    const { registered } = await register(PREPARING, { states });
    for (const role of ["source-inspection", "source-preparation"])
      assert.ok(String(child(registered, role).inputs.stdin).includes(`put='${putAt}'`), role);
  });

  it("keeps the program's text out of previews", () => {
    const { stdin } = child(registered, "source-program").inputs as { stdin: Values };
    assert.match(String(stdin.value), /^#!\/bin\/sh/);
  });

  it("shows the key of the source nowhere", () => {
    const scripts = registered.map(({ inputs }) => JSON.stringify([inputs.create, inputs.stdin])).join();
    assert.doesNotMatch(scripts + JSON.stringify(outputs), /PRIVATE-KEY/);
    const { connection } = child(registered, "source-program").inputs as { connection: Values };
    assert.match(JSON.stringify(connection.value), /PRIVATE-KEY-OF-THE-SOURCE/);
  });
});

describe("how a source is reached:", () => {
  const jumpHost = { host: "bastion", privateKey: keyCalled("PRIVATE-KEY-OF-BASTION") };
  const ROWS: [title: string, change: object, world: World, host: string | RegExp][] = [
    ["by its public address", {}, {}, "203.0.113.20"],
    ["by its private address, where that is asked for", { usePrivateAddress: true }, {}, "10.0.0.20"],
    ["by its private address, through a jump host", { jumpHost }, {}, "10.0.0.20"],
    ["by a name of the user's own", { host: "old.example" }, {}, "old.example"],
    [
      "not, where it has no public address",
      {},
      instanceWorld({ publicIp: "" }),
      /the source i-0a+ has no public address\. Set source\.connection\.usePrivateAddress/,
    ],
    [
      "not, where it is stopped, whatever name it goes by",
      { host: "old.example" },
      taken(instanceWorld({ instanceState: "stopped" })),
      /the source i-0a+ is stopped\. Start it/,
    ],
  ];
  for (const [title, change, world, host] of ROWS) {
    it(title, async () => {
      const login = { ...PREPARING.source.connection!, ...change };
      const { registered } = await register(
        { ...ARGS, source: { instanceId: IDS.instance, connection: login } },
        world,
      );
      const connection = child(registered, "source-inspection").inputs.connection as { value: Values };
      if (typeof host === "string") assert.equal(connection.value.host, host);
      else assert.match(connection.value.host as string, host);
    });
  }

  it("stops the graph before anything else is made, where its record is none", async () => {
    const states = { "web-source-inspection": { stdout: "no record" } };
    const { messages } = await refuse(CONNECTED, { states });
    assert.match(
      messages.join(),
      /source-inspection: the record of `inspect` was expected.*found "no record"/,
    );
  });
});

describe("a source whose snapshot is taken", () => {
  const BECOMES: [what: string, world: World][] = [
    ["is stopped", instanceWorld({ instanceState: "stopped", publicIp: "" })],
    [
      "is terminated",
      instanceWorld({ instanceState: "terminated", rootBlockDevices: [], ebsBlockDevices: [] }),
    ],
    ["is forgotten by EC2", forgottenWorld()],
    [
      "has grown, and another volume",
      instanceWorld({
        rootBlockDevices: [{ deviceName: "/dev/sda1", volumeId: "vol-00000000000000009", volumeSize: 99 }],
        ebsBlockDevices: [],
      }),
    ],
  ];
  const published = publishedImage({ "source.instanceId": IDS.instance });

  for (const [what, world] of BECOMES) {
    it(`does not mind that the instance ${what}`, async () => {
      const before = await register(CONNECTED, taken({}));
      const after = await register(CONNECTED, taken(world));
      assertSame(before.registered, after.registered);
      assert.deepEqual(after.outputs.sourceReport, before.outputs.sourceReport);
    });

    it(`does not mind it either once the image is published: it ${what}`, async () => {
      const calls = (other: World) => ({ calls: { ...other.calls, ...worldWith([published]).calls } });
      const before = await register(INSTANCE, calls(taken({})));
      const after = await register(INSTANCE, calls(world));
      const made = (registered: Registered[]) => registered.map(({ name }) => name).sort();
      assert.deepEqual(made(after.registered), made(before.registered));
    });
  }

  it("does not mind that the volume is in use again", async () => {
    const before = await register(VOLUME, taken(volumeWorld({})));
    const after = await register(VOLUME, taken(volumeWorld({ size: 50 }, [IDS.instance])));
    assertSame(before.registered, after.registered);
  });

  it("says that it is not needed", async () => {
    const lines = await said(INSTANCE, taken(forgottenWorld()));
    const words = `${TAKEN_ID} was taken of it and does not need it; a new conversion would.`;
    assert.equal(lines.length, 1);
    assert.match(lines[0], /^info: source\.instanceId: instance i-0a+ is not to be found/);
    assert.ok(lines[0].endsWith(words), lines[0]);
  });

  it("neither stops nor starts an instance that is gone", async () => {
    const args = { ...ARGS, source: { instanceId: IDS.instance, stopFirst: true } };
    assert.deepEqual(added((await register(args, taken(forgottenWorld()))).registered), [SNAPSHOT]);
  });

  const STOPPED_FIRST: PvToHvmMigrationArgs = {
    ...ARGS,
    source: { instanceId: IDS.instance, stopFirst: true },
  };
  const KNOWN: [what: string, world: World][] = [
    ["its snapshot is there", taken({})],
    [
      "its image is published, and it could not be stopped now",
      {
        calls: {
          ...instanceWorld({}, { "tag-key": true }).calls,
          ...worldWith([publishedImage({ "source.instanceId": IDS.instance, "source.stopFirst": "true" })])
            .calls,
        },
      },
    ],
  ];
  for (const [what, world] of KNOWN) {
    it(`stops nothing where a resource is made again: ${what}`, async () => {
      const { registered } = await register(STOPPED_FIRST, world);
      const states = ["source-stop", "source-start"].map((role) => child(registered, role).inputs.state);
      assert.deepEqual(states, ["running", "running"]);
    });
  }

  it("is told of again where the snapshot went with the workbench, and the image is published", async () => {
    const inputs = { "source.instanceId": IDS.instance, "source.stopFirst": "true" };
    const lines = await said(STOPPED_FIRST, worldWith([publishedImage(inputs)]));
    assert.ok(
      lines.some((line) => /is stopped for its snapshot/.test(line)),
      lines.join("\n"),
    );
  });

  it("is asked for by migration, stack, conversion and role", async () => {
    const asked: Values[] = [];
    const { calls } = taken({});
    const getSnapshot = calls!["aws:ebs/getSnapshot:getSnapshot"];
    await register(INSTANCE, {
      calls: { "aws:ebs/getSnapshot:getSnapshot": (args) => (asked.push(args), getSnapshot(args)) },
    });
    const [query] = asked.filter(({ filters }) => filters !== undefined);
    const names = (query.filters as { name: string; values: string[] }[]).map(({ name }) => name);
    assert.deepEqual(query.owners, ["self"]);
    assert.deepEqual(names, [
      "status",
      ...["migration", "stack", "conversion", "role"].map((tag) => `tag:pv-to-hvm:${tag}`),
    ]);
  });
});

/** What is not frozen is the same: no operation comes of it. */
function assertSame(before: Registered[], after: Registered[]): void {
  assert.deepEqual(after.map(({ name }) => name).sort(), before.map(({ name }) => name).sort());
  for (const { name, inputs, ignoreChanges, replacementTrigger } of before) {
    const now = after.find((each) => each.name === name)!;
    assert.deepEqual(now.replacementTrigger, replacementTrigger, name);
    const live = Object.keys(inputs).filter((input) => !ignoreChanges.includes(input));
    for (const input of live) {
      assert.deepEqual(unfrozen(now, input), unfrozen({ inputs, ignoreChanges }, input), `${name}: ${input}`);
    }
  }
}

function unfrozen({ inputs, ignoreChanges }: Pick<Registered, "inputs" | "ignoreChanges">, input: string) {
  if (input !== "tags") return inputs[input];
  const tags = Object.entries(inputs.tags as Tags);
  return Object.fromEntries(tags.filter(([tag]) => !ignoreChanges.includes(`tags["${tag}"]`)));
}

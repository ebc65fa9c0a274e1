import assert from "node:assert/strict";
import type { PvToHvmMigrationArgs } from "../../../components";
import { hostNow, isGone, type Reaching, type Whereabouts } from "../../../components/steps/whereabouts";
import { ec2Error } from "../ec2";
import { keyCalled } from "../keys";
import { ARGS, child, LAUNCHING, register } from "../mockEngine";

type Values = Record<string, unknown>;
const GET_INSTANCE = "aws:ec2/getInstance:getInstance";

const reaching: Reaching = {
  called: "the helper",
  isPrivate: false,
  advice: { whenStopped: "Start it", whenGone: "Make another", withoutAddress: "Give it one" },
};
const found = (instanceState: string, publicIp = "203.0.113.9"): Whereabouts => ({
  ...{ instanceState, publicIp, privateIp: "10.0.0.9" },
});

describe("where an instance is reached", () => {
  const ROWS: [title: string, found: Whereabouts | undefined, isPrivate: boolean, host: string][] = [
    ["a running one, by its public address", found("running"), false, "203.0.113.9"],
    ["a running one, by its private address", found("running"), true, "10.0.0.9"],
    ["one that starts", found("pending"), false, "203.0.113.9"],
  ];
  for (const [title, where, isPrivate, host] of ROWS) {
    it(title, () =>
      assert.deepEqual(hostNow("i-1", where, { ...reaching, isPrivate }), { host, isThere: true }),
    );
  }

  const ABSENT: [title: string, found: Whereabouts | undefined, sentence: string][] = [
    ["a stopped one", found("stopped", ""), "the helper i-1 is stopped. Start it"],
    ["one that stops", found("stopping"), "the helper i-1 is stopping. Start it"],
    ["a terminated one", found("terminated", ""), "the helper i-1 is gone. Make another"],
    ["one that is being terminated", found("shutting-down"), "the helper i-1 is gone. Make another"],
    ["one that EC2 has forgotten", undefined, "the helper i-1 is gone. Make another"],
    [
      "one without a public address",
      found("running", ""),
      "the helper i-1 has no public address. Give it one",
    ],
  ];
  for (const [title, where, host] of ABSENT) {
    it(`says why not: ${title}`, () => {
      assert.deepEqual(hostNow("i-1", where, reaching), { host, isThere: false });
    });
  }

  // Its tags go before it does, and with them the right to look into it.
  for (const [title, ids, host] of [
    ["one that EC2 does not list as alive is gone", [], "the helper web-helper-id is gone. "],
    ["one that it does is where it was", ["web-helper-id"], "web-helper.public"],
  ] as const) {
    it(`asks whether an instance is alive where it may not be looked into: ${title}`, async () => {
      const { registered } = await register(ARGS, {
        calls: {
          [GET_INSTANCE]: () => {
            throw ec2Error("api error UnauthorizedOperation: ec2:DescribeInstanceAttribute");
          },
          "aws:ec2/getInstances:getInstances": ({ filters, instanceStateNames }) => {
            if (!JSON.stringify(filters).includes("instance-id")) return { ids: [] };
            assert.deepEqual(instanceStateNames, ["pending", "running", "stopping", "stopped"]);
            return { ids };
          },
        },
      });
      const { connection } = child(registered, "inspect").inputs;
      assert.ok((connection as { value: { host: string } }).value.host.startsWith(host));
    });
  }

  it("knows an instance that is gone by EC2's and pulumi-aws's words", () => {
    for (const message of [
      "Your query returned no results. Please change your search criteria and try again.",
      "api error InvalidInstanceID.NotFound: The instance ID 'i-1' does not exist",
    ]) {
      assert.ok(isGone(message), message);
    }
    for (const message of ["RequestLimitExceeded", "no such host", "UnauthorizedOperation"]) {
      assert.ok(!isGone(message), message);
    }
  });
});

describe("the connection to a machine", () => {
  const jumpHost = { host: "bastion", privateKey: keyCalled("PRIVATE-KEY-OF-BASTION") };
  const behind: PvToHvmMigrationArgs = { ...ARGS, helper: { ...ARGS.helper, jumpHost } };

  async function connectionWith(
    getInstance: (args: Values) => Values,
    args: PvToHvmMigrationArgs = ARGS,
    role = "copy",
  ) {
    const { registered } = await register(args, { calls: { [GET_INSTANCE]: getInstance } });
    return (child(registered, role).inputs.connection as { value: Values }).value;
  }

  it("goes to the address that the helper has now, not to that which its resource remembers", async () => {
    assert.equal(
      (await connectionWith(() => ({ ...found("running", "198.51.100.1") }))).host,
      "198.51.100.1",
    );
  });

  it("asks for this very helper", async () => {
    const asked: Values[] = [];
    await connectionWith((args) => (asked.push(args), { ...found("running") }));
    assert.deepEqual(asked, [{ instanceId: "web-helper-id" }]);
  });

  it("dials a machine that is not there once, and not by way of the jump host: the sentence is not its to look up", async () => {
    const { host, dialErrorLimit, proxy } = await connectionWith(() => ({ ...found("stopped") }), behind);
    assert.equal(
      host,
      "the helper web-helper-id is stopped. Set workbench to running to go on from this step, " +
        "or set a new revision to convert anew on another helper",
    );
    assert.deepEqual([dialErrorLimit, proxy], [1, undefined]);
  });

  it("says to refresh where workbench is running already and the engine thinks that it is", async () => {
    const { host } = await connectionWith(() => ({ ...found("stopped") }), { ...ARGS, workbench: "running" });
    assert.match(
      host as string,
      /is stopped\. Run pulumi up --refresh, which starts it to go on from this step/,
    );
  });

  const gone = () => {
    throw ec2Error("Your query returned no results. Please change your search criteria and try again.");
  };
  it("says what to do about a helper that was terminated, and rejects nothing: finished steps do not mind", async () => {
    const { host } = await connectionWith(gone);
    assert.match(host as string, /^the helper web-helper-id is gone\. Run pulumi up --refresh/);
  });

  it("takes the remembered address where EC2 cannot be asked", async () => {
    const { host } = await connectionWith(() => {
      throw ec2Error("RequestLimitExceeded");
    });
    assert.equal(host, "web-helper.public");
  });

  it("makes only hosts that Go takes for a name: no colon, bracket or percent sign in any sentence", async () => {
    const worlds: [() => Values, Partial<PvToHvmMigrationArgs>][] = [
      [() => ({ ...found("stopped") }), {}],
      [() => ({ ...found("stopped") }), { workbench: "running" }],
      [() => ({ ...found("running", "") }), {}],
      [gone, {}],
    ];
    for (const [answer, changes] of worlds) {
      for (const role of ["copy", "boot-proof"]) {
        const { host } = await connectionWith(answer, { ...LAUNCHING, ...changes }, role);
        assert.match(host as string, /^the (helper|launched instance) [^:[\]%]+$/);
      }
    }
  });
});

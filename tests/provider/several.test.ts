/** Several migrations of a program in another language: each is a call of its own to the provider, with a client of its own. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { COMPONENT, MigrationProvider } from "../../provider/migrationProvider";
import { ec2Error, IDS } from "../components/ec2";
import { ANSWERS, ARGS, recordRegistrations, type World } from "../components/mockEngine";
import { hearUnhandled, likeWeb, withLocalStorage } from "../components/together/programs";

const INSPECTION: pulumi.Inputs = { ...ARGS, until: "inspect" };
const OPEN = { ...INSPECTION, helper: { ...ARGS.helper, allowedCidrs: ["0.0.0.0/0"] } };
const GONE = { ...INSPECTION, source: { imageId: "ami-00000000000000009" } };
const SECRET = { ...INSPECTION, until: pulumi.secret("inspect") };

const WORLD: World = {
  calls: {
    "aws:ec2/getAmi:getAmi": (args) => {
      if (JSON.stringify(args).includes(GONE.source.imageId))
        throw ec2Error("Your query returned no results.");
      return ANSWERS["aws:ec2/getAmi:getAmi"](args);
    },
  },
};

interface Answered {
  /** What each call is answered with: a URN, or an error. */
  answers: (string | Error)[];
  registered: string[];
  unhandled: unknown[];
}

let runs = 0;

/** The provider's answers to these calls, which come at the same time. */
async function construct(calls: [name: string, inputs: pulumi.Inputs][]): Promise<Answered> {
  const provider = new MigrationProvider();
  const target = `dns:127.0.0.1:${++runs}`;
  const answered: Answered = { answers: [], registered: [], unhandled: [] };
  const restore = hearUnhandled((error) => answered.unhandled.push(error));
  const call = ([name, inputs]: (typeof calls)[number]) =>
    withLocalStorage(async () => {
      await pulumi.runtime.setMocks(likeWeb(WORLD), "project", "stack");
      Object.assign(pulumi.runtime.getMonitor()!, { getChannel: () => ({ getTarget: () => target }) });
      const registered = recordRegistrations();
      try {
        const { urn } = await provider.construct(name, COMPONENT, inputs, {});
        return await new Promise<string>((resolve) => pulumi.output(urn).apply(resolve));
      } catch (error) {
        return error as Error;
      } finally {
        answered.registered.push(...registered.map((each) => each.name));
      }
    });
  answered.answers = await Promise.all(calls.map(call));
  await new Promise((resolve) => setTimeout(resolve, 50));
  restore();
  return answered;
}

describe("several migrations of a program in another language", function () {
  this.timeout(60_000);

  it("are made where all are right", async () => {
    const { answers, unhandled } = await construct([
      ["a", INSPECTION],
      ["b", INSPECTION],
    ]);
    assert.deepEqual(
      answers.map((urn) => String(urn).split("::").pop()),
      ["a", "b"],
    );
    assert.deepEqual(unhandled, []);
  });

  it("are answered each by its own problems, and nothing of any is made", async () => {
    const { answers, registered, unhandled } = await construct([
      ["right", INSPECTION],
      ["gone", GONE],
      ["open", OPEN],
      ["secret", SECRET],
    ]);
    const [right, gone, open, secret] = answers as Error[];
    const all = "open, secret, gone".split(", ");
    assert.match(right.message, /^right: is in order, and was not begun: something is wrong with /);
    for (const name of all) assert.ok(right.message.includes(name), right.message);
    assert.match(
      gone.message,
      /^gone: one problem, nothing was created\.\n {2}source\.imageId: image ami-0+9 is not/,
    );
    assert.match(
      open.message,
      /^open: one problem, nothing was created\.\n {2}helper\.allowedCidrs\[0\]: 0\.0\.0\.0\/0 lets/,
    );
    assert.match(
      secret.message,
      /^secret: one problem, nothing was created\.\n {2}until: is an output or a secret/,
    );
    assert.ok([gone, open, secret].every((error) => pulumi.InputPropertiesError.isInstance(error)));
    assert.deepEqual(registered, []);
    // The provider's server would print each once more.
    assert.deepEqual(unhandled, []);
  });

  it("have a name each", async () => {
    const { answers } = await construct([
      ["a", INSPECTION],
      ["a", { ...INSPECTION, source: { snapshotId: IDS.snapshot } }],
    ]);
    assert.match((answers[1] as Error).message, /name: the program has more than one migration called a\./);
  });

  it("are not held up by those of another run", async () => {
    const [first, second] = await Promise.all([construct([["a", OPEN]]), construct([["a", INSPECTION]])]);
    assert.ok(first.answers[0] instanceof Error);
    assert.equal(typeof second.answers[0], "string", String(second.answers[0]));
  });
});

import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration } from "../../../components";
import { ANSWERS, ARGS, mocks } from "../mockEngine";

type Values = Record<string, unknown>;

/** The calls that a world gets from a program, counted. */
async function asked(program: () => PvToHvmMigration[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const counting = Object.entries(ANSWERS).map(([token, answer]) => [
    token,
    (args: Values) => {
      const question = `${token} ${JSON.stringify(args)}`;
      counts.set(question, (counts.get(question) ?? 0) + 1);
      return answer(args);
    },
  ]);
  const { newResource, call } = mocks({ calls: Object.fromEntries(counting) });
  const likeWeb = (resource: pulumi.runtime.MockResourceArgs) =>
    newResource({ ...resource, name: resource.name.replace(/^web\d+/, "web") });
  await pulumi.runtime.setMocks({ newResource: likeWeb, call }, "project", "stack");
  const migrations = program();
  await new Promise((resolve) => pulumi.all(migrations.map(({ imageId }) => imageId)).apply(resolve));
  await pulumi.runtime.disconnect();
  return counts;
}

/** The look-ups are the same however far a migration goes. */
const INSPECTING = { ...ARGS, until: "inspect" as const };

const migrations = (count: number) => () =>
  Array.from({ length: count }, (_, index) => new PvToHvmMigration(`web${index}`, INSPECTING));

/** Each migration's helper is another, and is asked for by its own id. */
const shared = (counts: Map<string, number>) =>
  [...counts].filter(([question]) => !question.includes("getInstance:getInstance"));

describe("the look-ups of one run", function () {
  this.timeout(60_000);

  it("ask each question once, however many migrations ask it", async () => {
    const [one, twenty] = [shared(await asked(migrations(1))), shared(await asked(migrations(20)))];
    assert.deepEqual(twenty, one);
    assert.deepEqual([...new Set(twenty.map(([, times]) => times))], [1]);
    assert.equal(
      twenty.length,
      7,
      "source, its snapshot, subnet, zones of types, type, Debian, published images",
    );
  });

  it("are asked again by the next run of the same process", async () => {
    const first = shared(await asked(migrations(2)));
    assert.deepEqual(shared(await asked(migrations(2))), first);
  });

  it("are not shared between providers", async () => {
    const counts = await asked(() =>
      ["us-east-1", "eu-west-1"].map(
        (region, index) =>
          new PvToHvmMigration(`web${index}`, INSPECTING, { providers: { aws: new AwsProvider(region) } }),
      ),
    );
    assert.deepEqual([...new Set(shared(counts).map(([, times]) => times))], [2]);
  });
});

/** As pulumi-aws's own, whose module loads every service of AWS. */
class AwsProvider extends pulumi.ProviderResource {
  constructor(region: string) {
    super("aws", region, { region });
  }
}

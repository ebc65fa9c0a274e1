/** What the real engine makes of a stack's configuration: the project's own Pulumi.yaml, and its own program. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PreviewResult, Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import type { PvToHvmMigrationArgs } from "../../components";
import { tellRemovals } from "../../components/published/removals";
import type { LocalCloud } from "../../local/prepare";
import { keyCalled } from "../components/keys";
import { openEmptyStack, placeOfStack } from "./emptyStack";
import { silenceMocha } from "./harness";
import { heldIn } from "./run";

const ROOT = join(__dirname, "..", "..");
const NAME = "environments";

/** A migration of the sample that ends with its inspection: nothing is copied, nothing booted. */
const SAMPLE = {
  source: { imageId: "ami-00000000000000001" },
  helper: { subnetId: "subnet-00000000000000001", allowedCidrs: ["198.18.0.0/15"] },
  until: "inspect",
};

/** Whose sentence it is tells who refuses. */
const REFUSED: [title: string, settings: object, message: RegExp][] = [
  // By the engine, before the program starts.
  ["no migrations", {}, /validating stack config: .*is missing configuration value 'migrations'/],
  [
    "migrations that are a text",
    { migrations: "hello" },
    /validating stack config: .*'migrations' must be of type 'object'/,
  ],
  [
    "migrations that are a list",
    { migrations: [SAMPLE] },
    /validating stack config: .*'migrations' must be of type 'object'/,
  ],
  [
    "helpersAtOnce that is a word",
    { migrations: { sample: SAMPLE }, helpersAtOnce: "two" },
    /validating stack config: .*'helpersAtOnce' must be of type 'integer'/,
  ],
  [
    "half a helper",
    { migrations: { sample: SAMPLE }, helpersAtOnce: 1.5 },
    /validating stack config: .*'helpersAtOnce' must be of type 'integer'/,
  ],
  // By the program.
  [
    "a setting that is not declared",
    { migrations: { sample: SAMPLE }, helperAtOnce: 2 },
    /pv-to-hvm:helperAtOnce: is not known\./,
  ],
  [
    "an unknown key of a migration",
    { migrations: { sample: { ...SAMPLE, sauce: {} } } },
    /migrations\.sample\.sauce: is not known\./,
  ],
  [
    "an unknown key further in",
    { migrations: { sample: { ...SAMPLE, source: { imageID: "ami-1" } } } },
    /migrations\.sample\.source\.imageID: is not known\./,
  ],
  [
    "fewer helpers than none",
    { migrations: { sample: SAMPLE }, helpersAtOnce: -1 },
    /pv-to-hvm:helpersAtOnce: must be a whole number of at least 0, got -1\./,
  ],
];

describe("a stack's configuration, on the real engine,", function () {
  this.timeout(600_000);
  const { workDir, file } = placeOfStack(NAME);
  let local: LocalCloud;
  let stack: Stack;
  let salt: string;

  before(async () => {
    ({ local, stack } = await openEmptyStack(NAME));
    salt = readFileSync(file, "utf8");
  });

  after(() => stack.destroy());

  /** Settings of this project, as a person would write them into the stack's file. */
  function configure(settings: object): void {
    const named = Object.entries(settings).map(([name, value]) => [`pv-to-hvm:${name}`, value]);
    const config = { "aws:region": "us-east-1", ...Object.fromEntries(named) };
    writeFileSync(file, `${salt}${stringify({ config })}`);
  }

  async function preview(): Promise<Partial<PreviewResult> & { error: string }> {
    let previewed: Partial<PreviewResult> = {};
    const error = await refused(async () => (previewed = await stack.preview()));
    return { ...previewed, error };
  }

  /** What a user reads where an operation is refused; nothing where it is not. */
  async function refused(operation: () => Promise<unknown>): Promise<string> {
    const restore = silenceMocha();
    try {
      await operation();
      return "";
    } catch (error) {
      return (error as Error).message;
    } finally {
      restore();
    }
  }

  for (const [title, settings, message] of REFUSED) {
    it(`is refused: ${title}`, async () => {
      configure(settings);
      assert.match((await preview()).error, message);
    });
  }

  it("is refused in words that the engine shows as they are, with colours on", async () => {
    configure({ migrations: { sample: { ...SAMPLE, "<{%x%}>\x1b]0;mine\x07": 1 } } });
    const error = await refused(() => stack.preview({ color: "always" }));
    assert.match(error, /migrations\.sample\.<\{ %x%\}>\\u\{1b\}\]0;mine\\u\{7\}: is not known\./);
    // It knows no colour x, and panics where it meets one.
    assert.doesNotMatch(error, /panic|Unrecognized color code/);
  });

  for (const name of readdirSync(join(ROOT, "stacks"))) {
    it(`is taken by the engine as stacks/${name} has it`, async () => {
      const text = readFileSync(join(ROOT, "stacks", name), "utf8");
      const { config } = parse(text) as { config: Record<string, unknown> };
      writeFileSync(file, `${salt}${stringify({ config })}`);
      // What the program makes of it is for tests without an engine: the ids in it are nobody's.
      const handedOver = async () => ({ all: pulumi.runtime.allConfig() });
      const { outputs } = await stack.up({ program: handedOver });
      const all = outputs.all.value as Record<string, string>;
      assert.deepEqual(JSON.parse(all["pv-to-hvm:migrations"]), config["pv-to-hvm:migrations"]);
      assert.equal(all["pv-to-hvm:helpersAtOnce"], String(config["pv-to-hvm:helpersAtOnce"] ?? 4));
    });
  }

  const OPEN = { ...SAMPLE, helper: { ...SAMPLE.helper, allowedCidrs: ["0.0.0.0/0"] } };
  const GONE = { ...SAMPLE, source: { imageId: "ami-00000000000000009" } };

  it("makes nothing of any entry while anything is wrong with one, and tells of all", async () => {
    const migrations = { gone: GONE, right: SAMPLE, open: OPEN, misspelt: { ...SAMPLE, destinaton: {} } };
    configure({ migrations });
    const error = await refused(() => stack.up());
    for (const heading of ["gone", "open", "misspelt"]) {
      assert.match(error, new RegExp(`${heading}: one problem, nothing was created\\.`));
    }
    assert.match(error, /source\.imageId: image ami-00000000000000009 is not to be found/);
    assert.match(error, /helper\.allowedCidrs\[0\]: 0\.0\.0\.0\/0 lets strangers reach/);
    assert.match(error, /migrations\.misspelt\.destinaton: is not known\. Did you mean destination\?/);
    assert.match(error, /^ *right: is in order, and was not begun\./m);
    const { deployment } = await stack.exportStack();
    const urns = ((deployment.resources ?? []) as StateResource[]).map(({ urn }) => urn);
    // The look-ups' provider is there, and the stack.
    assert.deepEqual(
      urns.filter((urn) => !urn.includes(":pulumi:providers:")).map((urn) => urn.split("::").pop()),
      [`pv-to-hvm-${NAME}`],
    );
    assert.deepEqual(heldIn(local.directory), []);
  });

  it("tells of the last of a hundred in a preview, without one of the others in it", async () => {
    const names = Array.from({ length: 100 }, (_, index) => `web${index}`);
    configure({
      migrations: Object.fromEntries(names.map((name) => [name, name === "web99" ? GONE : SAMPLE])),
    });
    const { error } = await preview();
    assert.match(error, /web99: one problem, nothing was created\./);
    assert.match(error, /The other 99 migrations of this program are in order, and were not begun\./);
    assert.doesNotMatch(error, /web0/);
  });

  it("is taken as it is where all is well, without helpersAtOnce", async () => {
    configure({ migrations: { sample: SAMPLE, off: { ...SAMPLE, enabled: false } } });
    const { error, changeSummary, stdout } = await preview();
    assert.equal(error, "");
    assert.ok((changeSummary?.create ?? 0) > 8, JSON.stringify(changeSummary));
    assert.doesNotMatch(stdout ?? "", /off-helper/);
  });

  it("tells in a preview what an entry that is taken out takes with it, by the outputs of the update before", async () => {
    configure({ migrations: {} });
    const published = { web: { imageId: "ami-1", snapshotId: "snap-1" }, shop: { imageId: "ami-2" } };
    await stack.up({ program: async () => published });
    const shop: [string, PvToHvmMigrationArgs] = ["shop", {} as PvToHvmMigrationArgs];
    const { stdout } = await stack.preview({
      program: async () => {
        await tellRemovals([shop], {});
        return published;
      },
    });
    assert.match(
      stdout,
      /warning: web is no longer in the stack's configuration: image ami-1 and snapshot snap-1 will be deleted\. To keep/,
    );
    assert.doesNotMatch(stdout, /shop is no longer/);
  });

  it("keeps a key that was set with --secret secret, and what is beside it plain", async () => {
    configure({
      migrations: {
        sample: {
          ...SAMPLE,
          launch: {
            instanceType: "t3.micro",
            subnetId: "subnet-00000000000000001",
            connection: { user: "root" },
          },
        },
      },
    });
    const key = keyCalled("").trim();
    const [, body] = key.split("\n");
    const path = "pv-to-hvm:migrations.sample.launch.connection.privateKey";
    pulumiCommand(["config", "set", "--secret", "--path", path], `${key}\n`);
    assert.match(readFileSync(file, "utf8"), /user: root\n\s+privateKey:\n\s+secure: v1:/);

    const made = await stack.up();
    const exported = pulumiCommand(["stack", "export"]);
    const { deployment } = JSON.parse(exported) as { deployment: { resources: StateResource[] } };
    const { inputs } = deployment.resources.find(({ urn }) => urn.endsWith("::sample"))!;
    const { connection, instanceType } = inputs.launch;
    assert.equal(instanceType, "t3.micro");
    assert.equal(connection.user, "root");
    assert.ok(connection.privateKey.ciphertext, `not encrypted: ${Object.keys(connection.privateKey)}`);
    for (const text of [made.stdout, made.stderr, exported]) {
      assert.ok(!text.includes(body));
    }
  });

  function pulumiCommand(args: string[], input = ""): string {
    const env = { ...process.env, ...local.env };
    const all = [...args, "--stack", NAME];
    return execFileSync(local.engine.pulumi, all, { cwd: workDir, encoding: "utf8", env, input });
  }
});

interface StateResource {
  urn: string;
  inputs: {
    launch: {
      instanceType: unknown;
      connection: { user: unknown; privateKey: { ciphertext?: string } };
    };
  };
}

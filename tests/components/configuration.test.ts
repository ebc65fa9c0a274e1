import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { readHelpersAtOnce, readMigrations } from "../../components/configuration";
import { checkArgs } from "../../components/checks/validate";
import { ARGS } from "./mockEngine";

const STACKS = join(__dirname, "..", "..", "stacks");

const REFUSED: [title: string, configuration: unknown, line: string][] = [
  [
    "no object",
    "hello",
    'migrations: must be an object with a migration a name, got "hello". See stacks/ for worked-out examples.',
  ],
  [
    "an entry that is no object",
    { web: 1 },
    "migrations.web: must be an object, got 1. Its keys are enabled, source,",
  ],
  [
    "an unknown key",
    { web: { ...ARGS, sauce: 1 } },
    "migrations.web.sauce: is not known. The keys here are enabled, source,",
  ],
  [
    "an unknown key further in",
    { web: { ...ARGS, source: { imageID: "ami-1" } } },
    "migrations.web.source.imageID: is not known. The keys here are imageId, snapshotId, architecture.",
  ],
  [
    "a key of every object's prototype",
    { web: { ...ARGS, source: { constructor: "x" } } },
    "migrations.web.source.constructor: is not known.",
  ],
  [
    "a string for a number",
    { web: { ...ARGS, revision: "2" } },
    'migrations.web.revision: must be a number, got "2". Mind YAML\'s quotes: 1 is a number, "1" a string.',
  ],
  [
    "a string for a list",
    { web: { ...ARGS, helper: { subnetId: "s", allowedCidrs: "203.0.113.7/32" } } },
    'migrations.web.helper.allowedCidrs: must be a list of strings, got "203.0.113.7/32".',
  ],
  [
    "a string for a number of seconds",
    { web: { ...ARGS, timeouts: { stepSeconds: "60" } } },
    'migrations.web.timeouts.stepSeconds: must be a number, got "60".',
  ],
  [
    "a wait of no known name",
    { web: { ...ARGS, timeouts: { copySeconds: 60 } } },
    "migrations.web.timeouts.copySeconds: is not known. The keys here are helperSeconds, stepSeconds,",
  ],
  [
    "what other migrations are waited for, which is for programs",
    { web: { ...ARGS, helper: { ...ARGS.helper, waitFor: ["i-1"] } } },
    "migrations.web.helper.waitFor: is not known.",
  ],
  [
    "a number for a tag",
    { web: { ...ARGS, tags: { a: 1 } } },
    'migrations.web.tags: must be an object of strings, got {"a":1}.',
  ],
  [
    "a key and the file of a key",
    {
      web: {
        ...ARGS,
        helper: { ...ARGS.helper, jumpHost: { host: "h", privateKey: "k", privateKeyFile: "k.pem" } },
      },
    },
    "migrations.web.helper.jumpHost: has both privateKey and privateKeyFile. Remove one of the two.",
  ],
  [
    "a folder for a key file",
    { web: { ...ARGS, helper: { ...ARGS.helper, jumpHost: { host: "h", privateKeyFile: "." } } } },
    "migrations.web.helper.jumpHost.privateKeyFile: . cannot be read (EISDIR: illegal operation on a directory, read). Name a file",
  ],
  [
    "a key file that is not there",
    { web: { ...ARGS, helper: { ...ARGS.helper, jumpHost: { host: "h", privateKeyFile: "no/such.pem" } } } },
    "migrations.web.helper.jumpHost.privateKeyFile: no/such.pem cannot be read (ENOENT: no such file or directory, open 'no/such.pem'). Name a file with the private key",
  ],
];

describe("a stack's configuration", () => {
  for (const [title, configuration, line] of REFUSED) {
    it(`is refused with its path: ${title}`, () => {
      assert.throws(
        () => readMigrations(configuration),
        (error: Error) => {
          assert.ok(pulumi.RunError.isInstance(error), "the program runner prints its stack");
          assert.equal(error.message.split("\n")[1].trim().slice(0, line.length), line);
          return true;
        },
      );
    });
  }

  it("tells everything at once", () => {
    const wrong = { web: { ...ARGS, revision: "2", sauce: 1 }, other: 7 };
    assert.throws(
      () => readMigrations(wrong),
      (error: Error) => error.message.split("\n").length === 4,
    );
  });

  it("makes nothing of an entry that is not enabled", () => {
    const entries = readMigrations({
      a: { ...ARGS, enabled: false },
      b: { ...ARGS, enabled: true },
      c: ARGS,
    });
    assert.deepEqual(entries, [
      ["b", ARGS],
      ["c", ARGS],
    ]);
  });

  it("reads private keys from files, wherever there is a connection", () => {
    const directory = mkdtempSync(join(tmpdir(), "keys-"));
    const privateKeyFile = join(directory, "a.pem");
    writeFileSync(privateKeyFile, "PRIVATE");
    const jumpHost = { host: "bastion", privateKeyFile };
    const launch = {
      instanceType: "t3.micro",
      subnetId: "s",
      connection: { user: "root", privateKeyFile, jumpHost },
    };
    const [[, args]] = readMigrations({ web: { ...ARGS, launch } });
    rmSync(directory, { recursive: true });
    assert.deepEqual(args.launch?.connection, {
      user: "root",
      privateKey: "PRIVATE",
      jumpHost: { host: "bastion", privateKey: "PRIVATE" },
    });
  });
});

describe("a stack's helpersAtOnce", () => {
  for (const text of ["0", "-1", "1.5", "two", "true", "", "1e999"]) {
    it(`is refused where it is ${JSON.stringify(text)}`, () => {
      const line = `helpersAtOnce: must be a whole number of at least 1, got ${text || "an empty text"}. Remove it for`;
      assert.throws(
        () => readHelpersAtOnce(text),
        (error: Error) => pulumi.RunError.isInstance(error) && error.message.includes(line),
      );
    });
  }

  it("is a number, or nothing", () => {
    assert.deepEqual([undefined, "1", "20"].map(readHelpersAtOnce), [undefined, 1, 20]);
  });
});

describe("the stacks of this project", () => {
  const before_ = process.cwd();
  let directory: string;
  // The examples name key files of their own: dummies stand in for them here.
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "stacks-"));
    for (const file of ["keys/bastion.pem", "keys/operations.pem", ".cache/cloud/keys/local.pem"]) {
      mkdirSync(join(directory, file, ".."), { recursive: true });
      writeFileSync(join(directory, file), "PRIVATE");
    }
    process.chdir(directory);
  });
  after(() => {
    process.chdir(before_);
    rmSync(directory, { recursive: true });
  });

  const files = readdirSync(STACKS);
  it("are local, dev and prod", () => {
    assert.deepEqual(files.sort(), ["Pulumi.dev.yaml", "Pulumi.local.yaml", "Pulumi.prod.yaml"]);
  });
  for (const file of files) {
    it(`${file} is in order, entries that are not enabled included`, () => {
      const { config } = parse(readFileSync(join(STACKS, file), "utf8"));
      const migrations: Record<string, object> = config["pv-to-hvm:migrations"];
      const all = Object.entries(migrations).map(([name, entry]) => [name, { ...entry, enabled: true }]);
      const entries = readMigrations(Object.fromEntries(all));
      assert.equal(entries.length, all.length);
      for (const [name, args] of entries) assert.deepEqual(checkArgs(name, args), []);
    });
  }
});

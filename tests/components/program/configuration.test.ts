import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import fs from "node:fs";
import { mock } from "node:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { readConfiguration } from "../../../components/program/configuration";
import { refusal } from "../../../components/checks/problems";
import { checkArgs } from "../../../components/checks/validate";
import { keyCalled } from "../keys";
import { ARGS } from "../mockEngine";

/** The migrations of a stack with these, as the engine hands them over: every setting a text. */
function readMigrations(migrations: unknown) {
  const text = typeof migrations === "string" ? migrations : JSON.stringify(migrations);
  const read = readConfiguration({ "aws:region": "us-east-1", "pv-to-hvm:migrations": text });
  // As the program is refused that has nothing else.
  if (read.refused.length > 0) throw refusal(read.refused, { others: [], hasBegun: false });
  return read.migrations;
}

const STACKS = join(__dirname, "..", "..", "..", "stacks");

const REFUSED: [title: string, configuration: unknown, line: string][] = [
  [
    "an entry that takes over one that is there",
    { web: ARGS, shop: { ...ARGS, formerName: "web" } },
    "migrations.shop.formerName: web is the name of another entry. Name the entry that this one takes over, which is no longer there; or remove formerName.",
  ],
  [
    "an entry that takes itself over",
    { web: { ...ARGS, formerName: "web" } },
    "migrations.web.formerName: web is the name of this entry itself. Name the entry",
  ],
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
    "a private key where none belongs, which is not shown",
    { web: { ...ARGS, revision: "-----BEGIN OPENSSH PRIVATE KEY-----" } },
    "migrations.web.revision: must be a number, got something with a private key in it.",
  ],
  [
    "a connection's key without its connection, which is not shown",
    { web: { ...ARGS, source: { instanceId: "i-1", connection: [{ privateKey: "x" }] } } },
    "migrations.web.source.connection: must be an object, got something with a private key in it.",
  ],
  [
    "a long text, cut",
    { web: { ...ARGS, revision: "x".repeat(500) } },
    `migrations.web.revision: must be a number, got "${"x".repeat(79)} …. Mind`,
  ],
  [
    "an unknown key further in",
    { web: { ...ARGS, source: { imageID: "ami-1" } } },
    "migrations.web.source.imageID: is not known. Did you mean imageId? The keys here are imageId, snapshotId, volumeId, instanceId, architecture,",
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
    { web: { ...ARGS, helper: { subnetId: "s", allowedCidrs: "10.20.30.40/32" } } },
    'migrations.web.helper.allowedCidrs: must be a list of strings, got "10.20.30.40/32". Write it as allowedCidrs: ["10.20.30.40/32"].',
  ],
  [
    "a list of numbers for one of strings",
    { web: { ...ARGS, launch: { instanceType: "t", subnetId: "s", securityGroupIds: [1, true, null, 4] } } },
    'migrations.web.launch.securityGroupIds: must be a list of strings, got [1,true,null,4]. Write it as securityGroupIds: ["1", "true", "…", …].',
  ],
  [
    "a list of objects for an object",
    { web: { ...ARGS, source: [{ imageId: "ami-1" }] } },
    'migrations.web.source: must be an object, got [{"imageId":"ami-1"}]. It is no list: in YAML write its keys without a dash before them. Its keys are imageId,',
  ],
  [
    "a list of objects for a list of strings",
    { web: { ...ARGS, guest: { families: [{ nitro: true }] } } },
    'migrations.web.guest.families: must be a list of strings, got [{"nitro":true}]. Write it as families: ["…"].',
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

  it("tells everything at once, by migration", () => {
    const wrong = { web: { ...ARGS, revision: "2", sauce: 1 }, right: ARGS, other: 7 };
    assert.throws(
      () => readMigrations(wrong),
      ({ message }: Error) => {
        const starts = message.split("\n").map((line) => line.trim().split(/[:,] /)[0]);
        assert.deepEqual(starts, [
          "web",
          "migrations.web.revision",
          "migrations.web.sauce",
          "other",
          "migrations.other",
        ]);
        return true;
      },
    );
  });

  it("is judged by its values as well where only its keys are misspelt", () => {
    const helper = { ...ARGS.helper, allowedCidrs: ["0.0.0.0/0"] };
    assert.throws(
      () => readMigrations({ web: { ...ARGS, helper, untill: "inspect" } }),
      ({ message }: Error) => {
        assert.match(message, /^web: 2 problems, nothing was created\.$/m);
        assert.match(message, /migrations\.web\.untill: is not known\. Did you mean until\?/);
        assert.match(message, /helper\.allowedCidrs\[0\]: 0\.0\.0\.0\/0 lets strangers reach/);
        return true;
      },
    );
  });

  it("tells former names apart from the arguments", () => {
    const migrations = { web: { ...ARGS, formerName: "old" }, shop: ARGS };
    const settings = { "pv-to-hvm:migrations": JSON.stringify(migrations) };
    const { migrations: read, formerNames } = readConfiguration(settings);
    assert.deepEqual(formerNames, { web: "old" });
    assert.deepEqual(read, [
      ["web", ARGS],
      ["shop", ARGS],
    ]);
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

  it("asks for no key file of an entry that is not enabled", () => {
    const connection = { user: "root", privateKeyFile: "no/such.pem" };
    const shop = { ...ARGS, enabled: false, source: { instanceId: "i-1", connection } };
    assert.deepEqual(readMigrations({ shop, web: ARGS }), [["web", ARGS]]);
  });

  it("leaves a tag alone that is called like a file", () => {
    const tags = { privateKeyFile: "no/such.pem" };
    assert.deepEqual(readMigrations({ web: { ...ARGS, tags } }), [["web", { ...ARGS, tags }]]);
  });

  it("reads private keys from files, wherever there is a connection", () => {
    const directory = mkdtempSync(join(tmpdir(), "keys-"));
    const privateKeyFile = join(directory, "a.pem");
    const privateKey = keyCalled("PRIVATE");
    writeFileSync(privateKeyFile, privateKey);
    const jumpHost = { host: "bastion", privateKeyFile };
    const launch = {
      instanceType: "t3.micro",
      subnetId: "s",
      connection: { user: "root", privateKeyFile, jumpHost },
    };
    const source = { instanceId: "i-1", connection: { user: "root", privateKeyFile } };
    const reading = mock.method(fs, "readFileSync");
    const [[, args]] = readMigrations({ web: { ...ARGS, source, launch } });
    reading.mock.restore();
    // What was judged is what is used, also of a file that can be read but once.
    assert.equal(reading.mock.calls.filter(({ arguments: [file] }) => file === privateKeyFile).length, 1);
    rmSync(directory, { recursive: true });
    assert.deepEqual(args.source, { instanceId: "i-1", connection: { user: "root", privateKey } });
    assert.deepEqual(args.launch?.connection, {
      user: "root",
      privateKey,
      jumpHost: { host: "bastion", privateKey },
    });
  });
});

describe("a private key's file", () => {
  let file: string;
  before(() => (file = join(mkdtempSync(join(tmpdir(), "keys-")), "web.pem")));
  after(() => rmSync(join(file, ".."), { recursive: true }));

  const ROWS: [what: string, text: string, reason: RegExp][] = [
    [
      "a README",
      "# Keys\n",
      /is no private key that ssh can use: it is a text of one line without a line -----BEGIN/,
    ],
    [
      "a public key",
      "ssh-ed25519 AAAAC3Nz a@b\n",
      /is no private key: it is a public key\. Give the private half/,
    ],
    [
      "a key with a passphrase",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
      /is a private key with a passphrase\. Nobody is there to be asked for it/,
    ],
  ];
  for (const [what, text, reason] of ROWS) {
    it(`is refused where it is ${what}, by its name`, () => {
      writeFileSync(file, text);
      const connection = { user: "root", privateKeyFile: file };
      const entry = { ...ARGS, source: { instanceId: "i-1", connection } };
      assert.throws(
        () => readMigrations({ web: entry }),
        ({ message }: Error) =>
          message.includes(`migrations.web.source.connection.privateKeyFile: ${file} is `) &&
          reason.test(message),
      );
      assert.equal(readMigrations({ web: { ...entry, enabled: false } }).length, 0);
    });
  }
});

describe("a stack's settings", () => {
  const migrations = JSON.stringify({ web: ARGS });
  const settings = (others: { [name: string]: string }) => ({
    "pv-to-hvm:migrations": migrations,
    ...others,
  });

  const WRONG: [title: string, all: { [name: string]: string }, line: string][] = [
    ...["-1", "1.5", "two", "true", "", " ", "1e999"].map(
      (text): [string, { [name: string]: string }, string] => [
        `helpersAtOnce ${JSON.stringify(text)}`,
        settings({ "pv-to-hvm:helpersAtOnce": text }),
        `pv-to-hvm:helpersAtOnce: must be a whole number of at least 0, got ${text || "an empty text"}. Remove it for 4,`,
      ],
    ),
    [
      "a setting that nobody knows, which the engine passes over",
      settings({ "pv-to-hvm:helperAtOnce": "4" }),
      "pv-to-hvm:helperAtOnce: is not known. The settings of this project are pv-to-hvm:migrations and pv-to-hvm:helpersAtOnce.",
    ],
    ["no migrations", {}, "pv-to-hvm:migrations: is not set. See stacks/ for worked-out examples."],
  ];
  for (const [title, all, line] of WRONG) {
    it(`are refused: ${title}`, () => {
      assert.throws(
        () => readConfiguration(all),
        (error: Error) =>
          pulumi.RunError.isInstance(error) && error.message.split("\n")[1].trim().startsWith(line),
      );
    });
  }

  it("of other namespaces are others' to judge", () => {
    const others = { "aws:region": "us-east-1", "pulumi:tags": "{}", "other:migrations": "1" };
    assert.deepEqual(readConfiguration(settings(others)).migrations, [["web", ARGS]]);
  });

  for (const [text, helpersAtOnce] of [
    ["0", undefined],
    ["1", 1],
    ["20", 20],
  ] as const) {
    it(`take helpersAtOnce ${text} for ${helpersAtOnce ?? "no limit"}`, () => {
      const read = readConfiguration(settings({ "pv-to-hvm:helpersAtOnce": text }));
      assert.equal(read.helpersAtOnce, helpersAtOnce);
    });
  }

  it("have four helpers at once where no number is set", () => {
    assert.equal(readConfiguration(settings({})).helpersAtOnce, 4);
  });

  const PLACES: [running: number, stopped: number, helpersAtOnce: string, needed?: number][] = [
    [1, 0, "1"],
    [1, 5, "2"],
    [1, 1, "1", 2],
    [3, 0, "2", 3],
    [3, 1, "3", 4],
    [3, 1, "0"],
    [0, 9, "1"],
  ];
  for (const [running, stopped, helpersAtOnce, needed] of PLACES) {
    it(`${needed ? "refuse" : "take"} ${running} helpers that keep running and ${stopped} others with ${helpersAtOnce} at once`, () => {
      const entries = [
        ...Array.from({ length: running }, (_, index) => [`r${index}`, { ...ARGS, workbench: "running" }]),
        ...Array.from({ length: stopped }, (_, index) => [`s${index}`, ARGS]),
        ["off", { ...ARGS, workbench: "running", enabled: false }],
      ];
      const all = settings({
        "pv-to-hvm:migrations": JSON.stringify(Object.fromEntries(entries)),
        "pv-to-hvm:helpersAtOnce": helpersAtOnce,
      });
      if (!needed) return void readConfiguration(all);
      const names = Array.from({ length: running }, (_, index) => `r${index}`).join(", ");
      assert.throws(
        () => readConfiguration(all),
        (error: Error) =>
          error.message.includes(
            `pv-to-hvm:helpersAtOnce: is ${helpersAtOnce}, but helpers that keep running (workbench: running) take ` +
              `${running} places: ${names}. Set workbench to stopped for some of them, or helpersAtOnce to at least ${needed}`,
          ),
      );
    });
  }
});

describe("the stacks of this project", () => {
  const before_ = process.cwd();
  let directory: string;
  // The examples name key files of their own: dummies stand in for them here.
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "stacks-"));
    for (const file of ["keys/bastion.pem", "keys/operations.pem", ".cache/cloud/keys/local.pem"]) {
      mkdirSync(join(directory, file, ".."), { recursive: true });
      writeFileSync(join(directory, file), keyCalled("PRIVATE"));
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
    it(`${file} is in order but for an address to be filled in, entries that are not enabled included`, () => {
      const { config } = parse(readFileSync(join(STACKS, file), "utf8"));
      const migrations: Record<string, object> = config["pv-to-hvm:migrations"];
      const all = Object.entries(migrations).map(([name, entry]) => [name, { ...entry, enabled: true }]);
      const entries = readMigrations(Object.fromEntries(all));
      assert.equal(entries.length, all.length);
      for (const [name, args] of entries) {
        // A person fills this in: tests/docs/placeholders.test.ts holds that the file says so.
        const problems = checkArgs(name, args).filter(({ reason }) => !/is a placeholder/.test(reason));
        assert.deepEqual(problems, []);
      }
    });
  }
});

/** Entries in stacks' files: what is added, what stays, and what the real engine makes of it is in tests/end-to-end/writeStack.test.ts. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parse, parseDocument, stringify } from "yaml";
import { readConfiguration } from "../../components/program/configuration";
import type { Fleet, FoundImage, Inspection, Place } from "../../discover/types";
import { chooseEntries, type Existing, type StackEntry } from "../../discover/writeStack/entries";
import { readStackFile, withEntries } from "../../discover/writeStack/stackFile";
import { checkStack, writeStacks } from "../../discover/writeStack/writeStack";

const WEB = "ami-0aaaaaaaaaaaaaaa1";
const BATCH = "ami-0aaaaaaaaaaaaaaa2";

function image(imageId: string, name?: string, more: Partial<FoundImage> = {}): FoundImage {
  return {
    ...{ imageId, name, state: "available", isOwn: true, architecture: "x86_64", isPublic: false },
    createdAt: "2012-03-04T05:06:07.000Z",
    root: {
      ...{ kind: "ebs", deviceName: "/dev/sda1", snapshotId: imageId.replace("ami", "snap") },
      ...{ sizeGb: 20, encrypted: false },
    },
    ...{ otherMappings: [], productCodes: [], sharedWith: [], tags: {}, referrers: [], conversions: [] },
    ...{ stage: "found", inspection: { verdict: "not inspected" } },
    ...more,
  };
}

const KNOWN = { snapshotId: "snap-1", inspectedAt: "", converter: "0.1.0", warnings: [] };
const REFUSED: Inspection = {
  verdict: "refused",
  reasons: [{ subject: "kernel", found: "it is PV-only.", advice: "Install a later one." }],
  ...KNOWN,
};
const entry = (name: string, imageId = WEB, xenAlone = false): StackEntry => ({
  ...{ name, imageId, xenAlone },
  comment: [`${name}, found`],
});
const NOTHING: Existing = { names: [], sources: [] };

describe("which images become entries", () => {
  const names = (images: FoundImage[], existing = NOTHING) =>
    chooseEntries({ images }, existing).entries.map(({ name }) => name);
  const CASES: [title: string, images: FoundImage[], names: string[]][] = [
    ["by their names, in letters that EC2 takes", [image(WEB, "Web (2012) / x86")], ["web-2012-x86"]],
    ["by their ids, if they have no name", [image(WEB), image(BATCH, "…")], [WEB, BATCH]],
    [
      "by both, if a name is not one image's alone",
      [image(WEB, "web"), image(BATCH, "Web")],
      [`web-${WEB}`, `web-${BATCH}`],
    ],
    ["without sg- at the beginning, which EC2 refuses", [image(WEB, "sg-web")], ["web"]],
  ];
  for (const [title, images, expected] of CASES) it(title, () => assert.deepEqual(names(images), expected));

  it("leaves those out that are there already, by image or by snapshot", () => {
    const existing = { names: ["a", "b"], sources: [WEB, BATCH.replace("ami", "snap")] };
    const { entries, leftOut, known } = chooseEntries(
      { images: [image(WEB, "web"), image(BATCH)] },
      existing,
    );
    assert.deepEqual([entries, leftOut, known], [[], [], 2]);
  });

  it("takes no name that another entry has, and says so if none is left", () => {
    assert.deepEqual(names([image(WEB, "web")], { names: ["web"], sources: [] }), [`web-${WEB}`]);
    const { entries, leftOut } = chooseEntries({ images: [image(WEB)] }, { names: [WEB], sources: [] });
    assert.deepEqual([entries.length, leftOut[0].imageId], [0, WEB]);
    assert.match(leftOut[0].why, /an entry of another source is called ami-/);
  });

  it("leaves out what no migration can begin with, each with the reason", () => {
    const made = { imageId: "ami-2", accountId: "1", region: "us-east-1", isUnproven: false, referrers: [] };
    const images = [
      image("ami-1", "a", { state: "gone" }),
      image("ami-2", "b", { root: { kind: "instance-store" } }),
      image("ami-3", "c", { root: { kind: "unknown" } }),
      image("ami-4", "d", { conversions: [made] }),
    ];
    const { entries, leftOut } = chooseEntries({ images }, NOTHING);
    assert.deepEqual(entries, []);
    const whys = leftOut.map(({ why }) => why.split(/[ ,.]/).slice(0, 4).join(" "));
    assert.deepEqual(whys, [
      "EC2 does not show",
      "its root is on",
      "EC2 names no snapshot",
      "ami-2 was made of",
    ]);
  });

  it("tells what was found in a comment, and nothing of an image's name ends its line", () => {
    const evil = image(WEB, "web\u2028pv-to-hvm:helpersAtOnce: 0\n# ", { inspection: REFUSED });
    const [{ comment }] = chooseEntries({ images: [evil] }, NOTHING).entries;
    assert.deepEqual(comment, [
      "web pv-to-hvm:helpersAtOnce: 0 # , x86_64, 20 GiB, snap-0aaaaaaaaaaaaaaa1, made 2012-03-04, launched -",
      "used by: nobody",
      "verdict: refused",
      "kernel: it is PV-only. Install a later one.",
    ]);
  });
});

const add = (text: string, entries: StackEntry[]) =>
  withEntries("Pulumi.old.yaml", text, "us-east-1", entries);

/** What was there before is in what is there after, in one or two pieces. */
function assertKept(before: string, after: string): void {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head++;
  const tail = before.slice(head);
  assert.ok(after.endsWith(tail), `${JSON.stringify(before)}\n${JSON.stringify(after)}`);
}

const TWO = `# mine
config:
  aws:region:   us-east-1
  pv-to-hvm:migrations:
      # the first
      web: {source: {imageId: ami-1}, enabled: no} # here
      db:
        source:
          imageId: 'ami-2'
        image:
          description: |+
            two
            # lines

      # at the end

  # of the next
  pv-to-hvm:helpersAtOnce: 2

encryptionsalt: v1:abc
`;

describe("entries in a stack's file", function () {
  this.timeout(120_000);
  it("make a file that was not there", () => {
    const text = add("", [entry("web"), entry("batch", BATCH, true)]);
    assert.equal(
      text,
      `# Written by pv-to-hvm discover. docs/environments.md has every key.
config:
  aws:region: us-east-1
  pv-to-hvm:migrations:
    # web, found
    web:
      enabled: false
      source:
        imageId: ${WEB}
      helper:
        subnetId: subnet-0123456789abcdef0 # put your own subnet here
        allowedCidrs: [203.0.113.7/32] # put your own address here
      until: inspect
    # batch, found
    batch:
      enabled: false
      source:
        imageId: ${BATCH}
      helper:
        subnetId: subnet-0123456789abcdef0 # put your own subnet here
        allowedCidrs: [203.0.113.7/32] # put your own address here
      guest:
        families: [xen]
      until: inspect
`,
    );
    const { config } = parse(text) as { config: Record<string, unknown> };
    const migrations = JSON.stringify(config["pv-to-hvm:migrations"]);
    const read = readConfiguration({ "pv-to-hvm:migrations": migrations });
    assert.deepEqual([read.migrations, read.refused], [[], []]);
  });

  it("stand behind those that are there, whose bytes stay", () => {
    const after = add(TWO, [entry("new")]);
    assertKept(TWO, after);
    const { config, ...rest } = parse(after) as { config: Record<string, Record<string, unknown>> };
    assert.deepEqual(Object.keys(config["pv-to-hvm:migrations"]), ["web", "db", "new"]);
    assert.deepEqual(rest, { encryptionsalt: "v1:abc" });
    assert.match(after, /\n      # at the end\n      # new, found\n      new:\n        enabled: false\n/);
  });

  const SMALL: [title: string, text: string][] = [
    ["comments alone", "# nothing\n"],
    ["no end of its last line", "config:\n  pv-to-hvm:migrations:\n    a: { enabled: false }"],
    ["an empty migrations", "config:\n  pv-to-hvm:migrations: {} # none yet\nencryptionsalt: x\n"],
    ["migrations without a value", "config:\n  pv-to-hvm:migrations:\n  aws:region: us-east-1\n"],
    ["no migrations", "config:\n  aws:region: us-east-1\n"],
    ["an empty config", "config: {}\n"],
    ["secrets alone", "encryptionsalt: v1:abc\n"],
    ["DOS's ends of lines", "config:\r\n  pv-to-hvm:migrations:\r\n    a:\r\n      enabled: false\r\n"],
    ["a key in quotes", 'config:\n  "pv-to-hvm:migrations":\n    a:\n      enabled: false\n'],
    [
      "a secret in an entry",
      "config:\n  pv-to-hvm:migrations:\n    a:\n      launch:\n        connection:\n          privateKey:\n            secure: v1:xyz\n",
    ],
    ["anchors", "config:\n  pv-to-hvm:migrations:\n    a: &a\n      enabled: false\n    b: *a\n"],
  ];
  for (const [title, text] of SMALL) {
    it(`are added to a file with ${title}`, () => {
      const after = add(text, [entry("new")]);
      const { config } = parse(after, { merge: true }) as { config: Record<string, Record<string, unknown>> };
      assert.ok("new" in config["pv-to-hvm:migrations"], after);
      assert.equal(/[^\r]\n/.test(after), !text.includes("\r\n"));
    });
  }

  const WRONG: [title: string, text: string, message: RegExp][] = [
    [
      "is no YAML",
      "config: [",
      /--write-stack: Pulumi\.old\.yaml is no YAML \(.*\)\. Mend that file, or name another/,
    ],
    ["has a key twice", "config: {}\nconfig: {}\n", /is no YAML \(Map keys must be unique/],
    ["has an alias that leads nowhere", "config: *none\n", /is no YAML/],
    ["holds a list", "- 1\n", /holds no keys and values/],
    ["holds two documents", "a: 1\n---\nb: 2\n", /holds several YAML documents/],
    ["has a config that is a text", "config: x\n", /has a config that holds no settings/],
    [
      "has migrations in a text",
      "config:\n  pv-to-hvm:migrations: '{}'\n",
      /migrations that holds no entries/,
    ],
    ["is encrypted", "config:\n  pv-to-hvm:migrations:\n    secure: v1:abc\n", /is encrypted as a whole/],
    ["has its entries in braces", "config:\n  pv-to-hvm:migrations: {a: {enabled: false}}\n", /in braces\?/],
  ];
  for (const [title, text, message] of WRONG) {
    it(`are not added to a file that ${title}`, () => {
      assert.throws(() => add(text, [entry("new")]), message);
    });
  }

  it("leave whatever is in a file where it is", () => {
    const scalar = fc.oneof(
      ...[fc.string(), fc.string({ unit: "binary" }), fc.boolean(), fc.integer(), fc.constant(null)],
      fc.array(fc.string(), { maxLength: 4 }).map((lines) => lines.join("\n")),
    );
    const key = fc.stringMatching(/^[a-z][a-z0-9:_-]{0,12}$/);
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.dictionary(key, tie("node"), { maxKeys: 4 }),
        fc.array(tie("node"), { maxLength: 3 }),
      ),
    })).node;
    const map = fc.dictionary(key, tree, { maxKeys: 4 });
    const file = fc.record({
      ...{ top: map, settings: map, migrations: map, after: map },
      indent: fc.constantFrom(1, 2, 3, 4),
      lineWidth: fc.constantFrom(0, 20, 80),
      blanks: fc.constantFrom("", "\n", "\n\n# at the end\n", "  # further in\n"),
      crlf: fc.boolean(),
    });
    fc.assert(
      fc.property(file, ({ top, settings, migrations, after, indent, lineWidth, blanks, crlf }) => {
        const config = { ...settings, "pv-to-hvm:migrations": migrations, ...after };
        const unix = stringify({ ...top, config, encryptionsalt: "v1:x" }, { indent, lineWidth }) + blanks;
        const text = crlf ? unix.replaceAll("\n", "\r\n") : unix;
        // Not all that `yaml` prints can it read: a block of one blank and an end of line.
        fc.pre(!("secure" in migrations) && parseDocument(text).errors.length === 0);
        const before = parse(text) as { config: Record<string, Record<string, unknown>> };
        const written = add(text, [entry("New 1")]);
        if (Object.keys(migrations).length > 0) assertKept(text, written);
        const { config: now, ...rest } = parse(written) as typeof before;
        const { config: then, ...restThen } = before;
        const { "New 1": added, ...others } = now["pv-to-hvm:migrations"];
        assert.deepEqual([others, rest], [then["pv-to-hvm:migrations"] ?? {}, restThen]);
        assert.equal((added as { enabled: boolean }).enabled, false);
        const settingsOf = ({ "pv-to-hvm:migrations": _, "aws:region": __, ...rest }: typeof now) => rest;
        assert.deepEqual(settingsOf(now), settingsOf(then));
        assert.ok(readStackFile("f", written).existing.names.includes("New 1"));
      }),
      { numRuns: 150 },
    );
  });
});

describe("--write-stack", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stacks-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: pv-to-hvm\nstackConfigDir: stacks\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const place = (accountId: string, region: string, ...images: FoundImage[]): Place => ({
    ...{ accountId, region, images, instances: [], notes: [] },
  });
  const fleet = (...places: Place[]): Pick<Fleet, "places"> => ({ places });
  const write = async (places: Pick<Fleet, "places">) =>
    writeStacks("old", await checkStack("old", folder), places);
  const files = () => readdirSync(join(folder, "stacks")).sort();

  it("writes one file for a place, and the second time nothing", async () => {
    const one = fleet(place("1", "us-east-1", image(WEB, "web")), place("1", "us-west-2"));
    const [told] = await write(one);
    assert.match(told, /stacks\/Pulumi\.old\.yaml: 1 entry added, switched off$/);
    assert.deepEqual(files(), ["Pulumi.old.yaml"]);
    const text = readFileSync(join(folder, "stacks", "Pulumi.old.yaml"), "utf8");
    assert.match((await write(one))[0], /: nothing to add; 1 image had one before$/);
    assert.equal(readFileSync(join(folder, "stacks", "Pulumi.old.yaml"), "utf8"), text);
  });

  it("writes a file for each region and account", async () => {
    const images = [image(WEB, "web")];
    await write(fleet(place("1", "us-east-1", ...images), place("1", "us-west-2", ...images)));
    assert.deepEqual(files(), ["Pulumi.old-us-east-1.yaml", "Pulumi.old-us-west-2.yaml"]);
    await write(fleet(place("1", "us-east-1", ...images), place("2", "us-east-1", ...images)));
    assert.deepEqual(files().slice(0, 2), ["Pulumi.old-1-us-east-1.yaml", "Pulumi.old-2-us-east-1.yaml"]);
  });

  it("writes nothing at all if one file cannot be added to", async () => {
    mkdirSync(join(folder, "stacks"));
    writeFileSync(join(folder, "stacks", "Pulumi.old-us-west-2.yaml"), "config:\n  aws:region: eu-west-1\n");
    const two = fleet(place("1", "us-east-1", image(WEB)), place("1", "us-west-2", image(WEB)));
    await assert.rejects(write(two), /is of the region eu-west-1, and the images were found in us-west-2/);
    assert.deepEqual(files(), ["Pulumi.old-us-west-2.yaml"]);
  });

  it("is refused before anything is asked: another project, none, a file that is no YAML", async () => {
    mkdirSync(join(folder, "stacks"));
    writeFileSync(join(folder, "stacks", "Pulumi.old-us-west-2.yaml"), "config: [");
    await assert.rejects(checkStack("old", folder), /Pulumi\.old-us-west-2\.yaml is no YAML/);
    await assert.rejects(checkStack("old", tmpdir()), /there is no .*Pulumi\.yaml\. Run this in the folder/);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
    await assert.rejects(checkStack("old", folder), /is of another project \(shop\)/);
  });
});

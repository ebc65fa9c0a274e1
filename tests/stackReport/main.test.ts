/** The command: what it takes, what it prints, how it ends. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FailedError } from "../../converter/errors";
import { outputsOf } from "../../cli/pulumi";
import { main } from "../../stackReport/main";
import { paint, wantsColour } from "../../stackReport/paint";
import type { Row } from "../../stackReport/rows";
import { INSPECTED, PUBLISHED, REFUSED } from "./migrations";

const FLEET = JSON.stringify({ shop: INSPECTED, web: PUBLISHED, old: REFUSED, new: {}, note: "mine" });

async function run(argv: string[], input = "", outputs = async (_stack: string) => input) {
  const told = { out: "", log: [] as string[] };
  const status = await main(argv, {
    out: (text) => (told.out += text),
    log: (line) => told.log.push(line),
    input: async () => input,
    outputs,
    paint: paint(false),
  });
  return { status, ...told };
}

describe("report", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "report-test-"))));
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("has a row a migration, and below why one is refused and each warning once", async () => {
    const { status, out, log } = await run([], FLEET);
    assert.deepEqual([status, log], [0, []]);
    assert.equal(
      out,
      `\
migration  state                   system                               boots on        changes                                               warnings  a month
shop       inspected               CentOS release 6.10 (Final), x86_64  xen, nitro      menu.lst, fstab, kernel, 2 more, 1 initramfs rebuilt  1         $2.96
web        launched, refused       Debian GNU/Linux 7 (wheezy), x86_64  xen, not nitro  fstab                                                 1
old        not inspected, refused
new        not inspected, refused

Refused
  web: does not boot on nitro types: no ena
  old: 3 MB are free on /boot; needed: 40 MB. Remove old kernels.
  new: there is no inspection of it yet. Where it was refused, \`pulumi up\` says why

Warnings
  shop, web: /boot: 12 MB free. Remove old kernels.

4 migrations: 1 inspected, 1 launched, 2 not inspected. Roughly $2.96 a month while they wait with their helpers stopped (us-east-1, 2025).
`,
    );
  });

  it("counts the snapshot of a published image whose helper is still there", async () => {
    const web = { ...INSPECTED, imageId: "ami-0123456789abcdef0" };
    const { out } = await run(["--json"], JSON.stringify({ web }));
    const [row] = JSON.parse(out) as Row[];
    // 8 and 9 GiB of volumes, 20 of the helper's own, and a snapshot of 9.
    assert.equal(row.monthlyDollars?.toFixed(2), (37 * 0.08 + 9 * 0.05).toFixed(2));
    assert.equal(row.state, "published");
  });

  it("reads a file, standard input and a stack alike", async () => {
    const { out } = await run([], FLEET);
    assert.equal((await run([file("outputs.json", FLEET)])).out, out);
    assert.equal((await run(["-"], FLEET)).out, out);
    const asked: string[] = [];
    const stack = await run(["--stack", "prod"], "", async (name) => (asked.push(name), FLEET));
    assert.deepEqual([stack.out, asked], [out, ["prod"]]);
  });

  it("has a page a migration with --full, with the diffs", async () => {
    const { out } = await run(["--full"], FLEET);
    assert.match(out, /^ {4}\+UUID=x \/ ext4$/m);
    assert.match(out, /^ {2}\/etc\/fstab \(edit\)$/m);
  });

  it("has rows as JSON with --json, and all that there is with --full", async () => {
    const rows = JSON.parse((await run(["--json"], FLEET)).out) as Row[];
    assert.deepEqual(
      rows.map(({ name, state, files }) => [name, state, files.length]),
      [
        ["shop", "inspected", 5],
        ["web", "launched", 1],
        ["old", "not inspected", 0],
        ["new", "not inspected", 0],
      ],
    );
    const full = JSON.parse((await run(["--json", "--full"], FLEET)).out) as { outputs: unknown }[];
    assert.deepEqual(full[1].outputs, PUBLISHED);
  });

  it("is a table with --markdown, in which nothing of a guest is read as Markdown", async () => {
    const evil = { ...PUBLISHED, report: { ...PUBLISHED.report!, system: "a|b <script> @all" } };
    const { out } = await run(["--markdown"], JSON.stringify({ web: evil, shop: INSPECTED }));
    const [head, line, web] = out.split("\n");
    assert.equal(head, "| migration | state | system | boots on | changes | warnings | a month |");
    assert.equal(line, "| --- | --- | --- | --- | --- | --- | --- |");
    assert.match(web, /^\| `web` \| launched, refused \| a\\\|b &lt;script&gt; &#64;all, x86\\_64 \|/);
    assert.match(out, /^\*\*Refused\*\*$/m);
  });

  it("folds the pages away with --markdown --full, behind a fence that no line of a guest ends", async () => {
    const { out } = await run(["--markdown", "--full"], JSON.stringify({ shop: INSPECTED }));
    assert.match(out, /<summary><code>shop<\/code><\/summary>/);
    const [fence] = /^`+(?=diff$)/m.exec(out) ?? [""];
    assert.equal(fence.length, 5);
    assert.match(out, /^\+new$/m);
  });

  it("knows a migration of a program of the user's own, by its report alone", async () => {
    const { out } = await run([], JSON.stringify({ url: "https://example.com", web: PUBLISHED.report }));
    assert.match(out, /^web {2,}rehearsed/m);
    assert.doesNotMatch(out, /^url/m);
  });

  const REFUSALS: [title: string, input: string, line: RegExp][] = [
    ["nothing", "", /^REFUSED: standard input: is empty\. Look at what pulumi said/],
    [
      "a stack that was never updated",
      "{}",
      /^REFUSED: standard input: has no outputs\. Run `pulumi up` first/,
    ],
    [
      "a stack without migrations",
      '{"url":"https://example.com","list":[1],"other":{"a":1}}',
      /^REFUSED: standard input: has no migration among its outputs \(url, list, other\)\. .*export `report` and `plan`/,
    ],
    [
      "reports that are secret",
      '{"web":{"imageId":"ami-1","report":"[secret]","plan":"[secret]"},"db":{"imageId":"ami-2"}}',
      /has secret outputs, which are not shown: web\.report, web\.plan\. .*--show-secrets/,
    ],
    [
      "outputs that are secret",
      '{"web":"[secret]"}',
      /has secret outputs, which are not shown: web\. .*--show-secrets/,
    ],
    ["no JSON", "error: no stack selected", /is no JSON: it begins with "error: no stack selected"\./],
    ["JSON that is cut off", '{"web": {', /is no whole JSON: /],
    ["a list", "[]", /is JSON, but a list and no object\./],
    ["null", "null", /is JSON, but null and no object\./],
    ["an exported state", '{"version":3,"deployment":{}}', /is an exported state of a stack/],
    [
      "a preview",
      '{"steps":[],"changeSummary":{}}',
      /is a preview\. `pv-to-hvm preview-report` reads previews/,
    ],
  ];
  for (const [title, input, line] of REFUSALS) {
    it(`refuses in one sentence: ${title}`, async () => {
      const { status, out, log } = await run([], input);
      assert.deepEqual([status, out, log.length], [3, "", 1]);
      assert.match(log[0], line);
    });
  }

  const WRONG: [argv: string[], line: RegExp][] = [
    [["--stacks"], /Unknown option '--stacks'.*--help/],
    [["--stack"], /--stack/],
    [["--stack="], /--stack: an empty name\. `pulumi stack ls`/],
    [["a.json", "b.json"], /one FILE at most, got a\.json b\.json\./],
    [["--stack", "prod", "a.json"], /the stack prod or the file a\.json: name one of the two\./],
    [["--json", "--markdown"], /choose one of the two/],
    [["/nowhere/outputs.json"], /\/nowhere\/outputs\.json: there is no such file\..*--stack/],
    [["/"], /\/: cannot be read \(EISDIR\)/],
  ];
  for (const [argv, line] of WRONG) {
    it(`takes for wrong usage: ${argv.join(" ")}`, async () => {
      const { status, out, log } = await run(argv, FLEET);
      assert.deepEqual([status, out, log.length], [2, "", 1]);
      assert.match(log[0], line);
    });
  }

  it("tells its help", async () => {
    assert.match((await run(["--help"])).out, /^pv-to-hvm report: /);
  });

  it("says what Pulumi said where it has no outputs to give", async () => {
    const { status, log } = await run(["--stack", "prod"], "", async () => {
      throw new FailedError("prod: pulumi gave no outputs (no stack named 'prod' found). `pulumi stack ls`");
    });
    assert.deepEqual([status, log.length], [4, 1]);
    assert.match(log[0], /^FAILED: prod: pulumi gave no outputs/);
  });
});

describe("a stack's outputs", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "report-test-"))));
  after(() => rmSync(folder, { recursive: true }));

  /** A program of that name, in front of all others. */
  const withPulumi = (script: string) => {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
    return { env: { PATH: `${folder}:/usr/bin:/bin` }, cwd: folder };
  };

  it("are what `pulumi stack output --json` prints", async () => {
    const place = withPulumi('echo "{}"');
    assert.equal(await outputsOf("prod", { ...place, cwd: folder }), "{}\n");
  });

  const FAILS: [stderr: string, message: RegExp][] = [
    [
      "error: no stack named 'prod' found",
      /prod: pulumi gave no outputs \(no stack named 'prod' found\)\. `pulumi stack ls`/,
    ],
    ["error: no Pulumi.yaml project file found", /Run it in the folder of the Pulumi program\./],
    [
      "error: passphrase must be set",
      /\(passphrase must be set\)\. Run `pulumi stack output --json` by hand/,
    ],
  ];
  for (const [stderr, message] of FAILS) {
    it(`are not there: ${stderr}`, async () => {
      const place = withPulumi(`echo "${stderr}" >&2; exit 255`);
      await assert.rejects(outputsOf("prod", place), message);
    });
  }

  it("cannot be asked for without Pulumi", async () => {
    await assert.rejects(
      outputsOf("prod", { env: { PATH: "/nowhere" }, cwd: "/" }),
      /pulumi: not found on the PATH/,
    );
  });
});

describe("colours", () => {
  const ROWS: [isTTY: boolean | undefined, noColor: string | undefined, wanted: boolean][] = [
    [true, undefined, true],
    [true, "", true],
    [true, "1", false],
    [true, "0", false],
    [undefined, undefined, false],
    [false, undefined, false],
  ];
  for (const [isTTY, noColor, wanted] of ROWS) {
    it(`are ${wanted ? "" : "not "}for ${isTTY ? "a terminal" : "no terminal"} with NO_COLOR ${noColor ?? "unset"}`, () => {
      assert.equal(wantsColour({ isTTY }, { NO_COLOR: noColor }), wanted);
    });
  }
});

describe("the command pv-to-hvm report", () => {
  it("reads from a pipe and writes without colours", function () {
    this.timeout(30_000);
    const { status, stdout } = spawnSync(process.execPath, ["dist/bin.cjs", "report"], {
      input: FLEET,
      encoding: "utf8",
    });
    assert.equal(status, 0);
    assert.match(stdout, /^migration +state/);
    assert.doesNotMatch(stdout, /\x1b/);
  });
});

/** The command: what it takes, what it prints, how it ends. Its answers: `preflight.test.ts`. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../preflight/main";
import { previewOf } from "../../preflight/askPreview";
import type { Row } from "../../preflight/row";
import { hvmRequest, newImage, newSnapshot } from "../local/cloud/fixture";
import { type Api, openApi } from "../local/ec2Api/api";
import { stepsOf } from "../previewReport/made";

async function run(argv: string[], preview = "") {
  const told = { out: "", log: [] as string[], asked: [] as (string | undefined)[] };
  const status = await main(argv, {
    out: (text) => (told.out += text),
    log: (line) => told.log.push(line),
    input: async () => preview,
    preview: async (stack) => {
      told.asked.push(stack);
      return preview;
    },
  });
  return { status, ...told };
}

describe("the command preflight", () => {
  for (const [argv, message] of [
    [["a", "b"], "one FILE at most, got a b."],
    [["--stack", "prod", "a"], "the stack prod or the file a: name one of the two."],
    [["--stack", ""], "--stack: an empty name. `pulumi stack ls` lists the stacks."],
    [["--region", "Oregon"], '--region: "Oregon" is no region\'s name. Name one like us-east-1.'],
    [["--dry"], "Unknown option '--dry'. `pv-to-hvm preflight --help` tells what there is."],
    [
      ["no/such/file"],
      "no/such/file: there is no such file. Name the file that `pulumi preview --json` was written to; a stack is named by --stack.",
    ],
  ] as [string[], string][]) {
    it(`is refused with status 2: ${argv.join(" ")}`, async () => {
      assert.deepEqual(await run(argv), {
        status: 2,
        out: "",
        log: [`pv-to-hvm preflight: ${message}`],
        asked: [],
      });
    });
  }

  it("tells the preview's own reasons where that was refused, with status 3", async () => {
    const message =
      "<{%fg 1%}>error: <{%reset%}>web: one problem, nothing was created:\n  source.imageId: is hvm";
    const { status, log } = await run([], JSON.stringify({ diagnostics: [{ severity: "error", message }] }));
    assert.equal(status, 3);
    assert.match(
      log[0],
      /^REFUSED: pulumi preview: web: one problem, nothing was created:\n {2}source\.imageId: is hvm Mend that first/,
    );
  });

  it("says where a preview failed for want of credentials", async () => {
    const message = "rpc error: pulumi:providers:aws resource: No valid credential sources found.";
    const { status, log } = await run([], JSON.stringify({ diagnostics: [{ severity: "error", message }] }));
    assert.equal(status, 3);
    assert.match(log[0], /Give it credentials: set AWS_PROFILE/);
  });

  it("is refused where the text is no preview", async () => {
    const { status, log } = await run(["-"], "[]");
    assert.equal(status, 3);
    assert.match(log[0], /^REFUSED: standard input: is JSON, but a list and no object\./);
  });

  describe("with an EC2", () => {
    const ENV = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"];
    let api: Api;
    let before: (string | undefined)[];
    beforeEach(async () => {
      api = await openApi();
      before = ENV.map((name) => process.env[name]);
      const values = [api.url, "local", "local", "us-east-1"];
      ENV.forEach((name, index) => (process.env[name] = values[index]));
    });
    afterEach(async () => {
      ENV.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
      await api.end();
    });

    async function preview(): Promise<string> {
      const { snapshotId } = await newSnapshot(api.cloud);
      const { imageId } = await newImage(api.cloud, hvmRequest(snapshotId));
      const inputs = {
        ami: imageId,
        instanceType: "m5.large",
        subnetId: "subnet-00000000000000001",
        associatePublicIpAddress: true,
      };
      return JSON.stringify({
        steps: stepsOf("web", { "": "create", helper: { op: "create", new: { inputs } } }),
      });
    }

    it("asks of the stack that is named, prints a table, and ends in one line", async () => {
      const { status, out, log, asked } = await run(["--stack", "prod"], await preview());
      assert.deepEqual([status, asked], [0, ["prod"]]);
      assert.match(
        out,
        /^answer +asked +for +found\nnot known +what comes after +web +EC2 cannot be asked about what is still to be made\nyes +who asks/,
      );
      assert.match(
        log.join("\n"),
        /^OK: EC2 would refuse none of what it was asked \(\d+ yes, 1 not known\)$/,
      );
    });

    it("prints its rows as JSON, and ends with status 3 where EC2 would refuse", async () => {
      await api.cloud.faults.add({
        action: "RunInstances",
        code: "PendingVerification",
        message: "Your account is being verified.",
      });
      const { status, out, log } = await run(["--json"], await preview());
      assert.equal(status, 3);
      const [first] = JSON.parse(out) as Row[];
      assert.deepEqual(
        [first.answer, first.found],
        ["no", "PendingVerification: Your account is being verified"],
      );
      assert.match(log[0], /^REFUSED: 1 of \d+ answers say no/);
    });
  });

  describe("asking pulumi", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "preflight-test-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    function pulumi(script: string) {
      writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, "pulumi"), 0o755);
      return { env: { PATH: `${folder}:${process.env.PATH}` }, cwd: folder };
    }

    it("takes what it prints, also where the preview was refused", async () => {
      assert.equal(
        await previewOf("prod", pulumi('echo "{$*}"; exit 255')),
        `{preview --json --stack prod --non-interactive --cwd ${folder}}\n`,
      );
    });

    it("says in a sentence that there is no such stack, and that none is selected", async () => {
      const none = "error: no stack named 'prod' found";
      await assert.rejects(
        previewOf("prod", pulumi(`echo "${none}" >&2; exit 255`)),
        /^Error: prod: pulumi gave no preview \(no stack named 'prod' found\)\. `pulumi stack ls` lists the stacks\.$/,
      );
      await assert.rejects(
        previewOf(
          undefined,
          pulumi('echo "error: no stack selected; please use pulumi stack select" >&2; exit 255'),
        ),
        /^Error: the selected stack: pulumi gave no preview \(.*\)\. Name one with --stack; `pulumi stack ls` lists them\.$/,
      );
    });

    it("says that there is no pulumi", async () => {
      await assert.rejects(
        previewOf("prod", { env: { PATH: folder }, cwd: folder }),
        /^Error: pulumi: not found on the PATH\./,
      );
    });
  });
});

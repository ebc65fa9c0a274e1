/** The command as it is installed: two programs behind one name. */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
const CONVERTER = path.join(ROOT, "dist", "pv-to-hvm.cjs");
const { bin } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  bin: Record<string, string>;
};

describe("the command pv-to-hvm", () => {
  let folder: string;
  let command: string;
  before("linked as npm does it", () => {
    folder = mkdtempSync(path.join(tmpdir(), "bin-test-"));
    command = path.join(folder, "pv-to-hvm");
    symlinkSync(path.join(ROOT, bin["pv-to-hvm"]), command);
  });
  after(() => rmSync(folder, { recursive: true }));

  function run(program: string[], env: NodeJS.ProcessEnv = { PATH: process.env.PATH }) {
    const { status, stdout, stderr } = spawnSync(program[0], program.slice(1), { encoding: "utf8", env });
    return { status, stdout, stderr };
  }

  for (const argv of [["--version"], ["--help"], [], ["convert", "sweep"], ["--json", "sweep"]]) {
    it(`is the converter: ${argv.join(" ") || "nothing"}`, () => {
      assert.deepEqual(run([command, ...argv]), run([process.execPath, CONVERTER, ...argv]));
    });
  }

  it("is the sweep where that is its first word", () => {
    const { status, stdout, stderr } = run([command, "sweep", "--help"]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^pv-to-hvm sweep: .*--gone PROJECT\/STACK/s);
  });

  it("asks for the region that it is to sweep", () => {
    const nowhere = { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: "true" };
    const { status, stderr } = run([command, "sweep"], nowhere);
    assert.equal(status, 2);
    assert.equal(stderr, "pv-to-hvm sweep: no region is known. Name it with --region, or set AWS_REGION.\n");
  });

  it("tells in a sentence that EC2 cannot be reached", () => {
    const env = {
      ...{ PATH: process.env.PATH, HOME: folder, AWS_REGION: "us-east-1", AWS_MAX_ATTEMPTS: "1" },
      ...{ AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", AWS_ENDPOINT_URL_EC2: "http://127.0.0.1:1" },
    };
    const { status, stderr } = run([command, "sweep"], env);
    assert.equal(status, 4);
    assert.match(
      stderr,
      /^FAILED: EC2 cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:1\), .* AWS_ENDPOINT_URL .*\.\n$/,
    );
  });

  it("sends helpers no AWS SDK", () => {
    const [converter, sweep] = [CONVERTER, path.join(ROOT, "dist", "with-ec2.cjs")].map((file) =>
      readFileSync(file, "utf8"),
    );
    assert.ok(sweep.includes("TerminateInstances"));
    assert.ok(!converter.includes("TerminateInstances"));
    assert.ok(converter.length < sweep.length);
  });
});

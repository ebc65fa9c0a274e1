/** What programs that nobody here wrote say of the workflows: actionlint of what they mean, zizmor of what they let others do. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./workflow";

const TOOLS = join(ROOT, ".cache", "tools");
const ACTIONLINT = "1.7.12";
const ZIZMOR = "1.32.0";

function runOrFail(what: string, [program, ...args]: string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8", env });
  assert.equal(status, 0, `${what}: ${stderr}`);
}

const isHere = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

describe("actionlint", function () {
  this.timeout(300_000);
  let program: string | undefined;
  before(() => (program = install()));

  /** It is a Go program: built once, into the cache. Undefined without Go. */
  function install(): string | undefined {
    const built = join(TOOLS, "actionlint");
    if (existsSync(built)) return built;
    if (!isHere("go", "version")) return undefined;
    mkdirSync(TOOLS, { recursive: true });
    const module = `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`;
    runOrFail(`actionlint ${ACTIONLINT} could not be built`, ["go", "install", module], {
      ...process.env,
      GOBIN: TOOLS,
    });
    return built;
  }

  it("finds nothing (skipped where there is no Go to build it with)", function () {
    if (program === undefined) return this.skip();
    // What shellcheck says hangs on its version, where it is there at all.
    const { status, stdout } = spawnSync(program, ["-shellcheck=", "-pyflakes="], {
      cwd: ROOT,
      encoding: "utf8",
    });
    assert.deepEqual([stdout, status], ["", 0]);
  });

  it("would find something (skipped where there is no Go to build it with)", function () {
    if (program === undefined) return this.skip();
    const wrong =
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ nobody.knows }}\n";
    const { status, stdout } = spawnSync(program, ["-"], { cwd: ROOT, input: wrong, encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stdout, /undefined variable "nobody"/);
  });
});

describe("zizmor", function () {
  this.timeout(300_000);
  let program: string | undefined;
  before(() => (program = install()));

  /** It is one program in a package of PyPI's, whose checksum stands beside this file. Undefined without Python. */
  function install(): string | undefined {
    const folder = join(TOOLS, `zizmor-${ZIZMOR}`);
    const installed = join(folder, "bin", "zizmor");
    if (existsSync(installed)) return installed;
    if (!isHere("python3", "-c", "import ensurepip, venv")) return undefined;
    runOrFail("a virtual environment could not be made", ["python3", "-m", "venv", "--clear", folder]);
    const list = join(__dirname, "zizmor.txt");
    const pip = [join(folder, "bin", "python"), "-m", "pip", "install", "--quiet", "--require-hashes"];
    runOrFail(`zizmor ${ZIZMOR} could not be installed`, [...pip, "--requirement", list]);
    return installed;
  }

  /** Whatever it takes for more than a matter of taste, as an auditor would read it, and without asking GitHub. */
  const judge = (folder: string) =>
    spawnSync(
      program ?? "",
      [
        "--offline",
        "--no-progress",
        "--quiet",
        "--persona=auditor",
        "--min-severity=medium",
        "--format=plain",
        folder,
      ],
      { encoding: "utf8" },
    );

  it("finds nothing (skipped where there is no Python to install it with)", function () {
    if (program === undefined) return this.skip();
    const { status, stdout } = judge(join(ROOT, ".github", "workflows"));
    assert.equal(status, 0, stdout);
  });

  it("would find something (skipped where there is no Python to install it with)", function () {
    if (program === undefined) return this.skip();
    const folder = mkdtempSync(join(tmpdir(), "workflows-test-"));
    try {
      const workflows = join(folder, ".github", "workflows");
      mkdirSync(workflows, { recursive: true });
      writeFileSync(
        join(workflows, "wrong.yml"),
        "on: pull_request\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" +
          "      - run: echo ${{ github.event.pull_request.title }} ${{ secrets.KEY }}\n",
      );
      const { status, stdout } = judge(workflows);
      assert.notEqual(status, 0);
      assert.match(stdout, /template-injection/);
      assert.match(stdout, /secrets-outside-env/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

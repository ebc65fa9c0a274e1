/** What ends a workflow's job with a sentence: an environment that nothing protects, a variable that is not set, another Pulumi. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKSUMS } from "../../local/engine/download";
import { ENGINE_VERSION } from "../../local/engine/version";
import { bash, evaluate, jobs, stepOf, steps, workflow } from "./workflow";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "workflows-test-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a step's script as GitHub runs it, with programs of the test's own before the machine's. */
function run(script: string | undefined, env: Record<string, string>, programs: Record<string, string> = {}) {
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  const files = Object.fromEntries(
    ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH"].map((name) => [name, join(folder, name)]),
  );
  const { status, stdout, stderr } = bash(
    script,
    { PATH: `${folder}:${process.env.PATH}`, RUNNER_TEMP: folder, ...files, ...env },
    folder,
  );
  const written = (name: string) => (existsSync(files[name]) ? readFileSync(files[name], "utf8") : "");
  return { status, stdout, stderr, written };
}

const errorsOf = (stdout: string) => stdout.split("\n").filter((line) => line.startsWith("::error::"));

const REVIEWERS = {
  protection_rules: [{ type: "wait_timer" }, { type: "required_reviewers", reviewers: [{}] }],
};
const BRANCHES = { protection_rules: [], deployment_branch_policy: { protected_branches: true } };
/** As GitHub makes it for a job that names it. */
const BARE = { protection_rules: [], deployment_branch_policy: null };
const WAITS = { protection_rules: [{ type: "wait_timer", wait_timer: 30 }], deployment_branch_policy: null };

/** `gh api PATH`, of a repository with these environments. */
function gh(environments: Record<string, object>): string {
  const cases = Object.entries(environments).map(
    ([name, answer]) =>
      `repos/o/r/environments/${encodeURIComponent(name)}) echo '${JSON.stringify(answer)}'; exit 0 ;;`,
  );
  const missing = `echo '{"message":"Not Found","status":"404"}'; echo 'gh: Not Found (HTTP 404)' >&2; exit 1`;
  return `[ "$1" = api ] || exit 9\ncase "$2" in\n${cases.join("\n")}\nesac\n${missing}`;
}

const REFUSED = `echo '{"message":"Resource not accessible"}'; echo 'gh: Resource not accessible by integration (HTTP 403)' >&2; exit 1`;

describe("a preview", () => {
  const check = (api: string, env: Record<string, string> = {}) =>
    run(
      stepOf("preview.yml", "set-up", "Check that a preview waits for a reviewer").run,
      { GITHUB_REPOSITORY: "o/r", FOR_EVERY_BRANCH: "false", ...env },
      { gh: api },
    );

  it("begins where the environment preview has reviewers", () => {
    const { status, stdout, written } = check(gh({ preview: REVIEWERS }));
    assert.deepEqual([status, stdout, written("GITHUB_STEP_SUMMARY")], [0, "", ""]);
  });

  const CASES: [what: string, api: string, env: Record<string, string>, said: RegExp][] = [
    [
      "without the environment",
      gh({}),
      {},
      /no environment called preview\. Make it under Settings, Environm/,
    ],
    ["where nothing protects it", gh({ preview: BARE }), {}, /has no required reviewers\. Add them under/],
    [
      "where it is of some branches alone, as any may be",
      gh({ preview: BRANCHES }),
      {},
      /no required reviewers/,
    ],
    ["where it only waits", gh({ preview: WAITS }), {}, /no required reviewers/],
    ["where GitHub does not tell", REFUSED, {}, /GitHub did not tell what protects the environment preview/],
    [
      "where any branch's workflow can read the passphrase",
      gh({ preview: REVIEWERS }),
      { FOR_EVERY_BRANCH: "true" },
      /the secret PULUMI_CONFIG_PASSPHRASE is the repository's .* Delete it there, and put it into the environments/,
    ],
  ];
  for (const [what, api, env, said] of CASES) {
    it(`ends with a sentence ${what}`, () => {
      const { status, stdout, written } = check(api, env);
      assert.equal(status, 1);
      const errors = errorsOf(stdout);
      assert.equal(errors.length, 1);
      assert.match(errors[0], said);
      assert.match(errors[0], /docs\/pull-requests\.md, Setting it up/);
      assert.match(written("GITHUB_STEP_SUMMARY"), said);
    });
  }

  it("comes after that, and what is secret is its environment's", () => {
    const { preview } = workflow("preview.yml").jobs;
    assert.deepEqual(preview.needs, ["stacks", "set-up", "build"]);
    assert.equal(preview.environment, "preview");
    const secret = jobs("preview.yml").filter(([, job]) => JSON.stringify(job).includes("secrets."));
    assert.deepEqual(
      secret.map(([name, { environment }]) => [name, environment]),
      [
        ["set-up", undefined],
        ["preview", "preview"],
      ],
    );
    // The one asks whether there is one, and does not get it.
    const asked = stepOf("preview.yml", "set-up", "Check that a preview waits for a reviewer").env;
    assert.equal(asked?.FOR_EVERY_BRANCH, "${{ secrets.PULUMI_CONFIG_PASSPHRASE != '' }}");
  });
});

describe("an update", () => {
  const find = (stacks: string[], api: string) => {
    const { status, stdout, written } = run(
      stepOf("up.yml", "stacks", "Find which stacks have an environment that is protected").run,
      { GITHUB_REPOSITORY: "o/r", STACKS: JSON.stringify(stacks) },
      { gh: api },
    );
    return { status, stdout, output: written("GITHUB_OUTPUT") };
  };

  it("is of stacks whose environment has reviewers, or is of some branches alone", () => {
    const names = ["prod", "dev", "bare", "waits", "none", "a b/c\"$(id)'"];
    const environments = { prod: REVIEWERS, dev: BRANCHES, bare: BARE, waits: WAITS };
    assert.deepEqual(find(names, gh(environments)), {
      status: 0,
      stdout: "",
      output: `protected=["prod","dev"]\nunprotected=${JSON.stringify(["bare", "waits", "none", "a b/c\"$(id)'"])}\n`,
    });
  });

  it("asks for an environment by its whole name", () => {
    const { output } = find(["eu/prod", "100%"], gh({ "eu/prod": REVIEWERS, "100%": REVIEWERS }));
    assert.equal(output, 'protected=["eu/prod","100%"]\nunprotected=[]\n');
  });

  it("ends with a sentence where GitHub does not tell", () => {
    const { status, stdout, output } = find(["prod"], REFUSED);
    assert.deepEqual([status, output], [1, ""]);
    assert.match(errorsOf(stdout)[0], /GitHub did not tell what protects the environment prod;/);
  });

  it("fails with a sentence for each of the others, and goes on without them", () => {
    const { unprotected, up } = workflow("up.yml").jobs;
    assert.deepEqual([unprotected.permissions, up.needs], [{}, ["stacks", "build"]]);
    assert.equal(unprotected.if, "needs.stacks.outputs.unprotected != '[]'");
    const { status, stdout } = run(unprotected.steps[0].run, { UNPROTECTED: '["bare","no ne"]' });
    assert.equal(status, 1);
    const said = errorsOf(stdout);
    assert.equal(said.length, 2);
    assert.match(
      said[0],
      /^::error::bare: not updated\. This repository has no environment of this name, or/,
    );
    assert.match(
      said[1],
      /^::error::no ne: .* required reviewers, and main as its only branch, under Settings/,
    );
  });

  it("is of no stack that is called like the environment of previews", () => {
    const found = (files: string) =>
      run(
        stepOf("up.yml", "stacks", "Find every stack with settings, but for the local cloud's").run,
        { ONLY: "" },
        {
          find: `printf '${files}'`,
        },
      );
    assert.equal(found("Pulumi.previews.yaml\\n").written("GITHUB_OUTPUT"), 'stacks=["previews"]\n');
    const { status, stdout } = found("Pulumi.Preview.yaml\\nPulumi.prod.yaml\\n");
    assert.equal(status, 1);
    assert.match(stdout, /::error::preview: no stack may be called so, .* Rename the stack\./);
  });

  it("begins by itself for a change of settings alone", () => {
    assert.deepEqual(workflow("up.yml").on.push, { branches: ["main"], paths: ["stacks/**", "Pulumi.yaml"] });
    const { paths } = workflow("preview.yml").on.pull_request as { paths: string[] };
    for (const path of ["stacks/**", "Pulumi.yaml"]) assert.ok(paths.includes(path));
  });
});

for (const [file, job, role] of [
  ["preview.yml", "preview", "AWS_PREVIEW_ROLE_ARN"],
  ["up.yml", "up", "AWS_UP_ROLE_ARN"],
]) {
  describe(`the variables of ${file}`, () => {
    const [first] = workflow(file).jobs[job].steps;
    const given = (vars: Record<string, string>) => {
      const texts = { PULUMI_BACKEND_URL: "${{ vars.PULUMI_BACKEND_URL }}", ...first.env };
      return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, evaluate(text, vars)]));
    };
    const whole = { AWS_REGION: "eu-west-1", [role]: "arn:aws:iam::1:role/r", PULUMI_BACKEND_URL: "s3://b" };

    it("are looked at before anything else", () =>
      assert.equal(first.name, "Check that the variables are set"));

    const CASES: [what: string, vars: Record<string, string>, said?: RegExp][] = [
      ["all there", whole],
      ["all there, with Pulumi Cloud", { ...whole, PULUMI_BACKEND_URL: "", PULUMI_ORGANIZATION: "acme" }],
      ["without a region", { ...whole, AWS_REGION: "" }, /the variable AWS_REGION is not set/],
      ["without a role", { ...whole, [role]: "" }, new RegExp(`the variable ${role} is not set`)],
      ["without a state", { ...whole, PULUMI_BACKEND_URL: "" }, /neither PULUMI_BACKEND_URL nor PULUMI_ORG/],
      [
        "with two states",
        { ...whole, PULUMI_ORGANIZATION: "acme" },
        /both PULUMI_BACKEND_URL and PULUMI_ORG/,
      ],
    ];
    for (const [what, vars, said] of CASES) {
      it(said ? `end the job with a sentence: ${what}` : `are enough: ${what}`, () => {
        const { status, stdout } = run(first.run, given(vars));
        assert.equal(status, said ? 1 : 0);
        if (said) assert.match(errorsOf(stdout)[0], said);
        else assert.equal(stdout, "");
      });
    }
  });

  describe(`Pulumi in ${file}`, () => {
    const env = (workflow(file) as unknown as { env: Record<string, string> }).env;
    const { run: script } = stepOf(file, job, "Install Pulumi");
    const archive = Buffer.from("what was published");
    const sha256 = createHash("sha256").update(archive).digest("hex");
    /** Writes down what it is asked for, and answers with this. */
    const curl = (answer: string) =>
      `echo "$@" >> asked\nwhile [ "$1" != -o ]; do shift; done\nprintf '%s' '${answer}' > "$2"`;
    const install = (machine: string, answer: string) =>
      run(
        script,
        { ...env, PULUMI_VERSION: "1.2.3", PULUMI_SHA256_X64: sha256, PULUMI_SHA256_ARM64: sha256 },
        { uname: `echo ${machine}`, curl: curl(answer), tar: 'echo "$@" > unpacked' },
      );

    it("is the version and the archive that everything here was measured on", () => {
      const { PULUMI_VERSION, PULUMI_SHA256_X64: x64, PULUMI_SHA256_ARM64: arm64 } = env;
      assert.deepEqual([PULUMI_VERSION, { x64, arm64 }], [ENGINE_VERSION, CHECKSUMS]);
    });

    for (const [machine, platform] of [
      ["x86_64", "x64"],
      ["aarch64", "arm64"],
    ]) {
      it(`is fetched for ${machine}, and unpacked where it is what was published`, () => {
        const { status, stdout, stderr, written } = install(machine, archive.toString());
        assert.deepEqual([status, stdout, stderr], [0, "", ""]);
        assert.match(
          readFileSync(join(folder, "asked"), "utf8"),
          new RegExp(`/pulumi-v1\\.2\\.3-linux-${platform}\\.tar\\.gz\n$`),
        );
        assert.equal(
          readFileSync(join(folder, "unpacked"), "utf8"),
          `-xzf ${folder}/pulumi.tar.gz -C ${folder}\n`,
        );
        assert.equal(written("GITHUB_PATH"), `${folder}/pulumi\n`);
      });
    }

    it("is never unpacked where it is anything else", () => {
      const { status, stdout, written } = install("x86_64", "something else");
      assert.deepEqual(
        [status, written("GITHUB_PATH"), existsSync(join(folder, "unpacked"))],
        [1, "", false],
      );
      assert.match(
        errorsOf(stdout)[0],
        /What was fetched as Pulumi 1\.2\.3 is not what Pulumi has published/,
      );
    });

    it("is refused with a sentence on another machine", () => {
      const { status, stdout } = install("riscv64", "");
      assert.equal(status, 1);
      assert.match(errorsOf(stdout)[0], /This runner is riscv64\. Pulumi has builds for x86_64 and aarch64/);
    });
  });
}

describe("a job that may ask for credentials", () => {
  const ASKING = ["preview.yml", "up.yml"].flatMap((file) =>
    jobs(file).filter(([, { permissions }]) => permissions?.["id-token"] === "write"),
  );

  it("is of an environment, and there is one in each of both", () => {
    assert.deepEqual(
      ASKING.map(([name, { environment }]) => [name, environment]),
      [
        ["preview", "preview"],
        ["up", "${{ matrix.stack }}"],
      ],
    );
  });

  for (const [name, job] of ASKING) {
    it(`runs no script of a package and builds nothing, but takes what was built beside it: ${name}`, () => {
      const npm = job.steps.flatMap(({ run }) => run?.match(/\bnpm .*/g) ?? []);
      assert.deepEqual(npm, ["npm ci --ignore-scripts"]);
      const taken = job.steps.filter(({ uses }) => uses?.startsWith("actions/download-artifact@"));
      assert.deepEqual(
        taken.map((step) => step.with),
        [{ name: "program", path: "dist" }],
      );
    });
  }

  it("has its program from a job that may not", () => {
    for (const file of ["preview.yml", "up.yml"]) {
      const { build } = workflow(file).jobs;
      assert.deepEqual([build.permissions, build.environment], [{ contents: "read" }, undefined]);
      assert.deepEqual(
        build.steps.flatMap(({ run }) => run ?? []),
        ["npm ci --ignore-scripts && npm run build"],
      );
    }
  });

  it("takes no engine from an action that does not say what it fetched", () => {
    for (const file of ["preview.yml", "up.yml"]) {
      assert.ok(steps(file).every(({ uses }) => !uses?.startsWith("pulumi/actions@")));
    }
  });
});

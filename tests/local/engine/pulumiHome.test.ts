import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { standInScript } from "../../../local/engine/plugins";
import { environment, preparePulumiHome } from "../../../local/engine/pulumiHome";

const VERSIONS = { aws: "7.48.0", tls: "5.6.1", command: "1.2.1" };

describe("the local cloud's PULUMI_HOME", () => {
  let folder: string;
  const saved = process.env.PULUMI_HOME;
  const choice = process.env.PV_TO_HVM_PROVIDERS;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-home-"));
    process.env.PULUMI_HOME = join(folder, "users-own");
    delete process.env.PV_TO_HVM_PROVIDERS;
    for (const [name, version] of Object.entries(VERSIONS)) {
      write(`root/node_modules/@pulumi/${name}/package.json`, JSON.stringify({ version }));
    }
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (saved === undefined) delete process.env.PULUMI_HOME;
    else process.env.PULUMI_HOME = saved;
    if (choice === undefined) delete process.env.PV_TO_HVM_PROVIDERS;
    else process.env.PV_TO_HVM_PROVIDERS = choice;
  });

  function write(path: string, text: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o755 });
    return file;
  }
  const plugin = (home: string, name: keyof typeof VERSIONS) =>
    join(folder, home, "plugins", `resource-${name}-v${VERSIONS[name]}`, `pulumi-resource-${name}`);
  const prepare = (usersAws = false) =>
    preparePulumiHome({ root: join(folder, "root"), home: join(folder, "home"), usersAws });
  const from = (origins: { name: string; from: string }[]) => origins.map((one) => `${one.name} ${one.from}`);

  it("installs a stand-in for each provider at the version of its SDK", () => {
    assert.deepEqual(from(prepare()), ["aws stand-in", "tls stand-in", "command stand-in"]);
    const script = readFileSync(plugin("home", "aws"), "utf8");
    assert.match(script, /^#!\/bin\/sh\n/);
    assert.ok(script.includes(join(folder, "root/dist/local/aws.cjs")));
  });

  const REAL = ["aws real", "tls real", "command real"];
  const writeUsersOwn = (...names: (keyof typeof VERSIONS)[]) =>
    names.forEach((name) => write(plugin("users-own", name).slice(folder.length), "real"));

  it("takes the user's own tls and command, and aws where that is said", () => {
    writeUsersOwn("aws", "tls", "command");
    assert.deepEqual(from(prepare()), ["aws stand-in", "tls real", "command real"]);
    assert.equal(realpathSync(plugin("home", "tls")), realpathSync(plugin("users-own", "tls")));
    assert.deepEqual(from(prepare(true)), REAL);
    assert.equal(realpathSync(plugin("home", "aws")), realpathSync(plugin("users-own", "aws")));
    // What was real for a demo is a stand-in again for the tests, and the user's own stays as it is.
    assert.deepEqual(from(prepare()), ["aws stand-in", "tls real", "command real"]);
    assert.equal(readFileSync(plugin("users-own", "aws"), "utf8"), "real");
  });

  it("takes what PV_TO_HVM_PROVIDERS says, of all three", () => {
    writeUsersOwn("aws", "tls", "command");
    process.env.PV_TO_HVM_PROVIDERS = "real";
    assert.deepEqual(from(prepare()), REAL);
    process.env.PV_TO_HVM_PROVIDERS = "stand-in";
    assert.deepEqual(from(prepare(true)), ["aws stand-in", "tls stand-in", "command stand-in"]);
  });

  it("refuses real providers that are not here, and words that mean nothing", () => {
    writeUsersOwn("tls", "command");
    process.env.PV_TO_HVM_PROVIDERS = "real";
    assert.throws(
      () => prepare(),
      /^Error: aws: PV_TO_HVM_PROVIDERS=real asks for Pulumi's own provider, and version 7\.48\.0 is not among the user's plugins\. Install it \(pulumi plugin install resource aws 7\.48\.0/,
    );
    process.env.PV_TO_HVM_PROVIDERS = "moto";
    assert.throws(
      () => prepare(),
      /^Error: PV_TO_HVM_PROVIDERS: must be real or stand-in, got "moto"\. Unset it/,
    );
  });

  it("takes a real one that came later, and then keeps it", () => {
    prepare();
    write(`users-own/plugins/resource-tls-v${VERSIONS.tls}/pulumi-resource-tls`, "real");
    for (let time = 1; time <= 2; time++)
      assert.deepEqual(from(prepare()), ["aws stand-in", "tls real", "command stand-in"]);
  });

  it("writes a script whose values survive the shell", () => {
    const script = write("script", standInScript("/the program's $HOME.cjs", "/bin/echo"));
    assert.equal(
      execFileSync(script, ["one two"], { encoding: "utf8" }),
      "/the program's $HOME.cjs one two\n",
    );
  });

  it("keeps stacks, credentials and downloads apart from the user's own", () => {
    const plugins = prepare();
    const home = join(folder, "home");
    const env: Record<string, string> = environment({
      home,
      engine: { pulumi: "/opt/bin/pulumi", version: "", from: "path" },
      plugins,
    });
    assert.equal(env.PULUMI_HOME, home);
    assert.ok(existsSync(env.PULUMI_BACKEND_URL.replace("file://", "")));
    assert.ok(env.PATH.startsWith("/opt/bin:"));
    assert.equal(env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, "true");
    assert.deepEqual([env.AWS_REGION, env.AWS_ACCESS_KEY_ID], ["us-east-1", "local"]);
  });
});

/**
 * A user who is not root, from a fresh checkout to a machine that answers: docs/first-migration.md to its end, then both
 * commands of the front page.
 */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { makeOrdinaryUser, type OrdinaryUser, outcomeOf } from "../local/ordinaryUser";
import { followPage, type Shell } from "./pageRun";

const ROOT = join(__dirname, "..", "..");

describe("an ordinary user with sudo, in a checkout", function () {
  // Two rehearsals and two launched machines without KVM, beside other work.
  this.timeout(3 * 3_600_000);
  let user: OrdinaryUser;
  let folder: string;
  let checkout: string;

  before(() => {
    user = makeOrdinaryUser();
    folder = mkdtempSync(join(tmpdir(), "ordinary-user-"));
    checkout = join(folder, "pv-to-hvm");
    copyCheckout(checkout);
    const settings = join(homedir(), ".npmrc");
    if (existsSync(settings)) cpSync(settings, join(user.home, ".npmrc"));
    execFileSync("chown", ["-Rh", `${user.uid}:${user.gid}`, folder, user.home]);
  });

  after(async () => {
    if (existsSync(join(checkout, ".cache", "cloud")))
      await empty(new Cloud(join(checkout, ".cache", "cloud")));
    user.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the user types, in the shell and with the PATH that Debian gives. Says yes where Pulumi asks. */
  const shell: Shell = async (command) => {
    const env = { PULUMI_SKIP_CONFIRMATIONS: "true" };
    const { status, said } = await outcomeOf(user.start(["bash", "-c", command], { cwd: checkout, env }));
    if (status !== 0) throw new Error(`${command}: ended with status ${status}\n${said}`);
    return said;
  };

  const belongsToOthers = () =>
    execFileSync("find", [checkout, "-not", "-uid", String(user.uid)], { encoding: "utf8" });

  it("comes as docs/first-migration.md says to a machine that answers", async () => {
    const stack = join(checkout, "stacks", "Pulumi.dev.yaml");
    const file = {
      read: () => readFileSync(stack, "utf8"),
      write: (text: string) => writeFileSync(stack, text),
    };
    await followPage(shell, file, { to: "7." });
    assert.equal(belongsToOthers(), "");
  });

  it("changes nothing with the same command once more, and takes all away with destroy", async () => {
    assert.match(await shell("npm run cloud -- pulumi up"), /Resources:\n +\d+ unchanged\n/);
    assert.match(await shell("npm run cloud -- pulumi destroy"), /Resources:\n +- \d+ deleted\n/);
  });

  it("runs the demo, sees the machine's console, and takes all away", async () => {
    assert.match(await shell("npm run demo"), /boot proof.*\n +virtualization +hvm/);
    assert.match(await shell("npm run demo -- console"), /login:/);
    await shell("npm run demo -- destroy");
    assert.equal(belongsToOthers(), "");
  });

  it("runs the tests, and owns what they leave", async () => {
    assert.match(await shell("npm test -- running"), /\d+ passed, 0 failed, 0 skipped\n/);
    assert.equal(belongsToOthers(), "");
  });

  it("removes the checkout without help", async () => {
    const { status, said } = await outcomeOf(user.start(["rm", "-r", checkout], { cwd: folder }));
    assert.equal(status, 0, said);
  });
});

/** As a fresh clone: what git knows and what it would. Engine and images are there already; to build them takes long. */
function copyCheckout(target: string): void {
  const listed = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const files = execFileSync("git", listed, { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean);
  for (const file of new Set(files))
    if (existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(target, file));
  mkdirSync(join(target, ".cache"), { recursive: true });
  for (const name of [".cache/engine", ".cache/images"])
    execFileSync("cp", ["-a", "--reflink=auto", "--sparse=always", join(ROOT, name), join(target, name)]);
}

/** `pulumi up` typed by hand needs the node language host, which comes with Pulumi's official download only. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { hasNodeLanguageHost } from "../../local/engine/engine";
import { prepareLocalCloud } from "../../local/prepare";

const ROOT = join(__dirname, "..", "..");

describe("pulumi by hand, with the environment that `npm run cloud` prints", function () {
  this.timeout(600_000);

  it("previews the local stack", async function () {
    const directory = join(ROOT, ".cache", "test-cloud");
    const local = await prepareLocalCloud({ root: ROOT, directory, log: () => undefined });
    if (!(await hasNodeLanguageHost(local.engine))) {
      console.log(`      skipped: ${local.engine.pulumi} has no node language host beside it`);
      this.skip();
    }
    const pulumi = (...args: string[]) =>
      execFileSync(local.engine.pulumi, args, {
        cwd: ROOT,
        encoding: "utf8",
        env: { ...process.env, ...local.env },
      });
    pulumi("stack", "select", "--create", "local");
    assert.match(pulumi("preview", "--non-interactive"), /sample-boot-proof create/);
  });
});

/** `discover --write-stack` on the local cloud, and what the real engine makes of the stack that it wrote. */
import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation";
import type { LocalCloud } from "../../local/prepare";
import { Command, type Ended } from "../discover/command";
import { openEmptyStack, placeOfStack } from "./emptyStack";
import { silenceMocha } from "./harness";

const NAME = "found";
const SAMPLE = "ami-00000000000000001";

describe("a stack that discover wrote, on the real engine,", function () {
  this.timeout(600_000);
  const { workDir, file } = placeOfStack(NAME);
  const home = process.cwd();
  let local: LocalCloud;
  let stack: Stack;
  let command: Command;
  let salt: string;
  let ended: Ended;

  before(async () => {
    ({ local, stack } = await openEmptyStack(NAME));
    salt = text();
    command = new Command(local.ec2.url);
    process.chdir(workDir);
    ended = await command.run("--write-stack", NAME);
  });
  after(() => {
    process.chdir(home);
    command.end();
  });

  const text = () => readFileSync(file, "utf8");

  async function preview(): Promise<string> {
    const restore = silenceMocha();
    try {
      return (await stack.preview()).stdout;
    } finally {
      restore();
    }
  }

  it("keeps what Pulumi has put there, and tells what was found", () => {
    assert.ok(text().startsWith(salt), text());
    assert.ok(
      ended.lines.some((line) => line.endsWith(`Pulumi.${NAME}.yaml: 1 entry added, switched off`)),
      ended.lines.join("\n"),
    );
    assert.match(text(), /^ {4}# .*, x86_64, 1 GiB, snap-\w+, made \d{4}/m);
    assert.match(text(), /^ {4}# verdict: not inspected$/m);
    assert.match(text(), new RegExp(`imageId: ${SAMPLE}$`, "m"));
  });

  it("makes nothing as it is", async () => {
    assert.match(await preview(), /\+ 1 to create/);
  });

  it("previews an entry that was switched on, with a subnet and an address", async () => {
    const own = text()
      .replace("enabled: false", "enabled: true")
      .replace("subnet-0123456789abcdef0 # put", "subnet-00000000000000001 # put")
      .replace("203.0.113.7/32", "198.18.0.0/15");
    writeFileSync(file, own);
    const told = await preview();
    assert.match(told, /-helper create/);
    assert.match(told, /-inspect create/);
  });

  it("is not changed by the second time", async () => {
    const before = text();
    const again = await command.run("--write-stack", NAME);
    assert.equal(text(), before);
    assert.ok(again.lines.some((line) => line.endsWith("nothing to add; 1 image had one before")));
  });
});

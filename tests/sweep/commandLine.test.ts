import { strict as assert } from "node:assert";
import { UsageError } from "../../converter/errors";
import { HELP, parseSweep } from "../../sweep/commandLine";
import { main } from "../../sweep/main";

const DEFAULTS = {
  remove: false,
  images: false,
  gone: [],
  olderThanSeconds: 3600,
  strict: false,
  region: undefined,
  json: false,
};

describe("the sweep's command line", () => {
  const RIGHT: [string, object][] = [
    ["", {}],
    ["--remove --images --json", { remove: true, images: true, json: true }],
    ["--strict", { strict: true }],
    ["--region eu-west-1", { region: "eu-west-1" }],
    ["--gone a/b --gone c/d", { gone: ["a/b", "c/d"] }],
    ["--older-than 90m", { olderThanSeconds: 5400 }],
    ["--older-than 2h", { olderThanSeconds: 7200 }],
    ["--older-than 3d", { olderThanSeconds: 259200 }],
    ["--older-than 0s", { olderThanSeconds: 0 }],
  ];
  for (const [typed, meant] of RIGHT) {
    it(`is understood: ${typed || "nothing"}`, () => {
      assert.deepEqual(parseSweep(typed.split(" ").filter(Boolean)), { ...DEFAULTS, ...meant });
    });
  }

  const WRONG: [string, RegExp][] = [
    ["--bogus", /Unknown option '--bogus'/],
    ["--gone", /--gone.*argument missing/],
    ["--gone prod", /--gone: prod is no PROJECT\/STACK/],
    ["--gone acme/images/prod", /--gone: acme\/images\/prod is no PROJECT\/STACK/],
    ["--older-than 90", /--older-than: must be as 90m, 2h or 3d, got 90/],
    ["--older-than -1h", /'--older-than'|--older-than/],
    ["--older-than 1w --gone x", /--gone: x.*\n.*--older-than: must be/s],
    ["vol-1", /Unexpected argument 'vol-1'/],
  ];
  for (const [typed, problem] of WRONG) {
    it(`is refused with status 2: ${typed}`, async () => {
      assert.throws(() => parseSweep(typed.split(" ")), UsageError);
      const lines: string[] = [];
      const status = await main(typed.split(" "), { out: assert.fail, log: (line) => lines.push(line) });
      assert.equal(status, 2);
      assert.match(lines.join("\n"), problem);
      assert.ok(lines.every((line) => line.startsWith("pv-to-hvm sweep: ")));
    });
  }

  it("explains itself, in lines that fit", async () => {
    const texts: string[] = [];
    assert.equal(await main(["--help"], { out: (text) => texts.push(text), log: assert.fail }), 0);
    assert.deepEqual(texts, [HELP]);
    assert.ok(HELP.split("\n").every((line) => line.length <= 115));
  });
});

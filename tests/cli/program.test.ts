/** The frame of every program, and what it makes of a command line that Node's parser refuses. */
import assert from "node:assert/strict";
import { runProgram } from "../../cli/program";
import { fileOf, stackOrFile } from "../../cli/stackOrFile";
import { FailedError, RefusedError, UsageError } from "../../converter/errors";
import { parseOptions } from "../../converter/parseOptions";

const reason = (subject: string) => ({ subject, found: "is not there.", advice: "Look again." });

describe("a program", () => {
  const ENDS: [what: string, error: Error, status: number, log: string[]][] = [
    [
      "of each thing that is wrong with its command line",
      new UsageError("--a: wrong.\n--b: wrong."),
      2,
      ["pv-to-hvm sweep: --a: wrong.", "pv-to-hvm sweep: --b: wrong."],
    ],
    [
      "of every reason",
      new RefusedError([reason("one"), reason("two")]),
      3,
      ["REFUSED: one: is not there. Look again.\ntwo: is not there. Look again."],
    ],
    ["of a failure", new FailedError("it failed. Try again."), 4, ["FAILED: it failed. Try again."]],
    ["of what nobody expected", new TypeError("no such thing"), 4, ["FAILED: TypeError: no such thing"]],
  ];
  for (const [what, error, status, expected] of ENDS) {
    it(`tells ${what}`, async () => {
      const lines: string[] = [];
      const output = { out: assert.fail, log: (line: string) => void lines.push(line) };
      const program = { name: "sweep", help: "", parse: () => ({}) };
      assert.equal(await runProgram(program, [], output, () => Promise.reject(error)), status);
      assert.deepEqual(lines, expected);
    });
  }
});

describe("what was typed", () => {
  const options = { stack: { type: "string", short: "s" }, json: { type: "boolean" } } as const;
  const WRONG: [args: string[], problem: string][] = [
    [["--bogus"], "Unknown option '--bogus'. Ask."],
    [["x"], "Unexpected argument 'x'. Ask."],
    [["--stack"], "Option '-s, --stack <value>' argument missing. Ask."],
    [["--json=1"], "Option '--json' does not take an argument. Ask."],
    [
      ["--stack", "-x"],
      "Option '--stack' argument is ambiguous. Did you forget to specify the option argument for '--stack'? " +
        "To specify an option argument starting with a dash use '--stack=-XYZ'. Ask.",
    ],
  ];
  for (const [args, message] of WRONG) {
    it(`is refused in one line: ${args.join(" ")}`, () => {
      assert.throws(
        () => parseOptions({ args, options }, "Ask."),
        (error: Error) => {
          assert.ok(error instanceof UsageError);
          assert.equal(error.message, message);
          return true;
        },
      );
    });
  }

  it("names a stack or one file", () => {
    assert.deepEqual(stackOrFile("prod", []), { stack: "prod", file: undefined });
    assert.deepEqual(stackOrFile(undefined, ["a.json"]), { stack: undefined, file: "a.json" });
    assert.throws(() => fileOf(["a", "b"]), /^Error: one FILE at most, got a b\.$/);
    assert.throws(() => stackOrFile("prod", ["a"]), /the stack prod or the file a: name one of the two\./);
    assert.throws(() => stackOrFile("", []), /--stack: an empty name/);
  });
});

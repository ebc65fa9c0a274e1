/** What is typed behind `discover`. */
import assert from "node:assert/strict";
import { parseDiscover } from "../../discover/commandLine";
import { main } from "../../discover/main";

const REFUSED: [words: string[], message: string][] = [
  [["fleet"], "Unexpected argument 'fleet'. `pv-to-hvm discover --help` tells what there is."],
  [["--role", "x"], "Unknown option '--role'. `pv-to-hvm discover --help` tells what there is."],
  [["--regions", "Oregon"], '--regions: "Oregon" is no region\'s name. Name regions like us-east-1, or all.'],
  [
    ["--regions", "all,us-east-1"],
    "--regions: all stands beside other names. Give all alone, or the names alone.",
  ],
  [
    ["--regions", "all", "--region", "us-east-1"],
    "--region: --regions is there as well. Leave one of the two out.",
  ],
  [
    ["--accounts", "123456789012"],
    "--accounts: it goes with --role-name, the role that is taken in each of them. Add it.",
  ],
  [
    ["--role-name", "audit", "--accounts", "12"],
    '--accounts: "12" is no account: it has 12 digits. Copy it once more.',
  ],
  [
    ["--role-name", "arn:aws:iam::123456789012:role/audit"],
    '--role-name: "arn:aws:iam::123456789012:role/audit" is no role\'s name. Give the name alone, without an account or an ARN.',
  ],
  [["--max-cost", "5"], "--max-cost: it goes with --inspect. Add that, or leave it out."],
  [["--inspect", "--max-cost", "5 USD"], '--max-cost: "5 USD" must be dollars, like 5 or 0.50.'],
  [["--inspect", "--max-requests", "0"], '--max-requests: "0" must be a whole number from 1 on.'],
  [["--inspect", "--at-once", "100"], "--at-once: at most 16, got 100. Each takes memory and a processor."],
  [["--json", "--csv"], "--csv: --json is there as well. Leave one of the two out."],
  [["--html", ""], "--html: an empty name. Name a file."],
];

describe("the command line of discover", () => {
  for (const [words, message] of REFUSED) {
    it(`is refused: ${words.join(" ")}`, () =>
      assert.throws(() => parseDiscover(words), { name: "Error", message }));
  }

  it("tells all that is wrong at once", () => {
    assert.throws(
      () => parseDiscover(["--accounts", "1", "--at-once", "x"]),
      (error: Error) => {
        assert.equal(error.message.split("\n").length, 4);
        return true;
      },
    );
  });

  it("takes each name of a list once, and blanks around it", () => {
    const command = parseDiscover(["--regions", "us-east-1, eu-west-1,us-east-1"]);
    assert.deepEqual(command !== "help" && command.regions, ["us-east-1", "eu-west-1"]);
  });

  it("refuses a page that cannot be written before it asks anything", async () => {
    for (const file of ["/nowhere/fleet.html", "/tmp"]) {
      const lines: string[] = [];
      const status = await main(["--html", file], {
        out: () => undefined,
        log: (line) => lines.push(line),
        runner: () => Promise.reject(new Error("it ran something")),
      });
      assert.equal(status, 2);
      assert.match(
        lines.join("\n"),
        /^pv-to-hvm discover: --html: \S+ cannot be written \(.*\)\. Name a file/,
      );
    }
  });
});

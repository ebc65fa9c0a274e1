import assert from "node:assert/strict";
import { merged, type Row } from "../../preflight/row";
import { formatTable, outcomeOf } from "../../preflight/table";

const yes: Row = {
  what: "make a volume",
  migrations: ["web"],
  answer: "yes",
  found: "CreateVolume would be done",
};
const no: Row = {
  ...{
    what: "t3.micro in us-east-1e",
    migrations: ["db"],
    answer: "no",
    found: "the zones that have it are us-east-1a",
  },
  advice: "Name another launch.instanceType.",
};
const unknown: Row = {
  what: "quotas",
  migrations: [],
  answer: "unknown",
  found: "the caller has no right to look",
  advice: "Give it.",
};

describe("the table of a preflight", () => {
  it("has refusals first, and one row for all who got the same answer", () => {
    const others = ["a", "b", "c", "d"].map((name): Row => ({ ...yes, migrations: [name] }));
    assert.equal(
      formatTable(merged([yes, ...others, unknown, no])),
      `\
answer     asked                   for                   found
NO         t3.micro in us-east-1e  db                    the zones that have it are us-east-1a
not known  quotas                                        the caller has no right to look
yes        make a volume           web, a, b and 2 more  CreateVolume would be done

What to do
  t3.micro in us-east-1e: Name another launch.instanceType.
  quotas: Give it.
`,
    );
  });

  it("ends in one line: what it came to", () => {
    assert.equal(
      outcomeOf([yes, unknown]),
      "OK: EC2 would refuse none of what it was asked (1 yes, 1 not known)",
    );
    assert.match(
      outcomeOf([yes, no]),
      /^REFUSED: 1 of 2 answers say no\. Mend what stands below "What to do"/,
    );
  });
});
